import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { openPriceBook, type PriceBook } from "../../datasets/prices/price-book.js";
import { priceFolder } from "../../datasets/prices/read-price-folder.js";
import {
  type UnpricedGroup,
  type UnpricedRange,
  unpricedRange,
} from "../../datasets/prices/unpriced-range.js";
import { type AuditResult, Evidence, type SpendRow } from "../../datasets/results.js";
import { openTables, requireManifest, type Workspace, writeResult } from "../../datasets/workspace.js";

/** Say what was spent, on what, and what was wasted before any routing: results/audit.json.
 * Money is what the log reports, else our list price; attempts without either are counted as unpriced, never as free.
 * @throws {StageError} when nothing was ingested */
export async function audit(workspace: Workspace): Promise<AuditResult> {
  requireManifest(workspace, "ingest", `signalbox ingest FILES --workspace ${workspace.path}`);
  const engine = await openTables(workspace);
  try {
    const result = await auditTables(engine, openPriceBook({ folder: priceFolder(workspace) }));
    writeResult(workspace, "audit", result);
    return result;
  } finally {
    engine.close();
  }
}

/** The audit of an engine's `requests` and `quarantine` tables. */
export async function auditTables(engine: Engine, prices: PriceBook = openPriceBook()): Promise<AuditResult> {
  await engine.run(readSql("pipelines/sql/billed-requests.sql"));
  const [totals] = await engine.rows<Totals>(readSql("pipelines/audit/audit-totals.sql"));
  const spend = await engine.rows<SpendRow & { dimension: string }>(
    readSql("pipelines/audit/spend-by-key.sql"),
  );
  const by = (dimension: string): SpendRow[] =>
    spend.filter((row) => row.dimension === dimension).map(({ dimension: _, ...row }) => row);
  const [attempts] = await engine.rows<AuditResult["attempts"]>(readSql("pipelines/audit/attempts.sql"));
  const t = totals!;
  return {
    schema_version: 1,
    from: t.from,
    to: t.to,
    days: t.days,
    requests: t.requests,
    logical_requests: t.logical_requests,
    sessions: t.sessions,
    billed: { usd: t.billed_usd, priced_requests: t.requests - t.unpriced, unpriced_requests: t.unpriced },
    list: { usd: t.list_usd, priced_requests: t.list_priced, unpriced_requests: t.list_unpriced },
    reported: {
      usd: t.reported_usd,
      priced_requests: t.reported_priced,
      unpriced_requests: t.reported_unpriced,
    },
    usd_per_successful_request:
      t.successful_logical_requests > 0 ? t.billed_usd / t.successful_logical_requests : null,
    by_model: by("model"),
    by_provider: by("provider"),
    by_app: by("app"),
    by_api_key: by("api_key"),
    by_endpoint: by("endpoint"),
    by_source: by("source"),
    by_day: await engine.rows(readSql("pipelines/audit/spend-by-day.sql")),
    tokens: await engine.rows(readSql("pipelines/audit/token-anatomy.sql")),
    waste: wasteOf(await engine.rows<WasteRow>(readSql("pipelines/audit/waste.sql")), attempts!),
    latency: await engine.rows(readSql("pipelines/audit/latency-by-model.sql")),
    errors: await engine.rows(readSql("pipelines/audit/errors-by-class.sql")),
    price_sources: await engine.rows(readSql("pipelines/audit/price-sources.sql")),
    unpriced: await unpriced(engine, t, prices),
    attempts: attempts!,
    prompt_cache: await engine.rows(readSql("pipelines/audit/cache-by-model.sql")),
    input_sizes: await engine.rows(readSql("pipelines/audit/input-sizes.sql")),
    duplicates: await engine.rows(readSql("pipelines/audit/duplicate-records.sql")),
  };
}

async function unpriced(engine: Engine, totals: Totals, prices: PriceBook): Promise<UnpricedRange> {
  const groups = await engine.rows<UnpricedGroup>(readSql("datasets/prices/unpriced-groups.sql"));
  const at = totals.to === null ? 0 : Date.parse(totals.to) * 1000;
  return unpricedRange(groups, { usd: totals.billed_usd, tokens: totals.priced_tokens }, prices, at);
}

interface Totals {
  requests: number;
  logical_requests: number;
  sessions: number;
  from: string | null;
  to: string | null;
  days: number;
  billed_usd: number;
  billed_priced: number;
  priced_tokens: number;
  unpriced: number;
  list_usd: number;
  list_priced: number;
  list_unpriced: number;
  reported_usd: number;
  reported_priced: number;
  reported_unpriced: number;
  successful_logical_requests: number;
}

interface WasteRow {
  kind: string;
  requests: number;
  usd: number;
}

/** A retry that answers was needed; what it superseded was not. */
function wasteOf(rows: readonly WasteRow[], attempts: AuditResult["attempts"]): AuditResult["waste"] {
  const { retries, fallbacks, usd_superseded: usd } = attempts;
  return [...rows, { kind: "superseded attempts", requests: retries + fallbacks, usd }]
    .filter(({ requests }) => requests > 0)
    .sort((a, b) => b.usd - a.usd)
    .map((row) => ({ ...row, ...wasteKinds[row.kind]! }));
}

const { measured, modelled } = Evidence;

const wasteKinds: Readonly<Record<string, { evidence: Evidence; note: string }>> = {
  "failed attempts": {
    evidence: measured,
    note: "Attempts that ended in an error, at what they were charged.",
  },
  "superseded attempts": {
    evidence: measured,
    note: "Attempts that another attempt of the same request followed, at what they were charged.",
  },
  "exact repeats": {
    evidence: measured,
    note: "Identical prompts to the same model, app and tenant after the first; an exact-match cache would have answered them if the answer may be reused.",
  },
  "cut off by the output cap": {
    evidence: measured,
    note: "Answers that stopped at max_tokens; they are often asked again.",
  },
  "batchable at half price": {
    evidence: modelled,
    note: "Half the bill of single-turn calls that were neither streamed nor part of an agent's work, at providers whose batch price is half: an upper bound, for only you know where nobody waits.",
  },
  "oversize prompts": {
    evidence: measured,
    note: "Prompts of 4,000 tokens and more that are over 8 times the median of their app, endpoint and model, at what they were charged.",
  },
};
