import { existsSync, readFileSync } from "node:fs";
import { DataError, InputError } from "../../datasets/errors.js";
import { numberClusters } from "../../models/statistics/cluster-ratio.js";

/** Scored rows beside what every model really did on them. Arrays are parallel. */
export interface ScoredOutcomes {
  scores: Float64Array;
  /** Model that the router chose for each row. */
  chosen: string[];
  /** Characters of each prompt. */
  lengths: Float64Array;
  clusters: Int32Array;
  /** Quality, and cost in USD, of each model on each row; only models that answered every row. */
  models: Map<string, { quality: Float64Array; usd: Float64Array | null }>;
  /** Score rows without an outcome, outcomes without a score, and lines that hold neither. */
  unmatched: { scores: number; outcomes: number; unreadable: number };
}

interface OutcomeLine {
  id: string | number;
  prompt?: string;
  messages?: unknown;
  session?: string;
  session_id?: string;
  outcomes: Record<string, { quality: number; cost_usd?: number | null }>;
}

/** Join a score file with an outcomes file by id.
 * @throws {InputError} if a file isn't there
 * @throws {DataError} if no id is in both */
export function readScoredOutcomes(scoresPath: string, outcomesPath: string): ScoredOutcomes {
  const scored = readLines<{ id: string | null; score: number | null; model: string }>(scoresPath);
  const outcomes = readLines<OutcomeLine>(outcomesPath);
  const byId = new Map<string, { score: number | null; model: string }>();
  for (const row of scored.rows) if (row.id !== null && row.id !== undefined) byId.set(String(row.id), row);
  const joined = outcomes.rows.flatMap((outcome) => {
    const row = byId.get(String(outcome.id));
    return row && row.score !== null && outcome.outcomes
      ? [{ outcome, score: row.score, model: row.model }]
      : [];
  });
  if (joined.length === 0) {
    throw new DataError(
      `no id of ${scoresPath} is in ${outcomesPath}: score the same file that holds the outcomes`,
    );
  }
  const names = Object.keys(joined[0]!.outcome.outcomes).filter((name) =>
    joined.every(({ outcome }) => outcome.outcomes[name]),
  );
  return {
    scores: Float64Array.from(joined, ({ score }) => score),
    chosen: joined.map(({ model }) => model),
    lengths: Float64Array.from(
      joined,
      ({ outcome }) => (outcome.prompt ?? JSON.stringify(outcome.messages ?? "")).length,
    ),
    clusters: numberClusters(joined.map(({ outcome }) => outcome.session ?? outcome.session_id ?? null)),
    models: new Map(
      names.map((name) => {
        const answers = joined.map(({ outcome }) => outcome.outcomes[name]!);
        const isPriced = answers.every(({ cost_usd }) => typeof cost_usd === "number");
        return [
          name,
          {
            quality: Float64Array.from(answers, ({ quality }) => quality),
            usd: isPriced ? Float64Array.from(answers, ({ cost_usd }) => cost_usd!) : null,
          },
        ];
      }),
    ),
    unmatched: {
      scores: scored.rows.length - joined.length,
      outcomes: outcomes.rows.length - joined.length,
      unreadable: scored.unreadable + outcomes.unreadable,
    },
  };
}

function readLines<Row>(path: string): { rows: Row[]; unreadable: number } {
  if (!existsSync(path)) throw new InputError(`${path}: no such file`);
  let unreadable = 0;
  const rows: Row[] = [];
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (line.trim() === "") continue;
    try {
      rows.push(JSON.parse(line) as Row);
    } catch {
      unreadable += 1;
    }
  }
  return { rows, unreadable };
}
