import { hashedEmbedder, openDriftAlarm } from "@signalbox/runtime";
import { createRandom } from "../../datasets/random.js";
import { plantedCacheTraffic } from "../../datasets/synthetic/cache-traffic.js";
import { hashUnit } from "../../datasets/synthetic/hash-unit.js";
import type { CacheItem, ServePolicy } from "../../models/cache/cache-item.js";
import { calibrateCache } from "../../models/cache/calibrate-cache.js";
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

/** Answers that change unseen: from the drift on, those of every second question, this often. */
const changedLifeS = 21_600;
/** Share of the stream before the drift. */
const calmShare = 0.65;
/** Shadow checks within which the alarm is wanted. */
const statedChecks = 200;

/** Calibrate on synthetic traffic of known truth, and watch it: Zipf repeats, answers that change, two kinds of drift.
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
  const driftAt = Math.floor(calmShare * requests);
  const runs: PlantedRun[] = [];
  for (let seed = 1; seed <= streams; seed++) runs.push(await runPlanted(requests, driftAt, seed));
  const half = requests - Math.floor(requests / 2);
  const alarms = Array.from({ length: seeds }, (_, i) => {
    const { calm, changed } = runs[i % streams]!;
    return { calm: watch(calm.wrong, i), drifted: watch(changed.wrong, i) };
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
  const stated = statedChecks / shadowShare;
  const soon = delays.filter((delay) => delay <= stated).length / Math.max(1, seeds - early);
  const quantile = (p: number) => (sorted.length === 0 ? Number.NaN : sampleQuantile(sorted, p));
  return {
    tables: [
      {
        title: `Synthetic traffic, ${requests} requests in three weeks: calibrated on the first half at USR <= ${percent(alpha, 0)} %, hashed-512; %`,
        columns: [
          "stream",
          "hit rate, TTL 1 day",
          "USR",
          "after look-alikes",
          "after answers change",
          "stale hits, TTL 1 day",
          "stale hits, no TTL",
          "USR, no TTL",
        ],
        rows: runs.map(({ calm, lookAlikes, changed, endless }, i) => [
          `seed ${i + 1}`,
          percent(calm.hits / half, 1),
          percent(mean(calm.wrong), 2),
          percent(mean(lookAlikes.wrong.subarray(place)), 2),
          percent(mean(changed.wrong.subarray(place)), 2),
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
          [
            `within ${statedChecks} checks, about ${statedChecks / shadowShare} requests`,
            `${percent(soon, 1)} %`,
          ],
          ["requests until then, median", quantile(0.5).toFixed(0)],
          ["requests until then, 90th percentile", quantile(0.9).toFixed(0)],
          ["shadow checks until then, median", (quantile(0.5) * shadowShare).toFixed(0)],
          ["requests after the drift", String(requests - driftAt)],
        ],
      },
    ],
    figures: {
      planted_usr_before_drift: Math.max(...runs.map(({ calm }) => mean(calm.wrong))),
      planted_usr_violations: runs.filter(({ calm }) => mean(calm.wrong) > alpha).length / streams,
      drift_false_alarms: falsely,
      drift_caught: caught,
      drift_caught_as_stated: soon,
      drift_delay_requests: quantile(0.5),
      stale_share_ttl: runs.reduce((sum, { calm }) => sum + calm.stale, 0) / (half * streams),
      stale_share_no_ttl: runs.reduce((sum, { endless }) => sum + endless.stale, 0) / (half * streams),
    },
    notes: [
      `Synthetic traffic: ${streams} streams, 2,000 questions with Zipf repeats, three tenants; 10 % of the questions have another answer every week, 10 % a look-alike. Two kinds of drift from ${percent(calmShare, 0)} % of the stream on: 60 % of the questions have look-alikes, or the answers of half of the questions change every ${changedLifeS / 3_600} hours, which no wording shows. Stale hits are wrong hits whose entry was right once; a TTL of a day bounds them, and the calibration is made with it. Without a TTL the older part, which is looked at in both directions of time, understates how stale entries become: the last column is above the target, so never certify without a TTL what changes. The alarm is put to answers that change; it sees a random ${percent(shadowShare, 0)} % of requests. Its seeds are draws of these checks on the ${streams} streams, so they show the alarm's chance, not that of other traffic. Drift noticed and delays are of the seeds without an alarm before the drift.`,
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
  /** Drifted: questions get look-alikes. */
  lookAlikes: Watched;
  /** Drifted: answers change faster than entries die. */
  changed: Watched;
  /** Without drift, and without a time to live. */
  endless: Watched;
}

async function runPlanted(requests: number, driftAt: number, seed: number): Promise<PlantedRun> {
  const calm = plantedItems({ requests, seed });
  const older = calm.slice(0, Math.floor(requests / 2));
  const later = (items: readonly PlantedItem[]) => items.slice(older.length);
  const mortal = await calibrate(older, seed, ttlS);
  const lookAlikes = plantedItems({ requests, seed, driftAt });
  const changed = changeAnswers(calm, driftAt);
  return {
    calm: await replayPart(older, later(calm), mortal),
    lookAlikes: await replayPart(older, later(lookAlikes), mortal),
    changed: await replayPart(older, later(changed), mortal),
    endless: await replayPart(older, later(calm), await calibrate(older, seed, Infinity)),
  };
}

function plantedItems(options: { requests: number; seed: number; driftAt?: number }): PlantedItem[] {
  const trace = streamTracer();
  const traffic = plantedCacheTraffic({ ...options, gapS: spanS / options.requests });
  return Array.from(traffic, (item) => ({
    ...trace({ ...item, segment: null }),
    at: item.created_at! / 1e6,
    question: item.answer_key!.replace(/\/v\d+$/, ""),
  }));
}

function changeAnswers(items: readonly PlantedItem[], from: number): PlantedItem[] {
  const start = items[from]!.at;
  return items.map((item, place) => {
    if (place < from || hashUnit("changed", item.question) < 0.5) return item;
    const version = 1 + Math.floor((item.at - start) / changedLifeS);
    const truth = item.truth + version * items.length;
    return { ...item, truth, answerGroup: truth };
  });
}

interface PlantedCache {
  policy: ServePolicy;
  lifeS: number;
  embed: (text: string) => Float32Array;
}

async function calibrate(older: readonly PlantedItem[], seed: number, lifeS: number): Promise<PlantedCache> {
  const { embed } = hashedEmbedder(512);
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
  return { policy: certifiedPolicy(score.model, thresholds), lifeS, embed };
}

async function replayPart(
  older: readonly PlantedItem[],
  later: readonly PlantedItem[],
  { policy, lifeS, embed }: PlantedCache,
): Promise<Watched> {
  const watched: Watched = { hits: 0, stale: 0, wrong: new Uint8Array(later.length) };
  let place = 0;
  await replayCache(later, {
    warm: older,
    policy,
    embed,
    ttlS: lifeS,
    capacity: older.length,
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
