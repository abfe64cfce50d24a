import type { MisrouteGroup, MisroutesResult } from "../../datasets/misroutes-result.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { palette, shareAxis, tooltipFormat } from "./theme.js";

const mostGroups = 16;
const kinds = ["a cheaper model would do", "neither", "a dearer model was needed"];

/** Stacked bars of the shares of all calls, and of the largest groups of them, that went to a dearer model than needed or to one too weak.
 * @returns null when no call could be judged */
export function misrouteSharesChart({
  quoted,
  by,
}: Pick<MisroutesResult, "quoted" | "by">): ChartSpec | null {
  if (quoted === null) return null;
  const groups = by.slice(0, mostGroups).map((group) => ({ name: groupName(group), ...group }));
  const bars = [{ name: "all calls", ...quoted }, ...groups].map(
    ({ name, attempts, overkill, underpowered }) => ({
      name,
      attempts,
      shares: [overkill.value, 1 - overkill.value - underpowered.value, underpowered.value],
    }),
  );
  return {
    data: {
      values: bars.flatMap(({ name, attempts, shares }) =>
        shares.map((share, place) => ({
          name,
          attempts,
          kind: kinds[place]!,
          place,
          share: Math.max(0, share),
        })),
      ),
    },
    height: { step: 26 },
    mark: { type: "bar" },
    encoding: {
      x: {
        field: "share",
        type: "quantitative",
        aggregate: "sum",
        stack: "zero",
        title: "Share of calls",
        scale: { domain: [0, 1] },
        axis: shareAxis,
      },
      y: { field: "name", type: "nominal", sort: bars.map(({ name }) => name), title: null },
      color: {
        field: "kind",
        type: "nominal",
        sort: null,
        scale: { domain: kinds, range: [palette.yellow, palette.grey, palette.red] },
        legend: { title: null },
      },
      order: { field: "place", type: "quantitative" },
      tooltip: [
        { field: "name", type: "nominal", title: "Calls" },
        { field: "kind", type: "nominal", title: "" },
        {
          field: "share",
          type: "quantitative",
          title: "Share",
          aggregate: "sum",
          format: tooltipFormat.share,
        },
      ],
    },
  };
}

/** A group as one says it: "app billing", "tier 2". */
export function groupName({ dimension, slice }: Pick<MisrouteGroup, "dimension" | "slice">): string {
  return `${dimension} ${visibleText(slice)}`;
}
