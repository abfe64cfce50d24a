import { existsSync } from "node:fs";
import { basename } from "node:path";
import { InputError } from "../../datasets/errors.js";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { readRecords } from "../../datasets/reader/read-records.js";
import type { JudgedPair } from "./judged-pairs.js";

/** One human verdict on a judged pair. */
export interface HumanRating {
  pair: JudgedPair;
  /** 1 sufficient, 0 insufficient, 0.5 tie. */
  quality: number;
  tier: number | null;
  isStakes: boolean | null;
  rater: string;
  /** Probability of being picked for rating, where the file says so. */
  inclusion: number | null;
}

/** What the human files hold. */
export interface HumanRatings {
  rows: number;
  ratings: HumanRating[];
  /** Rows without use by reason, with the places of the first few. */
  unused: Array<{ reason: string; rows: number; lines: string[] }>;
}

/** Read human verdicts (JSONL or CSV) and join them with the judged pairs. A row names its pair by `pair_id`, or by `request_id` (or
 * `item_id`) and `candidate_model` (or `model`); the model may be left out where one candidate was judged. What can't be used is counted by
 * reason, never dropped silently.
 * @throws {InputError} if a file isn't there */
export async function readRatings(
  files: readonly string[],
  pairs: readonly JudgedPair[],
): Promise<HumanRatings> {
  const find = pairFinder(pairs);
  const found: HumanRatings = { rows: 0, ratings: [], unused: [] };
  for (const file of files) {
    if (!existsSync(file))
      throw new InputError(`${file}: no such file; make one with: signalbox label sheet`);
    for await (const records of readRecords(file)) {
      for (const { line, value, problem } of records) {
        found.rows += 1;
        const read = problem ? problem.detail : readRow(value, find);
        if (typeof read === "string") refuse(found, read, `${basename(file)}:${line}`);
        else found.ratings.push(read);
      }
    }
  }
  return found;
}

type PairFinder = (row: Fields) => JudgedPair | string;
type Fields = Readonly<Record<string, unknown>>;

function pairFinder(pairs: readonly JudgedPair[]): PairFinder {
  const byId = new Map(pairs.map((pair) => [pair.pair_id, pair]));
  const byRequest = new Map<string, JudgedPair[]>();
  for (const pair of pairs) byRequest.set(pair.request_id, [...(byRequest.get(pair.request_id) ?? []), pair]);
  return (row) => {
    const pairId = textOf(row.pair_id);
    if (pairId !== null) return byId.get(pairId) ?? "no judged pair has this pair_id";
    const requestId = textOf(row.request_id) ?? textOf(row.item_id);
    if (requestId === null) return "neither pair_id nor request_id";
    const judged = byRequest.get(requestId) ?? [];
    const model = textOf(row.candidate_model) ?? textOf(row.model);
    const matches =
      model === null ? judged : judged.filter(({ candidate }) => candidate === canonicalModel(model));
    if (matches.length > 1) return "several candidates were judged for this request: name candidate_model";
    return matches[0] ?? "no judged pair of this request and candidate_model";
  };
}

function readRow(value: unknown, find: PairFinder): HumanRating | string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "not an object";
  const row = value as Fields;
  const verdict = textOf(row.verdict)?.toLowerCase() ?? null;
  if (verdict === null) return "no verdict: not filled in";
  const quality = verdicts[verdict];
  if (quality === undefined) return "verdict is none of sufficient, insufficient, tie, 1, 0, 0.5";
  const inclusion = textOf(row.inclusion_probability);
  if (inclusion !== null && !(Number(inclusion) > 0 && Number(inclusion) <= 1))
    return "inclusion_probability is not in (0, 1]";
  const tier = textOf(row.tier);
  if (tier !== null && !["0", "1", "2"].includes(tier)) return "tier is none of 0, 1, 2";
  const stakes = textOf(row.is_stakes)?.toLowerCase() ?? null;
  if (stakes !== null && flags[stakes] === undefined) return "is_stakes is neither true nor false";
  const pair = find(row);
  if (typeof pair === "string") return pair;
  return {
    pair,
    quality,
    tier: tier === null ? null : Number(tier),
    isStakes: stakes === null ? null : flags[stakes]!,
    rater: textOf(row.rater) ?? "(unnamed)",
    inclusion: inclusion === null ? null : Number(inclusion),
  };
}

const verdicts: Readonly<Record<string, number>> = {
  sufficient: 1,
  insufficient: 0,
  tie: 0.5,
  "1": 1,
  "0": 0,
  "0.5": 0.5,
  "1.0": 1,
  "0.0": 0,
};

const flags: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  "1": true,
  "0": false,
  yes: true,
  no: false,
};

/** Text of a field as files of any kind hold it; null when there is none. */
function textOf(value: unknown): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

function refuse(found: HumanRatings, reason: string, place: string): void {
  const known = found.unused.find((line) => line.reason === reason);
  if (!known) found.unused.push({ reason, rows: 1, lines: [place] });
  else {
    known.rows += 1;
    if (known.lines.length < 5) known.lines.push(place);
  }
}
