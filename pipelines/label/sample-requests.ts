import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { DataError } from "../../datasets/errors.js";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { defineTable } from "../../datasets/table.js";
import { allocateSample, type Stratum } from "./allocate-sample.js";

/** What to draw, and from which requests. */
export interface SampleOptions {
  /** Requests to sample; fewer when there are fewer. */
  sample: number;
  seed: number;
  /** Models whose answers will be compared with the logged one; none = tiers only, then an answer isn't needed. */
  candidates: readonly string[];
  /** Only requests that this model served; null = any. */
  reference: string | null;
}

/** A sampled request: see sampled-requests.sql. */
export interface SampledRequest {
  request_id: string;
  stratum: string;
  inclusion_probability: number;
  stratum_population: number;
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

/** Draw a stratified random sample of the workspace's requests by app, length and model. Each stratum gets its share and at
 * least one; when there are more strata than half the sample, they are merged: length first, then app, then model.
 * @throws {DataError} if no request can be labelled */
export async function sampleRequests(engine: Engine, options: SampleOptions): Promise<Sample> {
  const { candidates, reference, seed, sample } = options;
  for (const level of stratumLevels) {
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE label_population AS ${readSql("pipelines/label/eligible-requests.sql")}`,
      {
        needs_answer: candidates.length > 0,
        reference: reference === null ? null : canonicalModel(reference),
        only_candidate: candidates.length === 1 ? canonicalModel(candidates[0]!) : null,
        seed: String(seed),
        ...level,
      },
    );
    const sizes = await engine.rows<{ stratum: string; population: number }>(
      "SELECT stratum, count(*) AS population FROM label_population WHERE excluded IS NULL GROUP BY stratum ORDER BY stratum",
    );
    if (sizes.length > Math.max(1, sample / 2)) continue;
    const excluded = await engine.rows<{ reason: string; requests: number }>(
      "SELECT excluded AS reason, count(*) AS requests FROM label_population WHERE excluded IS NOT NULL GROUP BY excluded ORDER BY requests DESC, reason",
    );
    if (sizes.length === 0) throw new DataError(nothingToLabel(excluded));
    const strata = allocateSample(sizes, sample);
    await engine.run("DROP TABLE IF EXISTS label_allocation");
    await engine.run(
      "CREATE TEMP TABLE label_allocation (stratum VARCHAR, population BIGINT, sampled BIGINT)",
    );
    await engine.append(
      "label_allocation",
      allocation,
      strata.map((stratum) => ({ ...stratum })),
    );
    const requests = await engine.rows<SampledRequest>(readSql("pipelines/label/sampled-requests.sql"));
    return {
      requests,
      strata,
      population: strata.reduce((sum, stratum) => sum + stratum.population, 0),
      excluded,
    };
  }
  throw new Error("one stratum always fits");
}

const stratumLevels = [
  { by_app: true, by_length: true, by_model: true },
  { by_app: true, by_length: false, by_model: true },
  { by_app: false, by_length: false, by_model: true },
  { by_app: false, by_length: false, by_model: false },
];

const allocation = defineTable({
  name: "label_allocation",
  grain: "one row per stratum",
  columns: {
    stratum: { type: "VARCHAR", required: true, about: "Name of the stratum" },
    population: { type: "BIGINT", required: true, about: "Requests in it" },
    sampled: { type: "BIGINT", required: true, about: "Requests to sample from it" },
  },
});

function nothingToLabel(excluded: Sample["excluded"]): string {
  const reasons =
    excluded.map(({ reason, requests }) => `${requests} ${reason}`).join(", ") ||
    "the workspace has no requests";
  return `no request can be labelled (${reasons}); labelling needs text: ingest with --content redacted or full, or name another --reference`;
}
