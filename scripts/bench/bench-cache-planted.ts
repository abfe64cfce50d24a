import { hashedEmbedder } from "@signalbox/runtime";
import { createRandom } from "../../datasets/random.js";
import { plantedCacheTraffic } from "../../datasets/synthetic/cache-traffic.js";
import type { CacheItem } from "../../models/cache/cache-item.js";
import { calibrateCache } from "../../models/cache/calibrate-cache.js";
import { openDriftAlarm } from "../../models/cache/drift-alarm.js";
import { certifiedPolicy } from "../../models/cache/policies/certified-policy.js";
import { replayCache } from "../../models/cache/replay-cache.js";
import { sampleQuantile } from "../../models/statistics/quantiles.js";
import { streamTracer } from "../../pipelines/cache/stream-items.js";
import type { BenchSection } from "./bench-cache-guard.js";
import { percent } from "./bench-cache-tables.js";

const alpha = 0.02;
const delta = 0.1;
const ttlS = 86_400;
/** Share of the requests that production checks. */
const shadowShare = 0.05;
/** Mean seconds between requests: the stream lasts three weeks, and an answer a week. */
const spanS = 21 * 86_400;

/** Calibrate on synthetic traffic of known truth, and watch it: Zipf repeats, answers that change, questions that get look-alikes.
 * @param seeds of the shadow checks */
export async function measurePlanted({
  requests,
  streams,
  seeds,
}: {
  requests: number;
  streams: number;
  seeds: number;
}): Promise<BenchSection> {
  const driftAt = Math.floor(0.75 * requests);
  const runs: PlantedRun[] = [];
  for (let seed = 1; seed <= streams; seed++) runs.push(await runPlanted(requests, driftAt, seed));
  const half = requests - Math.floor(requests / 2);
  const alarms = Array.from({ length: seeds }, (_, i) => {
    const { calm, drifted } = runs[i % streams]!;
    return { calm: watch(calm.wrong, i), drifted: watch(drifted.wrong, i) };
  });
  const place = driftAt - Math.floor(requests / 2);
  const falsely = alarms.filter(({ calm }) => calm !== null).length / seeds;
  const delays = alarms
    .map(({ drifted }) => drifted)
    .filter((at) => at !== null && at >= place)
    .map((at) => at! - place);
  const early = alarms.filter(({ drifted }) => drifted !== null && drifted < place).length;
  const sorted = Float64Array.from(delays).sort();
  const caught = delays.length / Math.max(1, seeds - early);
  const quantile = (p: number) => (sorted.length === 0 ? Number.NaN : sampleQuantile(sorted, p));
  return {
    tables: [
      {
        title: `Synthetic traffic, ${requests} requests in three weeks: calibrated on the first half at USR <= ${percent(alpha, 0)} %, hashed-512; %`,
        columns: [
          "stream",
          "hit rate, TTL 1 day",
          "USR before drift",
          "USR after drift",
          "stale hits, TTL 1 day",
          "stale hits, no TTL",
          "USR before drift, no TTL",
        ],
        rows: runs.map(({ calm, drifted, endless }, i) => [
          `seed ${i + 1}`,
          percent(calm.hits / half, 1),
          percent(mean(drifted.wrong.subarray(0, place)), 2),
          percent(mean(drifted.wrong.subarray(place)), 2),
          percent(calm.stale / half, 2),
          percent(endless.stale / half, 2),
          percent(mean(endless.wrong), 2),
        ]),
      },
      {
        title: `Drift alarm, ${seeds} seeds of ${percent(shadowShare, 0)} % shadow checks, delta ${delta}`,
        columns: ["", "measured"],
        rows: [
          ["false alarms without drift", `${percent(falsely, 1)} % (promised <= ${percent(delta, 0)} %)`],
          ["drift noticed before the stream ends", `${percent(caught, 1)} %`],
          ["requests until then, median", quantile(0.5).toFixed(0)],
          ["requests until then, 90th percentile", quantile(0.9).toFixed(0)],
          ["shadow checks until then, median", (quantile(0.5) * shadowShare).toFixed(0)],
        ],
      },
    ],
    figures: {
      planted_usr_before_drift: Math.max(...runs.map(({ calm }) => mean(calm.wrong))),
      planted_usr_violations: runs.filter(({ calm }) => mean(calm.wrong) > alpha).length / streams,
      drift_false_alarms: falsely,
      drift_caught: caught,
      drift_delay_requests: quantile(0.5),
      stale_share_ttl: runs.reduce((sum, { calm }) => sum + calm.stale, 0) / (half * streams),
      stale_share_no_ttl: runs.reduce((sum, { endless }) => sum + endless.stale, 0) / (half * streams),
    },
    notes: [
      `Synthetic traffic: ${streams} streams, 2,000 questions with Zipf repeats, three tenants; 10 % of the questions have another answer every week, 10 % a look-alike. From 75 % of the stream on 60 % of the questions have look-alikes: the drift. Stale hits are wrong hits whose entry was right once; a TTL of a day bounds them, and the calibration is made with it. The alarm sees a random ${percent(shadowShare, 0)} % of requests; its seeds are draws of these checks on the ${streams} streams, so they show the alarm's chance, not that of other traffic. Drift noticed and delays are of the seeds without an alarm before the drift.`,
    ],
  };
}

interface PlantedItem extends CacheItem {
  /** Answer key without its version. */
  question: string;
}

interface Watched {
  hits: number;
  stale: number;
  /** 1 per request that was served a wrong answer. */
  wrong: Uint8Array;
}

interface PlantedRun {
  calm: Watched;
  drifted: Watched;
  /** Without drift, and without a time to live. */
  endless: Watched;
}

async function runPlanted(requests: number, driftAt: number, seed: number): Promise<PlantedRun> {
  const calm = plantedItems(requests, seed, null);
  const drifted = plantedItems(requests, seed, driftAt);
  return {
    calm: await replayPart(calm, seed, ttlS),
    drifted: await replayPart(drifted, seed, ttlS),
    endless: await replayPart(calm, seed, Infinity),
  };
}

function plantedItems(requests: number, seed: number, driftAt: number | null): PlantedItem[] {
  const trace = streamTracer();
  const traffic = plantedCacheTraffic({ requests, seed, driftAt, gapS: spanS / requests });
  return Array.from(traffic, (item) => ({
    ...trace({ ...item, segment: null }),
    at: item.created_at! / 1e6,
    question: item.answer_key!.replace(/\/v\d+$/, ""),
  }));
}

async function replayPart(items: readonly PlantedItem[], seed: number, lifeS: number): Promise<Watched> {
  const half = Math.floor(items.length / 2);
  const [older, later] = [items.slice(0, half), items.slice(half)];
  const vectors = new Map<string, Float32Array>();
  const hashed = hashedEmbedder(512);
  const embed = (text: string) => {
    let vector = vectors.get(text);
    if (vector === undefined) {
      vector = hashed.embed(text);
      vectors.set(text, vector);
    }
    return vector;
  };
  const { score, segments } = await calibrateCache(older, {
    embed,
    ttlS: lifeS,
    alpha,
    delta,
    labels: 1_000,
    seed,
    learnFrom: "answers",
    check: ({ item, entry }) => item.truth !== entry.truth,
  });
  const { minScore } = segments[0]!.certificate;
  const thresholds = new Map(minScore === null ? [] : [[segments[0]!.segment, minScore]]);
  const watched: Watched = { hits: 0, stale: 0, wrong: new Uint8Array(later.length) };
  let place = 0;
  await replayCache(later, {
    warm: older,
    policy: certifiedPolicy(score.model, thresholds),
    embed,
    ttlS: lifeS,
    capacity: half,
    onDecision: ({ item, served, isWrong }) => {
      if (served !== null) watched.hits += 1;
      if (isWrong === true) {
        watched.wrong[place] = 1;
        if ((item as PlantedItem).question === (served as PlantedItem).question) watched.stale += 1;
      }
      place += 1;
    },
  });
  return watched;
}

/** @returns place of the request at which the alarm is raised; null = never */
function watch(wrong: Uint8Array, seed: number): number | null {
  const random = createRandom(seed);
  const alarm = openDriftAlarm({ alpha, delta });
  const at = wrong.findIndex((isWrong) => random.uniform() < shadowShare && alarm.check(isWrong === 1));
  return at < 0 ? null : at;
}

function mean(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
