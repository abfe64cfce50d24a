import type { ResponseShadow } from "../../../datasets/shadow-result.js";
import { type Block, note } from "../../content.js";
import { formatCount, formatNumber, formatShare } from "../../format-numbers.js";
import { visibleText } from "../../visible-text.js";
import { tableBlock } from "../table-block.js";

/** Whether the sample is the designed one, by day and slice. */
export function sampleBlocks(sample: ResponseShadow["sample_ratio"], rate: number | null): Block[] {
  if (sample.verdict === "unknown") {
    return [
      note(
        "Whether the sample is the designed one isn't known: analyse the decision log beside the pairs, with --log.",
      ),
    ];
  }
  const rows = [...sample.rows].sort((a, b) => a.adjusted_p - b.adjusted_p);
  return [
    tableBlock({
      caption: `Sample ratio by day and slice: ${sample.verdict}`,
      rows,
      limit: 40,
      isFolded: sample.verdict === "ok",
      notes: [
        `Designed: ${formatShare(rate)} of sessions. p-values are adjusted for their number (Holm); a mismatch is below 0.001.`,
        `Sequential test over all sessions, which may be watched daily: evidence ${formatNumber(Math.min(sample.e_value ?? 0, 1e9), 2)}, a mismatch from 1,000 on. ${formatCount(sample.outside)} pairs lie outside the sample.`,
      ],
      columns: [
        { title: "Day or slice", cell: (row) => visibleText(`${row.dimension} ${row.key}`) },
        { title: "Sessions", isNumber: true, cell: (row) => formatCount(row.units) },
        { title: "Sampled", isNumber: true, cell: (row) => formatCount(row.sampled) },
        { title: "Expected", isNumber: true, cell: (row) => formatNumber(row.expected, 1) },
        { title: "p, adjusted", isNumber: true, cell: (row) => formatNumber(row.adjusted_p) },
        {
          title: "Status",
          cell: ({ verdict }) => ({
            text: "",
            badge: {
              text: verdict,
              tone: verdict === "ok" ? "good" : verdict === "warn" ? "caution" : "bad",
            },
          }),
        },
      ],
    }),
  ];
}
