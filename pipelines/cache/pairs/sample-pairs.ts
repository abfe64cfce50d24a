import type { Engine } from "../../../datasets/engine/engine.js";
import { readSql } from "../../../datasets/engine/sql-file.js";
import { DataError } from "../../../datasets/errors.js";
import { createTableSql, defineTable } from "../../../datasets/table.js";
import { type DrawOptions, drawPairs, type PairUnit } from "./draw-pairs.js";
import { openPairGroups, type PairGroups } from "./open-pair-groups.js";

/** A drawn pair with its texts: see drawn-pairs.sql. */
export interface SampledPair {
  request_id: string;
  entry_id: string;
  segment: string;
  inclusion_probability: number;
  created_at: number | null;
  similarity: number;
  features_json: string | null;
  content_state: string;
  system_text: string | null;
  history_json: string | null;
  user_text: string;
  reference_answer: string | null;
  entry_content_state: string;
  cached_request: string;
  cached_answer: string;
}

/** The drawn pairs and what they were drawn from. */
export interface PairSample extends PairGroups {
  /** In the random order in which they are to be judged. */
  pairs: SampledPair[];
}

/** Draw pairs of the replay's candidates that are near enough to be served: see {@link drawPairs}. Of very many a random part is looked at,
 * which the inclusion probabilities take into account.
 * @throws {DataError} if no pair can be judged */
export async function samplePairs(
  engine: Engine,
  { floor, ...options }: DrawOptions & { floor: number },
): Promise<PairSample> {
  const groups = await openPairGroups(engine, { floor, needsText: true });
  const frame = await engine.rows<PairUnit>(readSql("pipelines/cache/pairs/pair-frame.sql"), {
    seed: String(options.seed),
    rows: Math.max(framed, 10 * options.labels),
  });
  if (frame.length === 0) throw new DataError(nothingToJudge(groups, floor));
  const looked = frame.length / groups.segments.reduce((sum, { pairs }) => sum + pairs, 0);
  await engine.run("DROP TABLE IF EXISTS pair_drawn");
  await engine.run(createTableSql(drawnTable).replace("CREATE TABLE", "CREATE TEMP TABLE"));
  await engine.append(
    drawnTable.name,
    drawnTable,
    drawPairs(frame, options).map((row, place) => ({
      ...row,
      place,
      inclusion_probability: row.inclusion_probability * looked,
    })),
  );
  return {
    ...groups,
    pairs: await engine.rows<SampledPair>(readSql("pipelines/cache/pairs/drawn-pairs.sql")),
  };
}

/** Pairs that are read to draw from; a sample from so many of a larger replay is as good. */
const framed = 200_000;

const drawnTable = defineTable({
  name: "pair_drawn",
  grain: "one row per drawn pair",
  columns: {
    request_id: { type: "VARCHAR", required: true, about: "Request that asked" },
    entry_id: { type: "VARCHAR", required: true, about: "Entry that was offered" },
    inclusion_probability: { type: "DOUBLE", required: true, about: "Chance of being drawn" },
    place: { type: "BIGINT", required: true, about: "Place in the random order of judging" },
  },
});

function nothingToJudge({ excluded }: PairGroups, floor: number): string {
  const reasons = excluded.map(({ reason, requests }) => `${requests} ${reason}`).join(", ");
  return `no pair can be judged (${reasons || "the replay has no candidates"}); replay with text (--content redacted or full), or lower --floor, now ${floor}`;
}
