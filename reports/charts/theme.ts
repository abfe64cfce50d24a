/** Colours that stay apart for colour-blind readers, on white and on near-black alike.
 * @see Paul Tol, Colour Schemes (SRON/EPS/TN/09-002), "bright" */
export const palette = {
  blue: "#4477aa",
  red: "#ee6677",
  green: "#228833",
  yellow: "#ccbb44",
  cyan: "#66ccee",
  purple: "#aa3377",
  grey: "#999999",
} as const;

/** Colours of categories in the order in which they are given out; what is folded into "other" is grey. */
export const categoryColors: readonly string[] = [
  palette.blue,
  palette.red,
  palette.green,
  palette.yellow,
  palette.cyan,
  palette.purple,
];

/** Axis labels in dollars: "$1,200", "$0.20", and as many digits as it takes to tell close ticks apart: "$0.0045". */
export const usdAxis = {
  labelExpr: [
    "datum.value === 0 ? '$0'",
    "abs(datum.value) < 10 && abs(datum.value * 100 - round(datum.value * 100)) < 1e-6 ? format(datum.value, '$.2f')",
    "format(datum.value, '$,~f')",
  ].join(" : "),
};

/** Axis labels of shares: "98%", "98.5%". */
export const shareAxis = { format: "~%" };

/** Axis labels for large counts: "12M", "3B". */
export const countAxis = { labelExpr: "replace(format(datum.value, '~s'), 'G', 'B')" };

/** Tooltip formats. */
export const tooltipFormat = { usd: "$,.6~r", count: ",.0f", share: ".1%", number: ".3f" } as const;

/** The look that all charts share. Text and rules are recoloured by the page's style sheet for dark mode.
 * @param isNarrow for a screen of a phone's width */
export function chartConfig(isNarrow: boolean): object {
  const fontSize = isNarrow ? 11 : 12;
  return {
    aria: false,
    background: "transparent",
    font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    view: { stroke: null },
    axis: {
      labelColor: "#40474f",
      titleColor: "#40474f",
      labelFontSize: fontSize,
      titleFontSize: fontSize,
      titleFontWeight: "normal",
      titlePadding: 8,
      gridColor: "#e3e6ea",
      domainColor: "#b9bfc6",
      tickColor: "#b9bfc6",
      labelLimit: isNarrow ? 132 : 220,
    },
    axisX: { tickCount: isNarrow ? 4 : 7, labelFlush: false, labelOverlap: "greedy", labelSeparation: 8 },
    legend: {
      orient: "top",
      columns: isNarrow ? 1 : 4,
      labelColor: "#40474f",
      titleColor: "#40474f",
      labelFontSize: fontSize,
      titleFontSize: fontSize,
      labelLimit: isNarrow ? 270 : 260,
      symbolType: "square",
      symbolSize: 110,
    },
    text: { fontSize, color: "#1b1f24" },
  };
}
