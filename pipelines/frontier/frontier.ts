import type { Policy } from "@signalbox/runtime";
import {
  FrontierKind,
  type FrontierPoint,
  type FrontierQuery,
  type FrontierResult,
} from "../../datasets/frontier-result.js";
import { paretoFront } from "../../models/frontier/pareto-front.js";
import { coverageLines } from "../replay/coverage-lines.js";
import type { ReplayData } from "../replay/replay-data.js";
import { answerQuery, type Limits, type QueryCandidate } from "./answer-query.js";
import { costMatrix } from "./cost-matrix.js";
import type { FrontierSetting } from "./frontier-setting.js";
import { frontierSettings } from "./frontier-settings.js";
import { type SettingFigures, settingMeasurer } from "./measure-setting.js";
import { countSessions, sweepRows } from "./sweep-rows.js";
import { thresholdsInForce } from "./thresholds-in-force.js";

/** What a frontier is asked. */
export interface FrontierOptions {
  policy: Policy;
  artifactId: string;
  isSimulated: boolean;
  /** Least quality kept, share of always-strong; default the policy's promise. */
  minRetention?: number;
  /** Longest p95 latency; default no limit. */
  maxP95Ms?: number;
}

/** Lay every setting of a router over a replayed log: cost, quality kept and p95 latency with intervals, the Pareto front, and the cheapest
 * setting under constraints. Costs are re-priced, quality is the router's own estimate, latencies are drawn from logged ones. */
export function frontierOf(replay: ReplayData, options: FrontierOptions): FrontierResult {
  const { policy, artifactId, isSimulated, minRetention = policy.retention_target, maxP95Ms } = options;
  const sweep = sweepRows(replay, thresholdsInForce(policy));
  const measures = [null, 0, 1].map((half) => settingMeasurer(sweep, half));
  const measured = (sweep.rows.length === 0 ? [] : frontierSettings(sweep, policy)).flatMap((setting) => {
    const [all, choose, confirm] = measures.map((measure) => measure(setting.sums));
    const { sums: _, ...facts } = setting;
    return all!.usd === null ? [] : [{ facts, all: all!, choose: choose!, confirm: confirm! }];
  });
  const points = onFront(measured.map(({ facts, all }) => pointOf(facts, all)));
  const candidates = measured.flatMap(({ facts, ...figures }, point): QueryCandidate[] => {
    if (!realisable.has(facts.kind)) return [];
    const isSettable = facts.command !== null || facts.kind === FrontierKind.router;
    return [{ point, label: facts.label, isSettable, ...figures }];
  });
  const billed = measured.find(({ facts }) => facts.kind === FrontierKind.billed);
  const today = billed?.choose.p95?.high ?? Number.POSITIVE_INFINITY;
  return {
    schema_version: 1,
    artifact_id: artifactId,
    requests: sweep.rows.length,
    sessions: countSessions(sweep),
    free_requests: sweep.free,
    points,
    queries: queries(
      candidates,
      { minRetention, maxP95Ms: maxP95Ms ?? null },
      Number.isFinite(today) ? today : null,
    ),
    matrix: costMatrix(replay),
    coverage: coverageLines(replay),
    is_simulated: isSimulated,
    notes,
  };
}

/** Kinds that somebody could put into force. */
const realisable: ReadonlySet<FrontierKind> = new Set([
  FrontierKind.router,
  FrontierKind.dial,
  FrontierKind.threshold,
  FrontierKind.perApp,
  FrontierKind.single,
]);

const otherRetentions = [0.9, 0.95, 0.97, 0.98, 0.99] as const;

const notes = [
  "Quality kept is the router's own calibrated estimate on the log, and it favours whatever chooses by it. Certified retentions come from held-out outcomes in training.",
  "A setting changes only attempts that the router sent where sufficiency alone sends them. The others keep its choice: stakes, rules, sessions and constraints decided them.",
  "The sweep decides each attempt by itself. A router also holds sessions to a model and sends novel requests to the strong model, whatever the threshold.",
  "Latency is that of one answered attempt, batch calls left out; retries and the router's own time are not in it.",
  "The other questions' limit of latency is the upper 95 % bound of today's p95 on the sessions that choose: not noticeably slower than now.",
  "The settings by bounds are chosen on one half of the sessions and told with the figures of the other half.",
];

function pointOf(facts: Omit<FrontierSetting, "sums">, figures: SettingFigures): FrontierPoint {
  const { usd, saving, retention, p50Ms, p95, strongShare } = figures;
  return {
    ...facts,
    usd: usd!,
    saving: facts.kind === FrontierKind.billed ? null : saving,
    retention,
    p50_ms: p50Ms,
    p95_ms: p95,
    strong_share: strongShare,
    is_on_front: false,
    is_on_front_with_latency: false,
  };
}

/** Mark the points of realisable kinds that no other such point beats. */
function onFront(points: readonly FrontierPoint[]): FrontierPoint[] {
  const coordinates = points.map(({ kind, usd, retention, p95_ms: p95 }) =>
    realisable.has(kind)
      ? [usd.value, -(retention?.value ?? Number.NaN), p95?.value ?? Number.NaN]
      : [Number.NaN, Number.NaN, Number.NaN],
  );
  const front = paretoFront(coordinates.map(([usd, kept]) => [usd!, kept!]));
  const withLatency = paretoFront(coordinates);
  return points.map((point, i) => ({
    ...point,
    is_on_front: front[i]!,
    is_on_front_with_latency: withLatency[i]!,
  }));
}

/** The question that was asked, and the same at other qualities, without a limit of latency and not slower than today.
 * @param todayMs upper 95 % bound of the bill's p95 on the half that chooses; null = unknown */
function queries(
  candidates: readonly QueryCandidate[],
  asked: Limits,
  todayMs: number | null,
): FrontierQuery[] {
  const others = otherRetentions.flatMap((minRetention) =>
    (todayMs === null ? [null] : [null, todayMs]).map((maxP95Ms) => ({ minRetention, maxP95Ms })),
  );
  const isAsked = (limits: Limits) =>
    limits.minRetention === asked.minRetention && limits.maxP95Ms === asked.maxP95Ms;
  return [asked, ...others.filter((limits) => !isAsked(limits))].map((limits) =>
    answerQuery(candidates, limits),
  );
}
