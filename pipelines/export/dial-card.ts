import type { DialReport } from "../../datasets/model-evidence.js";
import { cardPercent, cardShare } from "./card-numbers.js";
import { cardTable } from "./card-table.js";

/** The budget dial in a model card: what each setting promises and what it does to held-out rows.
 * @param trainedFor retention that the card's other figures are of */
export function dialSection({ confidence, in_force, points }: DialReport, trainedFor: number): string[] {
  return [
    "## The dial",
    "",
    `In force: **${retentionText(in_force)}**. \`signalbox policy set --retention R\` sets another for everyone, \`retention\` of a ` +
      `request for that request. Each promise holds by itself with ${confidence} confidence; that all of them hold together is not promised.`,
    ...(in_force === trainedFor
      ? []
      : [
          "",
          `The promise above is the one in force; all figures below the dial are those of ${retentionText(trainedFor)}, for which the router was trained.`,
        ]),
    "",
    ...cardTable(
      ["retention promised", "least sufficiency", "lower bound found", "to the strong model", "saving"],
      points.map(({ retention, min_sufficiency, retention_low, strong_share, saving }) => [
        retentionText(retention),
        thresholdText(min_sufficiency),
        retention_low === null ? "not certified" : cardPercent(retention_low),
        cardShare(strong_share),
        cardShare(saving),
      ]),
    ),
    "",
    "Saving is against always asking the strong model, on held-out rows whose cost is known of every model.",
  ];
}

function retentionText(retention: number): string {
  return `${Number((retention * 100).toFixed(4))} %`;
}

/** One number where all candidates share it, as after training; else each model's own. */
function thresholdText(thresholds: Readonly<Record<string, number | null>>): string {
  const text = (least: number | null) => (least === null ? "never" : least.toFixed(4));
  const values = new Set(Object.values(thresholds));
  if (values.size === 1) return text([...values][0]!);
  return Object.entries(thresholds)
    .map(([model, least]) => `${model} ${text(least)}`)
    .join(", ");
}
