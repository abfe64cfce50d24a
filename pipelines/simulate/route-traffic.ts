import type { Policy, Router } from "@signalbox/runtime";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import type { Progress } from "../../datasets/progress.js";
import type { SimulateResult } from "../../datasets/results.js";
import { type PricedModel, repriceOn } from "./reprice.js";
import { trafficRequest } from "./traffic-request.js";
import type { TrafficRow } from "./traffic-row.js";

/** Logged requests that the router could have decided, as columns of equal length. Model index m refers to `models`. */
export interface RoutedTraffic {
  /** The policy's models, ascending in cost; the strong model is last. */
  models: string[];
  sessions: Int32Array;
  apps: string[];
  /** What each request cost as logged, USD. */
  billed: Float64Array;
  /** Model that answered, index in `models`. */
  served: Int32Array;
  /** Model that the router would have chosen. */
  chosen: Int32Array;
  /** Cost of each request on each model, USD: [model][request]. */
  usd: Float64Array[];
  /** Calibrated probability that each model's answer is not worse than the strong model's: [model][request]. */
  sufficiency: Float64Array[];
}

/** Requests by what can be said about them. */
export type Coverage = NonNullable<SimulateResult["traffic"]>["coverage"];

/** Replay the log through a router in the order of time, so that sessions stay together as they would in production.
 * @returns the requests that can be routed, and the coverage: every attempt of the log is in exactly one of its lines */
export async function routeTraffic(options: {
  engine: Engine;
  router: Router;
  policy: Policy;
  onProgress?: Progress;
}): Promise<{ traffic: RoutedTraffic; coverage: Coverage }> {
  const { engine, router, policy, onProgress } = options;
  const models = policy.models.map(({ model }) => model);
  const pool: PricedModel[] = policy.models.map(({ model, provider }) => ({
    model,
    canonical: canonicalModel(model, provider),
    provider,
  }));
  const columns = new TrafficColumns(models);
  const left = new Map<string, { requests: number; usd: number }>();
  let done = 0;
  for await (const rows of engine.chunks<TrafficRow>(readSql("pipelines/simulate/traffic-to-route.sql"))) {
    for (const row of rows) {
      const served = pool.findIndex(({ canonical }) => canonical === row.model);
      const reason = reasonToLeave(row, served) ?? columns.add(row, served, router, pool);
      if (reason !== null) count(left, reason, row.billed_usd ?? 0);
    }
    done += rows.length;
    onProgress?.({ label: "routing the log", done, total: null, unit: "requests" });
  }
  const traffic = columns.finish();
  return { traffic, coverage: coverageOf(traffic, left) };
}

const reasons = {
  failed: "failed attempts: left as billed",
  embeddings: "embeddings and other non-chat calls: left as billed",
  otherModel: "served by a model outside the router's pool: left as billed",
  noText: "no prompt text in the log: left as billed",
  noPrice: "no known price: not in any total",
  noTokens: "no token counts, so no cost on another model: left as billed",
} as const;

function reasonToLeave(row: TrafficRow, served: number): string | null {
  if (row.is_unpriced || row.billed_usd === null) return row.is_success ? reasons.noPrice : reasons.failed;
  if (!row.is_success) return reasons.failed;
  if (row.endpoint === "embeddings") return reasons.embeddings;
  if (served < 0) return reasons.otherModel;
  if (row.user_text === null) return reasons.noText;
  if (row.input_uncached_tokens === null || row.output_text_tokens === null) return reasons.noTokens;
  return null;
}

class TrafficColumns {
  private readonly sessionNumbers = new Map<string, number>();
  private readonly sessions: number[] = [];
  private readonly apps: string[] = [];
  private readonly billed: number[] = [];
  private readonly served: number[] = [];
  private readonly chosen: number[] = [];
  private readonly usd: number[][];
  private readonly sufficiency: number[][];

  constructor(private readonly models: string[]) {
    this.usd = models.map(() => []);
    this.sufficiency = models.map(() => []);
  }

  /** Decide one request and keep it; or say why it can't be kept. */
  add(row: TrafficRow, served: number, router: Router, pool: readonly PricedModel[]): string | null {
    const usd = pool.map((model, m) => (m === served ? row.billed_usd : repriceOn(row, model)));
    if (usd.some((cost) => cost === null)) return reasons.noPrice;
    const decision = router.decide(trafficRequest(row));
    this.sessions.push(this.numberOf(row.session));
    this.apps.push(row.app);
    this.billed.push(row.billed_usd!);
    this.served.push(served);
    this.chosen.push(this.models.indexOf(decision.model));
    pool.forEach(({ model }, m) => {
      this.usd[m]!.push(usd[m]!);
      this.sufficiency[m]!.push(m === pool.length - 1 ? 1 : (decision.sufficiency[model] ?? Number.NaN));
    });
    return null;
  }

  finish(): RoutedTraffic {
    return {
      models: this.models,
      sessions: Int32Array.from(this.sessions),
      apps: this.apps,
      billed: Float64Array.from(this.billed),
      served: Int32Array.from(this.served),
      chosen: Int32Array.from(this.chosen),
      usd: this.usd.map((column) => Float64Array.from(column)),
      sufficiency: this.sufficiency.map((column) => Float64Array.from(column)),
    };
  }

  private numberOf(session: string): number {
    const known = this.sessionNumbers.get(session);
    if (known !== undefined) return known;
    this.sessionNumbers.set(session, this.sessionNumbers.size);
    return this.sessionNumbers.size - 1;
  }
}

function count(lines: Map<string, { requests: number; usd: number }>, reason: string, usd: number): void {
  const line = lines.get(reason) ?? { requests: 0, usd: 0 };
  lines.set(reason, { requests: line.requests + 1, usd: line.usd + usd });
}

function coverageOf(traffic: RoutedTraffic, left: Map<string, { requests: number; usd: number }>): Coverage {
  const routed = {
    evidence: "modelled" as const,
    requests: traffic.billed.length,
    usd: traffic.billed.reduce((sum, usd) => sum + usd, 0),
    note: "decided by the router and re-priced from logged tokens",
  };
  const rest = [...left].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    routed,
    ...rest.map(([note, { requests, usd }]) => ({
      evidence: note === reasons.noPrice ? ("unknown" as const) : ("measured" as const),
      requests,
      usd,
      note,
    })),
  ];
}
