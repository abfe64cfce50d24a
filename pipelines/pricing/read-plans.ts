import { createHash } from "node:crypto";
import { CheckedFields } from "../../datasets/checked-fields.js";
import { InputError } from "../../datasets/errors.js";
import type { PriceBook } from "../../datasets/prices/price-book.js";
import { readWrittenJson } from "../../datasets/read-written-json.js";
import type { GpuFleet, PlanRates, PricingPlan, Subscription } from "../../models/pricing/plan.js";

/** Plans of a file, as they are written in docs/pricing.md: {"plans": [{name, tokens?, call?, ...}]}.
 * @param options.book where the rates of `tokens: {model}` come from
 * @param options.at microseconds since 1970, UTC: moment of those rates
 * @throws {InputError} naming the first field that doesn't fit; it refuses the whole file */
export function readPlans(
  path: string,
  options: { book: PriceBook; at: number },
): { plans: PricingPlan[]; sha256: string } {
  const document = readWrittenJson(path);
  const file = new CheckedFields(document, path);
  file.choice("currency", ["USD"] as const, "USD");
  file.optionalText("about");
  const plans = file.objects("plans").map((fields) => readPlan(fields, options));
  file.end();
  if (plans.length > mostPlans)
    throw new InputError(`${path} has ${plans.length} plans; compare at most ${mostPlans} at a time`);
  const names = plans.map(({ name }) => name);
  const again = names.find((name, i) => names.indexOf(name) < i || name === asBilled);
  if (again !== undefined)
    throw new InputError(
      `${path}: the name ${JSON.stringify(again)} is taken; every plan has a name of its own`,
    );
  return { plans, sha256: createHash("sha256").update(JSON.stringify(document)).digest("hex") };
}

/** What the log's own cost is called beside plans. */
export const asBilled = "as billed";

const mostPlans = 50;
const money = { from: 0, to: 1e12 };

function readPlan(fields: CheckedFields, options: { book: PriceBook; at: number }): PricingPlan {
  const plan: PricingPlan = {
    name: fields.text("name"),
    tokens: readTokens(fields, options),
    markup_percent: fields.optionalNumber("markup_percent", { from: 0, to: 10_000 }) ?? 0,
    batch: readBatch(fields.optionalObject("batch")),
    call: readCall(fields.optionalObject("call")),
    subscription: readSubscription(fields.optionalObject("subscription")),
    commitment: readCommitment(fields.optionalObject("commitment")),
    gpu: readGpu(fields.optionalObject("gpu")),
    credit_fee_percent: fields.optionalNumber("credit_fee_percent", { from: 0, to: 100 }) ?? 0,
  };
  fields.optionalText("about");
  fields.end();
  const problem = problemOf(plan);
  if (problem !== null) throw new InputError(`${fields.where} (${plan.name}) ${problem}`);
  return plan;
}

/** What is wrong with parts that are fine by themselves. */
function problemOf({ tokens, call, subscription, gpu, ...plan }: PricingPlan): string | null {
  if (tokens === null && call === null && subscription === null && gpu === null)
    return "charges nothing; give it tokens, call, subscription or gpu";
  const onTokens = plan.markup_percent > 0 || plan.batch !== null || plan.commitment !== null;
  if (tokens === null && onTokens)
    return "has markup_percent, batch or commitment but no tokens, which they are on";
  if (subscription?.included && (tokens !== null || call !== null))
    return "has both an included amount and a price for every token or call; write what is charged above it as overage";
  if (subscription?.included?.period === "day" && subscription.per === "account")
    return "has a quota by day for the account; only a quota by month, or by user and day, can be replayed";
  if (gpu !== null && gpu.max_replicas !== null && gpu.max_replicas < gpu.replicas)
    return "has max_replicas below replicas";
  return null;
}

function readTokens(
  fields: CheckedFields,
  { book, at }: { book: PriceBook; at: number },
): PricingPlan["tokens"] {
  if (!fields.has("tokens")) return null;
  if (fields.any("tokens") === "list") return "list";
  if (typeof fields.any("tokens") !== "object")
    throw fields.wrong(
      "tokens",
      fields.any("tokens"),
      '"list", {"model"}, or {"input_usd_per_mtok", "output_usd_per_mtok"}',
    );
  const rates = fields.object("tokens");
  const read = rates.has("model") ? modelRates(rates, book, at) : ownRates(rates);
  rates.end();
  return read;
}

function ownRates(rates: CheckedFields): PlanRates {
  const input = rates.number("input_usd_per_mtok", money);
  return {
    input_usd_per_mtok: input,
    cached_input_usd_per_mtok: rates.optionalNumber("cached_input_usd_per_mtok", money) ?? input,
    cache_write_usd_per_mtok: rates.optionalNumber("cache_write_usd_per_mtok", money) ?? input,
    output_usd_per_mtok: rates.number("output_usd_per_mtok", money),
  };
}

/** The base rates of a model in the price book: those of its smallest prompts. */
function modelRates(rates: CheckedFields, book: PriceBook, at: number): PlanRates {
  const model = rates.text("model");
  const card = book.rateCard({ model, provider: rates.optionalText("provider"), createdAt: at });
  const base = "reason" in card ? null : card.tiers[0]!.usdPerMTok;
  if (base === null || base.input === null || base.output === null)
    throw new InputError(
      `${rates.where}.model: no list has a price per token of ${model}; see signalbox prices explain, or give the rates`,
    );
  return {
    input_usd_per_mtok: base.input,
    cached_input_usd_per_mtok: base.cacheRead ?? base.input,
    cache_write_usd_per_mtok: base.cacheWrite5m ?? base.input,
    output_usd_per_mtok: base.output,
  };
}

function readBatch(batch: CheckedFields | null): PricingPlan["batch"] {
  if (batch === null) return null;
  const read = {
    discount_percent: batch.number("discount_percent", { from: 0, to: 100 }),
    eligible_percent: batch.optionalNumber("eligible_percent", { from: 0, to: 100 }),
  };
  batch.end();
  return read;
}

function readCall(call: CheckedFields | null): PricingPlan["call"] {
  if (call === null) return null;
  const read = {
    usd: call.number("usd", money),
    counts: call.choice("counts", ["attempts", "answers"] as const, "attempts"),
  };
  call.end();
  return read;
}

function readSubscription(fields: CheckedFields | null): Subscription | null {
  if (fields === null) return null;
  const included = readIncluded(fields.optionalObject("included"));
  const overage = fields.optionalObject("overage");
  if (overage !== null && included === null)
    throw new InputError(`${fields.where} has overage but nothing included that it could be above`);
  const read: Subscription = {
    usd_per_month: fields.number("usd_per_month", money),
    per: fields.choice("per", ["account", "user"] as const, "account"),
    included,
    overage_usd:
      overage?.number(included?.unit === "tokens" ? "usd_per_mtok" : "usd_per_call", money) ?? null,
  };
  overage?.end();
  fields.end();
  return read;
}

function readIncluded(included: CheckedFields | null): Subscription["included"] {
  if (included === null) return null;
  const unit = included.has("tokens") ? "tokens" : "calls";
  const read = {
    unit,
    amount: included.number(unit, { above: 0, to: 1e18 }),
    period: included.choice("period", ["month", "day"] as const, "month"),
  } as const;
  included.end();
  return read;
}

function readCommitment(fields: CheckedFields | null): PricingPlan["commitment"] {
  if (fields === null) return null;
  const read = {
    usd_per_month: fields.number("usd_per_month", money),
    discount_percent: fields.number("discount_percent", { from: 0, below: 100 }),
    overage_discount_percent: fields.optionalNumber("overage_discount_percent", { from: 0, to: 100 }) ?? 0,
  };
  fields.end();
  return read;
}

function readGpu(fields: CheckedFields | null): GpuFleet | null {
  if (fields === null) return null;
  const read = {
    usd_per_hour: fields.number("usd_per_hour", money),
    tokens_per_second: fields.number("tokens_per_second", { above: 0, to: 1e9 }),
    utilisation: fields.number("utilisation", { above: 0, to: 1 }),
    hours_per_month: fields.optionalNumber("hours_per_month", { above: 0, to: 744 }) ?? hoursPerMonth,
    replicas: fields.optionalNumber("replicas", { from: 1, to: 100_000, isWhole: true }) ?? 1,
    max_replicas: fields.optionalNumber("max_replicas", { from: 1, to: 100_000, isWhole: true }),
  };
  fields.end();
  return read;
}

/** Machines that are never switched off: 365 days x 24 / 12. */
const hoursPerMonth = 730;
