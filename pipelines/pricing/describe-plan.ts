import { Exact } from "../../models/pricing/exact.js";
import { formatExact, formatUsd } from "../../models/pricing/format-exact.js";
import type { GpuFleet, PricingPlan, Subscription } from "../../models/pricing/plan.js";

/** A plan's terms in one line. */
export function describePlan(plan: PricingPlan): string {
  const { batch, commitment } = plan;
  const parts = [
    ...(plan.tokens === null ? [] : [describeTokens(plan.tokens)]),
    ...(plan.markup_percent === 0 ? [] : [`+ ${plan.markup_percent} % mark-up`]),
    ...(batch === null
      ? []
      : [
          `${batch.discount_percent} % off ${batch.eligible_percent === null ? "batchable calls" : `${batch.eligible_percent} % of it as batches`}`,
        ]),
    ...(commitment === null
      ? []
      : [
          `${usd(commitment.usd_per_month)} a month committed at ${commitment.discount_percent} % off`,
          ...(commitment.overage_discount_percent === 0
            ? []
            : [`${commitment.overage_discount_percent} % off beyond it`]),
        ]),
    ...(plan.call === null
      ? []
      : [`${usd(plan.call.usd)} a call${plan.call.counts === "answers" ? " that is answered" : ""}`]),
    ...(plan.subscription === null ? [] : [describeSubscription(plan.subscription)]),
    ...(plan.gpu === null ? [] : [describeGpu(plan.gpu)]),
    ...(plan.credit_fee_percent === 0 ? [] : [`${plan.credit_fee_percent} % fee on credits`]),
  ];
  return parts.join(", ");
}

function describeTokens(tokens: NonNullable<PricingPlan["tokens"]>): string {
  if (tokens === "list") return "tokens at list price";
  return `tokens at ${usd(tokens.input_usd_per_mtok)} in (${usd(tokens.cached_input_usd_per_mtok)} cached) and ${usd(tokens.output_usd_per_mtok)} out per million`;
}

function describeSubscription({ usd_per_month, per, included, overage_usd: overage }: Subscription): string {
  const price = `${usd(usd_per_month)} a month${per === "user" ? " per user" : ""}`;
  if (included === null) return price;
  const quota = `${formatExact(Exact.of(included.amount))} ${included.unit} a ${included.period} included`;
  const above =
    overage === null
      ? "nothing above served"
      : `then ${usd(overage)} a ${included.unit === "calls" ? "call" : "million tokens"}`;
  return `${price}, ${quota}, ${above}`;
}

function describeGpu(gpu: GpuFleet): string {
  const { usd_per_hour, tokens_per_second, utilisation, hours_per_month, replicas } = gpu;
  return `machines at ${usd(usd_per_hour)} an hour, ${tokens_per_second} tokens a second at ${utilisation * 100} % load, ${hours_per_month} hours a month, ${replicas} or more`;
}

function usd(value: number): string {
  return formatUsd(Exact.of(value));
}
