import type { Chart } from "./charts/chart.js";

/** What a report says, apart from how it looks: sections of blocks, rendered alike by html.ts and markdown.ts, so that
 * the page and the Markdown can't drift apart. All text is plain text; renderers escape it. */
export interface Content {
  title: string;
  subtitle: string;
  /** When the report's inputs were complete, ISO 8601 UTC. */
  generatedAt: string;
  sections: Section[];
}

export interface Section {
  /** Anchor of the section, [a-z-]+. */
  id: string;
  title: string;
  /** The part of the report that it belongs to, as the table of contents groups it; without one it stands alone. */
  part?: string;
  blocks: Block[];
}

export type Block =
  | Paragraph
  | Heading
  | FigureList
  | Table
  | ChartBlock
  | WhatIf
  | Notice
  | CodeBlock
  | Fold;

/** Text with two kinds of emphasis and nothing else. */
export type Text = string | ReadonlyArray<string | { code: string } | { strong: string }>;

export interface Paragraph {
  kind: "paragraph";
  text: Text;
  /** Small print: method, denominators, exceptions. */
  isNote?: boolean;
}

export interface Heading {
  kind: "heading";
  text: string;
}

/** A few numbers that stand on their own, largest in importance first. */
export interface FigureList {
  kind: "figures";
  items: Figure[];
}

export interface Figure {
  label: string;
  value: string;
  /** What the number rests on: interval, method, n, denominator. */
  details: string[];
  isHeadline?: boolean;
}

export interface Table {
  kind: "table";
  caption: string;
  columns: Column[];
  rows: Cell[][];
  /** Small print under the table. */
  notes: string[];
  /** Closed until asked for; used for the numbers behind a chart. */
  isFolded?: boolean;
}

export interface Column {
  title: string;
  /** Numbers are aligned right. */
  isNumber?: boolean;
}

/** One cell; `detail` is small print under it, such as an interval. */
export type Cell = string | { text: string; detail?: string; badge?: Badge };

/** A word on a coloured ground; the word carries the meaning, the colour only repeats it. */
export interface Badge {
  text: string;
  tone: Tone;
}

export type Tone = "good" | "caution" | "bad" | "neutral";

/** A chart and the numbers behind it, folded away or open under it. Markdown shows the numbers alone. */
export interface ChartBlock {
  kind: "chart";
  chart: Chart;
  table: Table;
}

/** Sliders over the settings of the dial and over prices; where nothing can be moved, the table stands for them. */
export interface WhatIf {
  kind: "what-if";
  points: WhatIfPoint[];
  /** Place of the point in force. */
  start: number;
  table: Table;
}

/** One setting of the dial: its promise in words, and the mean cost of one request in USD by who answers it. */
export interface WhatIfPoint {
  label: string;
  strongShare: number;
  strongUsd: number;
  candidatesUsd: number;
  alwaysStrongUsd: number;
}

export interface Notice {
  kind: "notice";
  tone: Tone;
  title: string;
  text: Text;
}

/** Commands or configuration to copy, line by line. */
export interface CodeBlock {
  kind: "code";
  /** What it is, for whoever can't see it. */
  label: string;
  lines: string[];
}

/** Blocks that are closed until asked for; open in print and in Markdown. No charts: a closed one has no width to be drawn in. */
export interface Fold {
  kind: "fold";
  title: string;
  blocks: Block[];
}

/** A paragraph of small print. */
export function note(text: Text): Paragraph {
  return { kind: "paragraph", text, isNote: true };
}
