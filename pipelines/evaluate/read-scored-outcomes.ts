import { readFileSync } from "node:fs";
import { DataError, InputError } from "../../datasets/errors.js";
import { asRecord, asString, type JsonRecord } from "../../datasets/sources/json-access.js";
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

interface ScoreLine {
  id: string | null;
  score: number | null;
  model: string;
}

interface OutcomeLine {
  id: string;
  session: string | null;
  chars: number;
  outcomes: Map<string, { quality: number; usd: number | null }>;
}

/** Join a score file with an outcomes file by id; a line without an id goes by its number, as in scoring. Lines that repeat an
 * id are joined in their order.
 * @throws {InputError} if a file can't be read
 * @throws {DataError} if no id is in both */
export function readScoredOutcomes(scoresPath: string, outcomesPath: string): ScoredOutcomes {
  const scored = readLines(scoresPath, readScoreLine);
  const outcomes = readLines(outcomesPath, readOutcomeLine);
  const byId = new Map<string, ScoreLine[]>();
  for (const row of scored.rows) {
    if (row.id === null) continue;
    const same = byId.get(row.id);
    if (same) same.push(row);
    else byId.set(row.id, [row]);
  }
  const joined = outcomes.rows.flatMap((outcome) => {
    const row = byId.get(outcome.id)?.shift();
    return row && row.score !== null ? [{ outcome, score: row.score, model: row.model }] : [];
  });
  if (joined.length === 0) {
    throw new DataError(
      `no scored id of ${scoresPath} is in ${outcomesPath}: score the same file that holds the outcomes`,
    );
  }
  const names = [...joined[0]!.outcome.outcomes.keys()].filter((name) =>
    joined.every(({ outcome }) => outcome.outcomes.has(name)),
  );
  return {
    scores: Float64Array.from(joined, ({ score }) => score),
    chosen: joined.map(({ model }) => model),
    lengths: Float64Array.from(joined, ({ outcome }) => outcome.chars),
    clusters: numberClusters(joined.map(({ outcome }) => outcome.session)),
    models: new Map(
      names.map((name) => {
        const answers = joined.map(({ outcome }) => outcome.outcomes.get(name)!);
        const isPriced = answers.every(({ usd }) => usd !== null);
        return [
          name,
          {
            quality: Float64Array.from(answers, ({ quality }) => quality),
            usd: isPriced ? Float64Array.from(answers, ({ usd }) => usd!) : null,
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

function readScoreLine(record: JsonRecord): ScoreLine | null {
  const { id, score, model } = record;
  const isScore = score === null || (typeof score === "number" && Number.isFinite(score));
  if (!isScore || typeof model !== "string") return null;
  return { id: idOf(id), score, model };
}

function readOutcomeLine(record: JsonRecord, number: number): OutcomeLine | null {
  const outcomes: OutcomeLine["outcomes"] = new Map();
  for (const [model, given] of Object.entries(asRecord(record.outcomes) ?? {})) {
    const { quality, cost_usd: usd = null } = asRecord(given) ?? {};
    const isQuality = typeof quality === "number" && quality >= 0 && quality <= 1;
    if (!isQuality || !(usd === null || (typeof usd === "number" && usd >= 0))) return null;
    outcomes.set(model, { quality, usd });
  }
  if (outcomes.size === 0) return null;
  return {
    id: idOf(record.id) ?? String(number),
    session: idOf(record.session) ?? idOf(record.session_id),
    chars: (asString(record.prompt) ?? JSON.stringify(record.messages ?? "")).length,
    outcomes,
  };
}

function idOf(value: unknown): string | null {
  return typeof value === "number" ? String(value) : asString(value);
}

/** @param read gives null for a record of another shape */
function readLines<Row>(
  path: string,
  read: (record: JsonRecord, number: number) => Row | null,
): { rows: Row[]; unreadable: number } {
  let unreadable = 0;
  const rows: Row[] = [];
  for (const [i, line] of readText(path).split("\n").entries()) {
    if (line.trim() === "") continue;
    const row = readLine(line, i + 1, read);
    if (row === null) unreadable += 1;
    else rows.push(row);
  }
  return { rows, unreadable };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError(`${path}: can't be read (${(cause as Error).message}); name a JSONL file`, {
      cause,
    });
  }
}

function readLine<Row>(
  line: string,
  number: number,
  read: (record: JsonRecord, number: number) => Row | null,
): Row | null {
  try {
    const record = asRecord(JSON.parse(line));
    return record && read(record, number);
  } catch {
    return null;
  }
}
