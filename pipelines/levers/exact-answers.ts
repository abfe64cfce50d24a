import type { ReplayData } from "../replay/replay-data.js";

/** What an exact-match cache would have made of an attempt. */
export const CacheOutcome = { notAsked: 0, miss: 1, hit: 2 } as const;

/** Replay the log through an exact-match cache in order of time. The key is scope and prompt (tenant, prompt, tools, schema), app and the
 * model that answered: a dearer model's caller is not served a cheaper one's answer. An answer is there when it is complete, lives for
 * the TTL and is not renewed by hits. Only whole answers are kept: successful, without tools, not cut off or filtered. A retry is
 * no hit on its own request's answer. Models outside the pool are not told apart by a replay, so their calls are not asked.
 * @param ttlUs life of an answer, microseconds
 * @returns {@link CacheOutcome} by row */
export function exactAnswers(replay: ReplayData, ttlUs: number): Uint8Array {
  const { rows, models, apps, createdAt, latency, logical, prompt, served, app } = replay;
  const outcomes = new Uint8Array(rows);
  const isWhole = wholeAnswers(replay);
  const repeats = countRepeats(replay, isWhole);
  const kept = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    if (isWhole[row] === 0) continue;
    outcomes[row] = CacheOutcome.miss;
    if (repeats[prompt[row]!]! < 2) continue;
    const key = (prompt[row]! * models.length + served[row]!) * (apps.length + 1) + app[row]! + 1;
    const entry = kept.get(key);
    const now = createdAt[row]!;
    const age = entry === undefined ? Number.POSITIVE_INFINITY : now - readyAt(entry);
    if (age >= ttlUs) kept.set(key, row);
    else if (age >= 0 && logical[entry!] !== logical[row]) outcomes[row] = CacheOutcome.hit;
  }
  return outcomes;

  function readyAt(row: number): number {
    return createdAt[row]! + (latency[row]! > 0 ? latency[row]! * 1000 : 0);
  }
}

/** Attempts that a cache is asked for and whose answer it keeps. */
function wholeAnswers({
  rows,
  prompt,
  served,
  isSuccess,
  hasTools,
  isBatch,
  ...replay
}: ReplayData): Uint8Array {
  const partial = new Set(["length", "content_filter", "tool_calls"]);
  const isPartial = replay.finishReasons.map((reason) => partial.has(reason));
  const whole = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const finish = replay.finishReason[row]!;
    const isKept = isSuccess[row] === 1 && hasTools[row] === 0 && isBatch[row] === 0;
    whole[row] = Number(isKept && prompt[row]! >= 0 && served[row]! >= 0 && !(isPartial[finish] ?? false));
  }
  return whole;
}

function countRepeats({ rows, prompt }: ReplayData, isWhole: Uint8Array): Uint32Array {
  let prompts = 0;
  for (let row = 0; row < rows; row++) prompts = Math.max(prompts, prompt[row]! + 1);
  const counts = new Uint32Array(prompts);
  for (let row = 0; row < rows; row++) if (isWhole[row] === 1) counts[prompt[row]!]! += 1;
  return counts;
}
