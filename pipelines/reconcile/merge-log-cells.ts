import type { CellTokens } from "./cell-tokens.js";
import type { LogCell } from "./log-cells.js";

/** Put the log's cells together that one cell of the bill speaks of: all models of a day, or all days of a period.
 * @param keyOf the bill's cell for a cell of the log */
export function mergeLogCells(
  cells: readonly LogCell[],
  keyOf: (cell: LogCell) => { day: string; model: string },
): Map<string, LogCell> {
  const merged = new Map<string, LogCell>();
  for (const cell of cells) {
    const { day, model } = keyOf(cell);
    const key = `${day}\n${model}`;
    const before = merged.get(key);
    merged.set(key, before === undefined ? { ...cell, day, model } : sum(before, cell));
  }
  return merged;
}

function sum(a: LogCell, b: LogCell): LogCell {
  return {
    day: a.day,
    model: a.model,
    usd: a.usd + b.usd,
    listUsd: a.listUsd + b.listUsd,
    reportedUsd: a.reportedUsd + b.reportedUsd,
    requests: a.requests + b.requests,
    cacheHits: a.cacheHits + b.cacheHits,
    assumedRequests: a.assumedRequests + b.assumedRequests,
    unpricedRequests: a.unpricedRequests + b.unpricedRequests,
    withoutList: a.withoutList + b.withoutList,
    tokens: sumTokens(a.tokens, b.tokens),
    unpricedTokens: sumTokens(a.unpricedTokens, b.unpricedTokens),
  };
}

function sumTokens(a: CellTokens, b: CellTokens): CellTokens {
  const kinds = Object.keys(a) as Array<keyof CellTokens>;
  return Object.fromEntries(kinds.map((kind) => [kind, a[kind] + b[kind]])) as CellTokens;
}
