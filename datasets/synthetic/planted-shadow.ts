import { type ShadowPairRecord, type ShadowSide, ShadowStatus } from "@signalbox/runtime";
import { createRandom, type Random } from "../random.js";

/** A planted response shadow: SYNTHETIC traffic whose truth is the options. */
export interface PlantedShadowOptions {
  /** First day, ISO 8601; a Monday unless it matters. */
  from?: string;
  days: number;
  /** Sampled sessions a day, and their mean number of requests. */
  sessionsPerDay: number;
  meanSession?: number;
  discordance: number;
  /** True mean quality of the baseline minus the candidate's. */
  difference: number;
  icc?: number;
  rate?: number;
  /** True shares of the candidate's calls. */
  candidateErrors?: number;
  candidateRefusals?: number;
  /** Latency of the candidate over that of the baseline, whose median is 800 ms. */
  latencyRatio?: number;
  /** Share of sampled calls that the budget drops. */
  dropped?: number;
  /** Added to the difference of the slice locale = de, a fifth of the sessions. */
  sliceHarm?: number;
  /** Share of sampled sessions that are lost from both logs, as a broken sampler loses them. */
  lost?: number;
  seed: number;
}

/** The three logs of a planted shadow. */
export interface PlantedShadow {
  pairs: ShadowPairRecord[];
  verdicts: Array<{
    pair_id: string;
    difference: number;
    baseline_success: boolean;
    candidate_success: boolean;
  }>;
  /** Of all traffic, one line a request. */
  decisions: Array<Record<string, unknown>>;
}

/** Plant a response shadow with its verdicts and decision log. */
export function plantShadow(options: PlantedShadowOptions): PlantedShadow {
  const { days, sessionsPerDay, meanSession = 1, rate = 0.1, dropped = 0, lost = 0, seed } = options;
  const start = Date.parse(options.from ?? "2026-06-01T00:00:00Z");
  const random = createRandom(seed);
  const out: PlantedShadow = { pairs: [], verdicts: [], decisions: [] };
  const units = Math.round((days * sessionsPerDay) / rate);
  for (let unit = 0; unit < units; unit++) {
    const isSampled = random.uniform() < rate;
    if (isSampled && random.uniform() < lost) continue;
    const session = `s${unit}`;
    const bucket = isSampled ? random.uniform() * rate : rate + random.uniform() * (1 - rate);
    const locale = random.uniform() < 0.2 ? "de" : "en";
    const slices = { app: random.uniform() < 0.5 ? "chat" : "search", locale };
    const own = drawDifference(random, options, locale);
    let at = start + ((unit + random.uniform()) / units) * days * 864e5;
    let turn = 0;
    do {
      const request = `${session}-${turn}`;
      at += turn === 0 ? 0 : 60_000 * (1 + random.uniform());
      turn += 1;
      out.decisions.push({
        v: 2,
        ts: new Date(at).toISOString(),
        request_id: request,
        session_hash: session,
        bucket,
        shadow_sampled: isSampled,
        artifact: "20260531-0badcafe",
        decided_model: "gpt-4.1-mini",
        served_model: "gpt-4.1",
        reasons: ["sufficient"],
        took_us: 150,
        usage: usageOf(random),
        slices,
      });
      if (!isSampled) continue;
      const isDropped = random.uniform() < dropped;
      const isFailed = !isDropped && random.uniform() < (options.candidateErrors ?? 0);
      const pairId = `p${request}`;
      out.pairs.push({
        v: 1,
        ts: new Date(at).toISOString(),
        pair_id: pairId,
        request_id: request,
        session_hash: session,
        bucket,
        rate,
        artifact: "20260531-0badcafe",
        status: isDropped
          ? ShadowStatus.droppedBudget
          : isFailed
            ? ShadowStatus.candidateFailed
            : ShadowStatus.paired,
        baseline: sideOf(random, "gpt-4.1", 1, false),
        candidate: isDropped
          ? null
          : {
              ...sideOf(random, "gpt-4.1-mini", options.latencyRatio ?? 1, isFailed),
              is_refusal: random.uniform() < (options.candidateRefusals ?? 0),
            },
        slices,
        content_ref: null,
        content: null,
      });
      if (isDropped || isFailed) continue;
      const isShared = random.uniform() < Math.sqrt(options.icc ?? 0);
      const difference = isShared ? own : drawDifference(random, options, locale);
      const bothRight = random.uniform() < 0.8;
      out.verdicts.push({
        pair_id: pairId,
        difference,
        baseline_success: difference === 0 ? bothRight : difference > 0,
        candidate_success: difference === 0 ? bothRight : difference < 0,
      });
    } while (random.uniform() < 1 - 1 / meanSession);
  }
  return out;
}

function drawDifference(
  random: Random,
  { discordance, difference, sliceHarm = 0 }: PlantedShadowOptions,
  locale: string,
): number {
  const mean = difference + (locale === "de" ? sliceHarm : 0);
  const spread = Math.max(discordance, Math.abs(mean));
  const u = random.uniform();
  return u < (spread + mean) / 2 ? 1 : u < spread ? -1 : 0;
}

function usageOf(random: Random): Record<string, number> {
  return { prompt_tokens: 500 + random.below(500), completion_tokens: 100 + random.below(200) };
}

function sideOf(random: Random, model: string, latencyRatio: number, isFailed: boolean): ShadowSide {
  return {
    model,
    usage: isFailed ? null : (usageOf(random) as ShadowSide["usage"]),
    latency_ms: isFailed ? null : 800 * latencyRatio * Math.exp(0.5 * random.normal()),
    ttft_ms: null,
    finish_reason: isFailed ? null : "stop",
    error: isFailed ? "500" : null,
    error_class: isFailed ? "overloaded" : null,
    is_refusal: false,
    is_valid_json: null,
  };
}
