import type { RouteRequest } from "@signalbox/runtime";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { DataError } from "../../datasets/errors.js";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { createTableSql, defineTable } from "../../datasets/table.js";
import { featureMatrix } from "../../models/classifier/feature-matrix.js";
import { clusterTexts } from "../../models/cluster-texts.js";
import type { Stratum } from "./allocate-sample.js";
import { drawSample, type SampleUnit } from "./draw-sample.js";
import { readHistory } from "./label-item.js";
import type { Uncertainty } from "./uncertainty.js";

/** What to draw, and from which requests. */
export interface SampleOptions {
  /** Requests to sample; fewer when there are fewer. */
  sample: number;
  seed: number;
  /** Models whose answers will be compared with the logged one; none = tiers only, then an answer isn't needed. */
  candidates: readonly string[];
  /** Only requests that this model served; null = any. */
  reference: string | null;
  /** Draw requests more often the less a first model knows about them; absent or null = all alike. */
  uncertainty?: Uncertainty | null;
}

/** A sampled request: see sampled-requests.sql. */
export interface SampledRequest {
  request_id: string;
  stratum: string;
  inclusion_probability: number;
  session_id: string | null;
  app: string | null;
  created_at: number;
  model: string;
  content_state: string;
  system_text: string | null;
  user_text: string;
  history_json: string | null;
  output_text: string | null;
  output_total_tokens: number | null;
  max_tokens: number | null;
  temperature: number | null;
  latency_ms: number | null;
  cost_reported_usd: number | null;
  cost_list_usd: number | null;
}

/** The drawn requests, their strata, and what was left out. */
export interface Sample {
  /** In the random order in which they are to be judged, so that a run that stops early has judged a random part. */
  requests: SampledRequest[];
  strata: Stratum[];
  /** Logical requests that labels speak for, and those that they don't, with the reason. */
  population: number;
  excluded: Array<{ reason: string; requests: number }>;
}

/** Draw a random sample of the workspace's requests, stratified by app, length, model and text cluster: see {@link drawSample}. When there
 * are more strata than half the sample, they are merged: length first, then cluster, app and model. Of a large population a
 * random part ({@link framed}) is looked at, which the inclusion probabilities take into account.
 * @throws {DataError} if no request can be labelled */
export async function sampleRequests(engine: Engine, options: SampleOptions): Promise<Sample> {
  const { candidates, reference, seed, sample, uncertainty = null } = options;
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE label_population AS ${readSql("pipelines/label/eligible-requests.sql")}`,
    {
      needs_answer: candidates.length > 0,
      reference: reference === null ? null : canonicalModel(reference),
      only_candidate: candidates.length === 1 ? canonicalModel(candidates[0]!) : null,
      seed: String(seed),
    },
  );
  const excluded = await engine.rows<{ reason: string; requests: number }>(
    "SELECT excluded AS reason, count(*) AS requests FROM label_population WHERE excluded IS NOT NULL GROUP BY excluded ORDER BY requests DESC, reason",
  );
  const [counted] = await engine.rows<{ population: number }>(
    "SELECT count(*) AS population FROM label_population WHERE excluded IS NULL",
  );
  const { population } = counted!;
  if (population === 0) throw new DataError(nothingToLabel(excluded));
  const frame = await engine.rows<FrameRow>(readSql("pipelines/label/sampling-frame.sql"), {
    rows: Math.max(framed, 10 * sample),
  });
  const units = stratify(frame, { sample, seed }).map(
    (stratum, i): SampleUnit => ({
      request_id: frame[i]!.request_id,
      stratum,
      uncertainty: uncertainty?.of(toRequest(frame[i]!)) ?? null,
    }),
  );
  const { drawn, strata } = drawSample(units, { sample, seed });
  const looked = frame.length / population;
  await engine.run("DROP TABLE IF EXISTS label_drawn");
  await engine.run(createTableSql(drawnTable).replace("CREATE TABLE", "CREATE TEMP TABLE"));
  await engine.append(
    drawnTable.name,
    drawnTable,
    drawn.map((row, place) => ({
      ...row,
      place,
      inclusion_probability: row.inclusion_probability * looked,
    })),
  );
  return {
    requests: await engine.rows<SampledRequest>(readSql("pipelines/label/sampled-requests.sql")),
    strata: strata.map((stratum) => ({ ...stratum, population: Math.round(stratum.population / looked) })),
    population,
    excluded,
  };
}

/** Requests that are read to form strata; a sample from so many of a larger population is as good. */
const framed = 20_000;

interface FrameRow {
  request_id: string;
  app: string;
  length_bucket: string;
  model: string;
  system_text: string | null;
  history_json: string | null;
  user_text: string;
}

/** Stratum of each row, by as many traits as the sample has room for. */
function stratify(frame: readonly FrameRow[], { sample, seed }: { sample: number; seed: number }): string[] {
  const matrix = featureMatrix(frame.map(({ user_text }) => ({ prompt: user_text })));
  const clusters = clusterTexts(matrix, { groups: clusterCount, seed });
  for (const traits of levels) {
    const names = frame.map((row, i) =>
      traits.map((trait) => (trait === "cluster" ? `cluster ${clusters[i]! + 1}` : row[trait])).join(" / "),
    );
    if (new Set(names).size <= Math.max(1, sample / 2)) return names;
  }
  throw new Error("one stratum always fits");
}

const clusterCount = 6;

const levels = [
  ["app", "length_bucket", "model", "cluster"],
  ["app", "model", "cluster"],
  ["app", "model"],
  ["model"],
  [],
] as const;

function toRequest({ system_text, history_json, user_text }: FrameRow): RouteRequest {
  return {
    system: system_text,
    messages: [...readHistory(history_json), { role: "user", content: user_text }],
  } as RouteRequest;
}

const drawnTable = defineTable({
  name: "label_drawn",
  grain: "one row per drawn request",
  columns: {
    request_id: { type: "VARCHAR", required: true, about: "The request" },
    stratum: { type: "VARCHAR", required: true, about: "Name of its stratum" },
    inclusion_probability: { type: "DOUBLE", required: true, about: "Chance of being drawn" },
    place: { type: "BIGINT", required: true, about: "Place in the random order of judging" },
  },
});

function nothingToLabel(excluded: Sample["excluded"]): string {
  const reasons =
    excluded.map(({ reason, requests }) => `${requests} ${reason}`).join(", ") ||
    "the workspace has no requests";
  return `no request can be labelled (${reasons}); labelling needs text: ingest with --content redacted or full, or name another --reference`;
}
