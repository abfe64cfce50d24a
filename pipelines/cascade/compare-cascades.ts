import type { PolicyModel } from "@signalbox/runtime";
import {
  type CascadeFrontier,
  type CascadeResult,
  type CascadeRow,
  CascadeTake,
  type GateFacts,
} from "../../datasets/cascade-result.js";
import { faultlessRates, type GateRates } from "../../models/cascade/gate.js";
import { settleTotal } from "../../models/cascade/gated-sums.js";
import { abortBilling } from "./abort-billing.js";
import { cascadeFrontier, recommendPoint } from "./cascade-frontier.js";
import { type CascadeRows, canTake } from "./cascade-rows.js";
import { cascadeTimes } from "./cascade-times.js";
import { cascadeVerdict } from "./cascade-verdict.js";
import { treatmentDescriber } from "./describe-treatment.js";
import { loggedTimes } from "./logged-times.js";
import { matchedRouter, thresholdCurve } from "./matched-router.js";
import { sumCascade, type Treatment } from "./sum-cascade.js";
import { timeQuantiles } from "./time-quantiles.js";

/** What the comparison needs beside the attempts. */
export interface CompareOptions {
  /** The policy's strong model, whose list prices say what of a call is output. */
  strongModel: PolicyModel;
  gate: GateFacts | null;
  /** Share of always-strong's quality that was promised. */
  retention: number;
  billing: "streamed" | "full";
  /** Confidence from which the first model is asked; by default the recommended one, or 0 without any. */
  askFrom?: number;
}

/** A gate as the arithmetic needs it. */
interface GateAtWork {
  rates: GateRates;
  usd: number | null;
  ms: number | null;
}

/** Compare cascades and races, of what the router sends to the strong model and of everything, with the router and the strong model alone.
 * @param rows at least one attempt, and two models */
export function compareCascades(
  rows: CascadeRows,
  options: CompareOptions,
): Pick<CascadeResult, "strategies" | "frontiers" | "thresholds" | "abort"> {
  const { gate, billing, retention, strongModel } = options;
  const { replay, first, strong } = rows;
  const [cheapName, strongName] = [replay.models[first]!, replay.models[strong]!];
  const models = loggedTimes(replay);
  const times = cascadeTimes(rows, { models, gateMs: gate?.ms ?? null });
  const instant = cascadeTimes(rows, { models, gateMs: 0 });
  const aborts = abortBilling(replay, { times, strong: strongModel, billing });
  const single = (modelOf: Treatment["modelOf"]) => sumCascade(rows, times, { cascade: null, modelOf });
  const strongSums = single(() => strong);
  const describe = treatmentDescriber(rows, strongSums);
  const versus = matchedRouter(rows);

  const alone = (strategy: "always_strong" | "router", label: string): CascadeRow => {
    const sums = strategy === "router" ? single((row) => replay.chosen[row]!) : strongSums;
    const quantiles = timeQuantiles(rows, {
      times,
      sums,
      rates: faultlessRates,
      gateMs: 0,
      isRace: false,
    });
    return {
      strategy,
      takes: null,
      label,
      ...describe(sums, faultlessRates, true),
      escalated: null,
      p50_ms: quantiles?.p50 ?? null,
      p95_ms: quantiles?.p95 ?? null,
      versus_router_usd: null,
      break_even_gate_usd: null,
    };
  };

  const cascaded = (
    strategy: "cascade" | "race" | "limit",
    { takes, label, askFrom, at }: { takes: CascadeTake; label: string; askFrom: number; at: GateAtWork },
  ): CascadeRow => {
    const isRace = strategy === "race";
    const used = strategy === "limit" ? instant : times;
    const sums = sumCascade(rows, used, {
      cascade: {
        takes,
        askFrom,
        gateUsd: at.usd ?? 0,
        abortedShare: isRace ? aborts.billedShare : null,
      },
      modelOf: () => strong,
    });
    const quantiles = timeQuantiles(rows, { times: used, sums, rates: at.rates, gateMs: at.ms, isRace });
    const against = versus(sums, at.rates);
    const asked = settleTotal(sums.asked)(1, 1);
    const evenUsd = against && asked > 0 ? (at.usd ?? 0) - against.value / asked : null;
    return {
      strategy,
      takes,
      label,
      ...describe(sums, at.rates, at.usd !== null),
      p50_ms: quantiles?.p50 ?? null,
      p95_ms: quantiles?.p95 ?? null,
      versus_router_usd:
        against && at.usd !== null ? { ...against, method: versusMethod, n: rows.rows.length } : null,
      break_even_gate_usd: strategy === "limit" ? null : evenUsd,
    };
  };

  const work: GateAtWork | null = gate && { rates: gate, usd: gate.usd, ms: gate.ms };
  const kinds = Object.values(CascadeTake).map((takes) => {
    const what = takes === CascadeTake.all ? "every call" : "what the router sends to the strong model";
    const ideal = recommendPoint(
      cascadeFrontier(rows, { takes, rates: faultlessRates, gateUsd: 0 }),
      retention,
    );
    const limit = cascaded("limit", {
      takes,
      label: `Upper limit: a faultless, free, instant gate on ${what}`,
      askFrom: ideal?.ask_from ?? 0,
      at: { rates: faultlessRates, usd: 0, ms: 0 },
    });
    if (work === null) return { rows: [limit], frontier: null };
    const points = cascadeFrontier(rows, { takes, rates: work.rates, gateUsd: work.usd });
    const recommended = recommendPoint(points, retention);
    const askFrom = options.askFrom ?? recommended?.ask_from ?? 0;
    const cascade = cascaded("cascade", {
      takes,
      label: `Cascade: ${cheapName} first, on ${what}`,
      askFrom,
      at: work,
    });
    const race = cascaded("race", {
      takes,
      label: `Race: ${cheapName} beside ${strongName}, on ${what}`,
      askFrom,
      at: work,
    });
    const verdict = cascadeVerdict(cascade, { recommended, retention, askFrom });
    const frontier: CascadeFrontier = { takes, points, recommended, ask_from: askFrom, verdict };
    return { rows: [cascade, race, limit], frontier };
  });

  return {
    strategies: [
      alone("always_strong", `Always ${strongName}`),
      alone("router", "Router, no cascade"),
      ...kinds.flatMap((kind) => kind.rows),
    ],
    frontiers: kinds.flatMap(({ frontier }) => frontier ?? []),
    thresholds: thresholdCurve(rows),
    abort: { billing, ...abortShares(rows, work === null ? null : aborts) },
  };
}

const versusMethod =
  "modelled: cost minus that of a confidence threshold over the same two models that keeps the same quality; 95 % interval: cluster-robust by session (Student t), and the gate's rates within their own intervals (MOVER)";

function abortShares(
  rows: CascadeRows,
  aborts: ReturnType<typeof abortBilling> | null,
): { stopped_share: number | null; billed_share: number | null } {
  const { replay, strong } = rows;
  let [taken, stopped, billed, cost] = [0, 0, 0, 0];
  for (const row of aborts === null ? [] : rows.rows) {
    if (!canTake(rows, row, CascadeTake.all)) continue;
    const usd = replay.usd[strong * replay.rows + row]!;
    taken += 1;
    stopped += Number(aborts!.stops(row));
    billed += usd * aborts!.billedShare(row);
    cost += usd;
  }
  return {
    stopped_share: taken > 0 ? stopped / taken : null,
    billed_share: cost > 0 ? billed / cost : null,
  };
}
