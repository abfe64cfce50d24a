import type { OpeResult } from "../../datasets/ope-result.js";

/** What a reader of the figures has to know.
 * @param unused rows of the rewards and the target that can't be used */
export function opeNotes(
  { overlap, value, clipping, used, records, cost_rows }: Omit<OpeResult, "schema_version" | "notes">,
  unused: ReadonlyArray<{ reason: string; records: number; of: string }>,
): string[] {
  const { ess, unsupported_share, tiny_share, mean_weight, largest_weight } = overlap;
  const dr = value.find(({ estimator }) => estimator === "dr")!;
  const width = dr.value.high - dr.value.low;
  const moved = clipping.filter(
    ({ clip, dr: { value: clipped } }) =>
      clip !== null && clip >= 10 && Math.abs(clipped - dr.value.value) > width / 4,
  );
  return [
    ...(used < records
      ? [`${records - used} of ${records} records are not in the estimates; see excluded.`]
      : []),
    ...unused.map(({ reason, records: count, of }) => `${count} rows of ${of} can't be used: ${reason}.`),
    ...(unsupported_share > 0
      ? [
          `${percent(unsupported_share)} of the target's choices could not have been logged; the value may differ from the estimate by up to ${unsupported_share.toFixed(3)} for that alone.`,
        ]
      : []),
    ...(mean_weight.low > 1 || mean_weight.high < 1
      ? [
          `WARNING: weights average ${mean_weight.value.toFixed(3)}, not 1: propensities are wrong, rows are missing, or the log could not show all that the target does. Trust no estimate before that is explained.`,
        ]
      : []),
    ...(ess < leastEss
      ? [
          `WARNING: the rows are worth ${ess.toFixed(0)} of equal weight (largest weight ${largest_weight.toFixed(0)}): a few rows decide, and the intervals rest on too few for a normal approximation. Explore more, or longer.`,
        ]
      : []),
    ...(tiny_share > 0
      ? [`${percent(tiny_share)} of the rows that log and target agree on had a propensity below 0.01.`]
      : []),
    ...(moved.length > 0
      ? [
          `The estimate moves by more than a quarter of its interval when weights are clipped at ${moved.map(({ clip }) => clip).join(", ")}: a few rows decide.`,
        ]
      : []),
    ...(cost_rows > 0 && cost_rows < used
      ? [`Costs rest on ${cost_rows} of ${used} rows: the others have none.`]
      : []),
    "The reward model alone (dm) and switch_dr are for comparison: they are as biased as the model, and their intervals don't know it.",
  ];
}

/** Rows of equal weight below which the normal approximation behind the intervals is doubtful. */
const leastEss = 100;

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
