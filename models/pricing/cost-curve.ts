import { Exact } from "./exact.js";
import type { GpuFleet, PlanRates, PricingPlan } from "./plan.js";
import { tokensOf, type Volume } from "./volume.js";

/** Cost = base + perCall x calls, for from < calls <= to (to null: without end). */
export interface CurvePiece {
  from: Exact;
  to: Exact | null;
  base: Exact;
  perCall: Exact;
}

/** Cost of a month by its number of calls, exactly: pieces that join end to end from 0. A curve that ends has a cap: the plan serves no
 * more calls than that. */
export type CostCurve = readonly CurvePiece[];

/** Steps of a fleet that are followed; a curve ends after as many replicas. */
const maxSteps = 100;

/** The curve of a plan for traffic of one shape: what `planCost` computes for calls x call, as a piecewise linear function.
 * @param call one average call
 * @param users who subscribe, all alike
 * @param monthDays days in a month, for quotas by day
 * @throws {RangeError} if the plan is at list price and the call has none */
export function costCurve(
  plan: PricingPlan,
  call: Volume,
  { users = 1, monthDays = 30 }: { users?: number; monthDays?: number } = {},
): CostCurve {
  const parts = [
    tokenCurve(plan, call),
    line(perCallFee(plan, call)),
    subscriptionCurve(plan, call, users, monthDays),
    gpuCurve(plan.gpu, call),
  ];
  const factor = percentPlus(plan.credit_fee_percent);
  return parts.reduce(addCurves).map((piece) => ({
    ...piece,
    base: piece.base.times(factor),
    perCall: piece.perCall.times(factor),
  }));
}

/** A curve that is proportional to calls. */
export function line(perCall: Exact): CostCurve {
  return [{ from: zero, to: null, base: zero, perCall }];
}

/** Token charge of one call, after batch discount and mark-up and before a commitment, USD. */
export function tokenChargePerCall(plan: PricingPlan, call: Volume): Exact {
  if (plan.tokens === null) return zero;
  const all = meter(plan.tokens, call, "");
  const eligible =
    plan.batch === null
      ? zero
      : plan.batch.eligible_percent === null
        ? meter(plan.tokens, call, "batchable_")
        : all.times(plan.batch.eligible_percent).over(100);
  return all
    .minus(eligible.times(plan.batch?.discount_percent ?? 0).over(100))
    .times(percentPlus(plan.markup_percent));
}

/** Fixed fee of one average call, USD. */
export function perCallFee({ call: fee }: PricingPlan, call: Volume): Exact {
  if (fee === null) return zero;
  const counted =
    fee.counts === "answers" ? Exact.of(call.calls).minus(call.failed_calls).over(call.calls) : Exact.of(1);
  return counted.times(fee.usd);
}

/** 1 + percent / 100. */
export function percentPlus(percent: number): Exact {
  return Exact.of(percent).over(100).plus(1);
}

const zero = Exact.of(0);

function meter(price: PlanRates | "list", call: Volume, part: "" | "batchable_"): Exact {
  if (price === "list") return Exact.of(call[`${part}list_usd`]);
  return Exact.sum([
    Exact.of(call[`${part}input_tokens`]).times(price.input_usd_per_mtok),
    Exact.of(call[`${part}cached_input_tokens`]).times(price.cached_input_usd_per_mtok),
    Exact.of(call[`${part}cache_write_tokens`]).times(price.cache_write_usd_per_mtok),
    Exact.of(call[`${part}output_tokens`]).times(price.output_usd_per_mtok),
  ]).over(1_000_000);
}

function tokenCurve(plan: PricingPlan, call: Volume): CostCurve {
  const perCall = tokenChargePerCall(plan, call);
  if (plan.commitment === null) return line(perCall);
  const { usd_per_month: promised, discount_percent, overage_discount_percent } = plan.commitment;
  const base = Exact.of(promised);
  const drawn = perCall.times(percentPlus(-discount_percent));
  if (drawn.compare(0) <= 0) return [{ from: zero, to: null, base, perCall: zero }];
  return bend(base, base.over(drawn), perCall.times(percentPlus(-overage_discount_percent)));
}

function subscriptionCurve(
  { subscription }: PricingPlan,
  call: Volume,
  users: number,
  monthDays: number,
): CostCurve {
  if (subscription === null) return line(zero);
  const { included, overage_usd: price, per } = subscription;
  const seats = per === "user" ? users : 1;
  const base = Exact.of(subscription.usd_per_month).times(seats);
  const flat: CurvePiece = { from: zero, to: null, base, perCall: zero };
  const perCall = included?.unit === "tokens" ? Exact.of(tokensOf(call)) : Exact.of(1);
  if (included === null || perCall.equals(0)) return [flat];
  const calls = Exact.of(included.amount)
    .times(seats)
    .times(included.period === "day" ? monthDays : 1)
    .over(perCall);
  if (price === null) return [{ ...flat, to: calls }];
  return bend(base, calls, perCall.times(price).over(included.unit === "tokens" ? 1_000_000 : 1));
}

/** Flat up to a number of calls, then rising. */
function bend(base: Exact, at: Exact, perCall: Exact): CostCurve {
  const rising = { from: at, to: null, base: base.minus(perCall.times(at)), perCall };
  return at.equals(0) ? [rising] : [{ from: zero, to: at, base, perCall: zero }, rising];
}

function gpuCurve(gpu: GpuFleet | null, call: Volume): CostCurve {
  if (gpu === null) return line(zero);
  const replica = Exact.of(gpu.usd_per_hour).times(gpu.hours_per_month);
  const tokens = Exact.of(tokensOf(call));
  if (tokens.equals(0)) return [{ from: zero, to: null, base: replica.times(gpu.replicas), perCall: zero }];
  const capacity = Exact.of(gpu.tokens_per_second)
    .times(3600)
    .times(gpu.hours_per_month)
    .times(gpu.utilisation)
    .over(tokens);
  const last = gpu.max_replicas ?? gpu.replicas + maxSteps - 1;
  const steps = Math.max(1, Math.min(maxSteps, last - gpu.replicas + 1));
  return Array.from({ length: steps }, (_, i) => {
    const replicas = gpu.replicas + i;
    return {
      from: i === 0 ? zero : capacity.times(replicas - 1),
      to: capacity.times(replicas),
      base: replica.times(replicas),
      perCall: zero,
    };
  });
}

function addCurves(a: CostCurve, b: CostCurve): CostCurve {
  return overlay(a, b).map(([one, other, from, to]) => ({
    from,
    to,
    base: one.base.plus(other.base),
    perCall: one.perCall.plus(other.perCall),
  }));
}

/** The stretches on which neither of two curves bends, up to the end of the shorter one. */
export function overlay(a: CostCurve, b: CostCurve): Array<[CurvePiece, CurvePiece, Exact, Exact | null]> {
  const out: Array<[CurvePiece, CurvePiece, Exact, Exact | null]> = [];
  let from = zero;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [one, other] = [a[i]!, b[j]!];
    const to = earlier(one.to, other.to);
    out.push([one, other, from, to]);
    if (to === null) break;
    if (one.to?.equals(to)) i += 1;
    if (other.to?.equals(to)) j += 1;
    from = to;
  }
  return out;
}

function earlier(a: Exact | null, b: Exact | null): Exact | null {
  if (a === null || b === null) return a ?? b;
  return a.compare(b) <= 0 ? a : b;
}
