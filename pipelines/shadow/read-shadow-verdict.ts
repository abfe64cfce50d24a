import { numberWithin, recordOf, textOf } from "./read-fields.js";

/** A verdict on a pair. */
export interface PairVerdict {
  pairId: string;
  /** Quality of the baseline minus that of the candidate, -1 to 1; null = asked and not answered. */
  difference: number | null;
  baselineSuccess: boolean | null;
  candidateSuccess: boolean | null;
  judge: string;
  isSimulated: boolean;
  costUsd: number | null;
}

/** Read one verdict: a row of shadow_verdicts, {pair_id, difference, baseline_success?, candidate_success?}, or
 * {pair_id, baseline_score, candidate_score} with scores from 0 to 1, of which 0.5 and more is a success.
 * @returns why it is no verdict, where it is none */
export function readShadowVerdict(value: unknown): PairVerdict | { reason: string } {
  const record = recordOf(value);
  if (record === null) return { reason: "not_an_object" };
  const pairId = textOf(record.pair_id);
  if (pairId === null) return { reason: "bad_pair_id" };
  const quality = qualityOf(record);
  if ("reason" in quality) return quality;
  return {
    pairId,
    ...quality,
    judge: textOf(record.judge) ?? "import",
    isSimulated: record.is_simulated === true,
    costUsd: numberWithin(record.cost_usd, 0, 1e6),
  };
}

type Quality = Pick<PairVerdict, "difference" | "baselineSuccess" | "candidateSuccess">;

function qualityOf(record: Record<string, unknown>): Quality | { reason: string } {
  const [baselineSuccess, candidateSuccess] = [record.baseline_success, record.candidate_success].map(
    (flag) => (typeof flag === "boolean" ? flag : null),
  ) as [boolean | null, boolean | null];
  if (isGiven(record.difference)) {
    const difference = numberWithin(record.difference, -1, 1);
    return difference === null
      ? { reason: "bad_difference" }
      : { difference, baselineSuccess, candidateSuccess };
  }
  if (!isGiven(record.baseline_score) && !isGiven(record.candidate_score)) {
    const isRow = "difference" in record || textOf(record.error) !== null;
    return isRow ? { difference: null, baselineSuccess, candidateSuccess } : { reason: "no_difference" };
  }
  const baseline = numberWithin(record.baseline_score, 0, 1);
  const candidate = numberWithin(record.candidate_score, 0, 1);
  if (baseline === null || candidate === null) return { reason: "bad_score" };
  return {
    difference: baseline - candidate,
    baselineSuccess: baselineSuccess ?? baseline >= 0.5,
    candidateSuccess: candidateSuccess ?? candidate >= 0.5,
  };
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined;
}
