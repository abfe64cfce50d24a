import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import type { FocusRow } from "../../datasets/focus-row.js";
import { openPriceBook, type PriceBook } from "../../datasets/prices/price-book.js";
import type { TokenRates } from "../../datasets/prices/rate-card.js";
import { priceFolder } from "../../datasets/prices/read-price-folder.js";
import { openTables, requireManifest, type Workspace } from "../../datasets/workspace.js";

/** Spend as FOCUS-shaped rows: one per UTC day, provider, model, service tier, API key and token type; usage without a known
 * price has rows of its own with null costs. What a group of calls was billed is apportioned over its token types by their
 * list charges, so that the rows add up to the bill; a bill without list rates stays whole, as token type "all".
 * @throws {StageError} when nothing was ingested */
export async function focusRows(workspace: Workspace): Promise<FocusRow[]> {
  requireManifest(workspace, "ingest", `signalbox ingest FILES --workspace ${workspace.path}`);
  const prices = openPriceBook({ folder: priceFolder(workspace) });
  const engine = await openTables(workspace);
  try {
    return await focusTables(engine, prices);
  } finally {
    engine.close();
  }
}

/** The FOCUS rows of an engine's `requests` table. */
export async function focusTables(engine: Engine, prices: PriceBook = openPriceBook()): Promise<FocusRow[]> {
  await engine.run(readSql("pipelines/sql/billed-requests.sql"));
  const groups = await engine.rows<FocusGroup>(readSql("pipelines/focus/focus-groups.sql"));
  return groups.flatMap((group) => rowsOf(group, prices));
}

/** Money and tokens of calls that share a day, a price and a key. */
interface FocusGroup {
  /** YYYY-MM-DD. */
  day: string;
  /** Microseconds since 1970, UTC. */
  first_at: number;
  provider: string | null;
  model: string;
  service_tier: string | null;
  is_batch: boolean;
  api_key: string | null;
  requests: number;
  billed_usd: number | null;
  list_usd: number | null;
  input_uncached: number;
  input_cache_read: number;
  input_cache_write_5m: number;
  input_cache_write_1h: number;
  output_text: number;
  output_reasoning: number;
}

const meters = [
  ["input_uncached", "input", "Input tokens"],
  ["input_cache_read", "cacheRead", "Input tokens, cache read"],
  ["input_cache_write_5m", "cacheWrite5m", "Input tokens, cache write 5 minutes"],
  ["input_cache_write_1h", "cacheWrite1h", "Input tokens, cache write 1 hour"],
  ["output_text", "output", "Output tokens"],
  ["output_reasoning", "reasoning", "Output tokens, reasoning"],
] as const satisfies ReadonlyArray<readonly [keyof FocusGroup, keyof TokenRates, string]>;

interface Part {
  tokenType: string;
  meter: string;
  tokens: number | null;
  /** Of the group's money; null when nothing says how to split it. */
  share: number | null;
}

function rowsOf(group: FocusGroup, prices: PriceBook): FocusRow[] {
  const { model, provider, first_at: createdAt, service_tier: serviceTier, is_batch: isBatch } = group;
  const card = prices.rateCard({ model, provider, createdAt, serviceTier, isBatch });
  const rates = "reason" in card ? null : card.tiers[0]!.usdPerMTok;
  const source = "reason" in card ? null : card.priceSource;
  return partsOf(group, rates).map((part) => focusRow(group, part, source));
}

function partsOf(group: FocusGroup, rates: TokenRates | null): Part[] {
  const used = meters.filter(([column]) => group[column] > 0);
  const charges = used.map(([column, kind]) => group[column] * (rates?.[kind] ?? Number.NaN));
  const total = charges.reduce((sum, charge) => sum + charge, 0);
  const isPriced = group.billed_usd !== null;
  if (isPriced && !(total > 0)) {
    const tokens = used.reduce((sum, [column]) => sum + group[column], 0);
    return [{ tokenType: "all", meter: "Tokens", tokens, share: 1 }];
  }
  if (used.length === 0) return [{ tokenType: "all", meter: "Tokens", tokens: null, share: null }];
  return used.map(([column, , meter], i) => ({
    tokenType: column,
    meter,
    tokens: group[column],
    share: isPriced ? charges[i]! / total : null,
  }));
}

function focusRow(group: FocusGroup, part: Part, priceSource: string | null): FocusRow {
  const { day, provider, model, api_key } = group;
  const of = (usd: number | null) => (usd === null || part.share === null ? null : rounded(usd * part.share));
  const billed = of(group.billed_usd);
  const list = of(group.list_usd);
  const unit = part.tokens === null ? null : "Tokens";
  return {
    BilledCost: billed,
    BillingAccountId: null,
    BillingCurrency: "USD",
    BillingPeriodStart: `${day.slice(0, 7)}-01T00:00:00Z`,
    BillingPeriodEnd: `${nextMonth(day)}-01T00:00:00Z`,
    ChargeCategory: "Usage",
    ChargeClass: null,
    ChargeDescription: `${model}: ${part.meter}`,
    ChargeFrequency: "Usage-Based",
    ChargePeriodStart: `${day}T00:00:00Z`,
    ChargePeriodEnd: `${nextDay(day)}T00:00:00Z`,
    ConsumedQuantity: part.tokens,
    ConsumedUnit: unit,
    ContractedCost: billed,
    EffectiveCost: billed,
    InvoiceIssuerName: provider,
    ListCost: list,
    ListUnitPrice: list === null || !part.tokens ? null : rounded(list / part.tokens),
    PricingCategory: list === null ? null : "Standard",
    PricingCurrency: "USD",
    PricingQuantity: part.tokens,
    PricingUnit: unit,
    ProviderName: provider,
    PublisherName: provider,
    ServiceCategory: "AI and Machine Learning",
    ServiceName: provider ?? "unknown",
    ServiceSubcategory: "Generative AI",
    SkuId: [provider ?? "unknown", model, part.tokenType].join("/"),
    SkuMeter: part.meter,
    SkuPriceDetails: JSON.stringify({
      model,
      token_type: part.tokenType,
      service_tier: group.service_tier,
      is_batch: group.is_batch,
      price_source: list === null ? null : priceSource,
    }),
    SkuPriceId: list === null ? null : [provider ?? "unknown", model, part.tokenType, day].join("/"),
    SubAccountId: api_key,
    Tags: "{}",
  };
}

/** To 12 digits: the last ones depend on the order in which threads add. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function nextMonth(day: string): string {
  const [year, month] = day.split("-").map(Number) as [number, number];
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7);
}
