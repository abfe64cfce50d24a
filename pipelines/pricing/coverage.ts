import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import type { PricingResult } from "../../datasets/pricing-result.js";
import { Evidence } from "../../datasets/results.js";

/** A row of pricing-coverage.sql. */
interface CoverageRow {
  unknown_reason: "price" | "tokens" | "list" | null;
  is_free: boolean;
  is_estimated: boolean;
  requests: number;
  usd: number;
}

/** What is known of the log's attempts, as far as these plans ask: every attempt is in exactly one line. */
export async function readCoverage(
  engine: Engine,
  needs: { tokens: boolean; list: boolean },
): Promise<PricingResult["coverage"]> {
  const rows = await engine.rows<CoverageRow>(readSql("pipelines/pricing/pricing-coverage.sql"));
  const lines = new Map<string, PricingResult["coverage"][0]>();
  for (const row of rows) {
    const kind = kindOf(row, needs);
    const line = lines.get(kind.note) ?? { ...kind, requests: 0, usd: 0 };
    lines.set(kind.note, { ...line, requests: line.requests + row.requests, usd: line.usd + row.usd });
  }
  return [...lines.values()].sort((a, b) => b.requests - a.requests || (a.note < b.note ? -1 : 1));
}

function kindOf(
  { unknown_reason: reason, is_free: isFree, is_estimated: isEstimated }: CoverageRow,
  needs: { tokens: boolean; list: boolean },
): Pick<PricingResult["coverage"][0], "evidence" | "note"> {
  if (reason === "price") return { evidence: Evidence.unknown, note: "no known price: in no figure" };
  if (reason === "tokens" && needs.tokens)
    return { evidence: Evidence.unknown, note: "no token counts, which plans are priced by: in no figure" };
  if (reason === "list" && needs.list)
    return { evidence: Evidence.unknown, note: "no list price, which a plan is priced by: in no figure" };
  if (isFree)
    return {
      evidence: Evidence.measured,
      note: "charged nothing: failures without usage, answers from a gateway's cache",
    };
  return isEstimated
    ? { evidence: Evidence.modelled, note: "token counts are estimated" }
    : { evidence: Evidence.measured, note: "cost and tokens are logged" };
}
