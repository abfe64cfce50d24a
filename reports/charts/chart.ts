/** A chart as content: the picture's spec, its title and the sentence that stands for it where it can't be seen. */
export interface Chart {
  /** Anchor of the chart, [a-z-]+, unique in the report. */
  id: string;
  title: string;
  /** What the chart shows, in one or two sentences: its alternative text. */
  description: string;
  spec: ChartSpec;
}

/** The part of Vega-Lite that the charts use, typed tightly enough to catch a misspelt property. Width, background and
 * config are the renderer's part. */
export interface ChartSpec extends View {
  data: { values: ChartRow[] };
  /** Pixels; a step is pixels per band, for bars that grow downwards. */
  height: number | { step: number };
  layer?: Layer[];
}

export type ChartRow = Record<string, string | number | null>;

export interface View {
  mark?: Mark;
  encoding?: Encoding;
}

export interface Layer extends View {
  data?: { values: ChartRow[] };
}

export interface Mark {
  type: "bar" | "line" | "point" | "rule" | "text" | "area";
  color?: string;
  filled?: boolean;
  interpolate?: "linear" | "monotone";
  size?: number;
  shape?: string;
  strokeWidth?: number;
  strokeDash?: number[];
  opacity?: number;
  align?: "left" | "center" | "right";
  baseline?: "top" | "middle" | "bottom";
  dx?: number;
  dy?: number;
  fontWeight?: "normal" | "bold";
}

export interface Encoding {
  x?: Channel;
  x2?: { field: string };
  y?: Channel;
  y2?: { field: string };
  yOffset?: Channel;
  color?: Channel;
  shape?: Channel;
  size?: Channel;
  order?: Channel;
  text?: { field: string };
  detail?: { field: string };
  tooltip?: Tooltip[];
}

export interface Channel {
  field: string;
  type: "quantitative" | "nominal" | "ordinal" | "temporal";
  aggregate?: "sum";
  timeUnit?: string;
  title?: string | null;
  stack?: "zero" | null;
  sort?: string[] | "ascending" | "descending" | null;
  scale?: Scale;
  axis?: Axis | null;
  legend?: { title: string | null; symbolType?: string } | null;
}

export interface Scale {
  domain?: string[] | number[];
  range?: string[] | number[];
  type?: "utc" | "linear";
  zero?: boolean;
  nice?: boolean;
  padding?: number;
  paddingInner?: number;
}

export interface Axis {
  format?: string;
  labelExpr?: string;
  tickCount?: number;
  grid?: boolean;
  labelAngle?: number;
}

export interface Tooltip {
  field: string;
  type: "quantitative" | "nominal" | "temporal";
  title: string;
  format?: string;
  aggregate?: "sum";
  timeUnit?: string;
}
