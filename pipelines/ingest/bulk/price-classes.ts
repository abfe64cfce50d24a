import type { Engine } from "../../../datasets/engine/engine.js";
import { readSql } from "../../../datasets/engine/sql-file.js";
import type { PriceBook } from "../../../datasets/prices/price-book.js";
import { canonicalProvider } from "../../../datasets/prices/provider-names.js";
import { type RateRow, rateRows } from "../../../datasets/prices/rate-rows.js";
import { createTableSql, defineTable, type RowOf } from "../../../datasets/table.js";

/** Everything that names and rates are looked up by, once for all records that share it. */
const classes = defineTable({
  name: "classes",
  grain: "one row per (model, provider, tier, batch) as named, window of time and range of prompt sizes",
  columns: {
    model_named: { type: "VARCHAR", required: true, about: "Model as the record names it" },
    provider_named: { type: "VARCHAR", about: "Provider as the record names it" },
    service_tier: { type: "VARCHAR", about: "Service tier as the record names it" },
    is_batch: { type: "BOOLEAN", about: "Whether it went through a batch API" },
    valid_from: { type: "TIMESTAMP", required: true, about: "Start of the window, inclusive" },
    valid_to: { type: "TIMESTAMP", required: true, about: "End of the window, exclusive" },
    min_input_tokens: { type: "BIGINT", required: true, about: "Smallest input total of the range" },
    below_input_tokens: {
      type: "BIGINT",
      required: true,
      about: "Smallest input total that is too large for it",
    },
    canonical_model: { type: "VARCHAR", required: true, about: "Name in the request log" },
    canonical_provider: { type: "VARCHAR", about: "Provider in the request log" },
    price_source: {
      type: "VARCHAR",
      required: true,
      about: "List that the rates are from, or why there are none",
    },
    per_request_usd: {
      type: "DOUBLE",
      unit: "USD",
      about: "For the request itself; NULL when there is no price",
    },
    input_rate: { type: "DOUBLE", unit: "USD per million", about: "Uncached input" },
    cache_read_rate: { type: "DOUBLE", unit: "USD per million", about: "Cache reads" },
    cache_write_5m_rate: { type: "DOUBLE", unit: "USD per million", about: "Cache writes for 5 minutes" },
    cache_write_1h_rate: { type: "DOUBLE", unit: "USD per million", about: "Cache writes for an hour" },
    output_rate: { type: "DOUBLE", unit: "USD per million", about: "Output text" },
    reasoning_rate: { type: "DOUBLE", unit: "USD per million", about: "Reasoning" },
  },
});
type ClassRow = RowOf<typeof classes>;

/** One answer of bulk/price-classes.sql. Times are microseconds since 1970, UTC. */
interface PriceClass {
  model_named: string;
  provider_named: string | null;
  service_tier: string | null;
  is_batch: boolean | null;
  first_at: number;
  last_at: number;
}

/** Look up the canonical names and the rates of the claimed records' models, and leave them in the table `classes`. */
export async function fillClasses(engine: Engine, book: PriceBook): Promise<void> {
  await engine.run(createTableSql(classes).replace("CREATE TABLE", "CREATE OR REPLACE TEMP TABLE"));
  const found = await engine.rows<PriceClass>(readSql("pipelines/ingest/bulk/price-classes.sql"));
  await engine.append(
    "classes",
    classes,
    found.flatMap((named) => classRows(named, book)),
  );
}

function classRows(named: PriceClass, book: PriceBook): ClassRow[] {
  const {
    model_named: model,
    provider_named,
    service_tier: serviceTier,
    is_batch: isBatch,
    first_at,
    last_at,
  } = named;
  const provider = canonicalProvider(provider_named);
  const known = {
    model_named: model,
    provider_named,
    service_tier: serviceTier,
    is_batch: isBatch,
    canonical_model: book.canonicalModel(model, provider),
    canonical_provider: provider,
  };
  return book
    .rateCards({ provider, model, createdAt: first_at, serviceTier, isBatch }, last_at + 1)
    .flatMap((card): ClassRow[] => {
      const window = { valid_from: card.validFrom ?? first_at, valid_to: card.validTo ?? last_at + 1 };
      return "reason" in card
        ? [{ ...known, ...window, ...noRates, price_source: card.reason }]
        : rateRows(card).map((rates) => ({ ...known, ...window, ...columnsOf(rates) }));
    });
}

const noLimit = Number.MAX_SAFE_INTEGER;
const noRates = {
  min_input_tokens: 0,
  below_input_tokens: noLimit,
  per_request_usd: null,
  input_rate: null,
  cache_read_rate: null,
  cache_write_5m_rate: null,
  cache_write_1h_rate: null,
  output_rate: null,
  reasoning_rate: null,
};

function columnsOf(rates: RateRow) {
  return {
    min_input_tokens: rates.min_input_tokens,
    below_input_tokens: rates.max_input_tokens === null ? noLimit : rates.max_input_tokens + 1,
    price_source: rates.price_source,
    per_request_usd: rates.per_request_usd,
    input_rate: rates.input_usd_per_mtok,
    cache_read_rate: rates.cache_read_usd_per_mtok,
    cache_write_5m_rate: rates.cache_write_5m_usd_per_mtok,
    cache_write_1h_rate: rates.cache_write_1h_usd_per_mtok,
    output_rate: rates.output_usd_per_mtok,
    reasoning_rate: rates.reasoning_usd_per_mtok,
  };
}
