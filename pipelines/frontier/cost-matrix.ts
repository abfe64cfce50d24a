import type { MatrixCell } from "../../datasets/frontier-result.js";
import type { Estimate } from "../../datasets/results.js";
import { groupSessions } from "../../models/frontier/session-groups.js";
import { shareOfSums } from "../../models/frontier/share-of-sums.js";
import { quantilesOf } from "../../models/statistics/quantiles.js";
import { ratioOfSums } from "../../models/statistics/session-sums.js";
import type { ReplayData } from "../replay/replay-data.js";

const tiers = 4;

/** Dynamic cost-performance matrix: what each model of the pool delivered by app and tier. Success, cost and latency are measured on all of
 * the cell's attempts, failed ones included; sufficiency is modelled on the replayed ones. A failed attempt is of the tier that the router
 * saw in another attempt of its request, else of none.
 * @param mostCells the largest by spend get a line each, all others share the last
 * @returns lines in descending spend */
export function costMatrix(replay: ReplayData, mostCells = 30): MatrixCell[] {
  const { rows, models, served, app, apps } = replay;
  const tierOf = tiersOfRequests(replay);
  const cellOf = (row: number) =>
    served[row]! < 0 ? -1 : ((app[row]! + 1) * tiers + tierOf(row) + 1) * models.length + served[row]!;
  const count = (apps.length + 1) * tiers * models.length;
  const [usd, requests] = [new Float64Array(count), new Float64Array(count)];
  for (let row = 0; row < rows; row++) {
    const cell = cellOf(row);
    if (cell < 0) continue;
    requests[cell]! += 1;
    if (replay.billed[row]! >= 0) usd[cell]! += replay.billed[row]!;
  }
  const order = [...requests.keys()]
    .filter((cell) => requests[cell]! > 0)
    .sort((a, b) => usd[b]! - usd[a]! || requests[b]! - requests[a]! || a - b);
  const kept = order.length > mostCells ? order.slice(0, mostCells - 1) : order;
  const lineOf = new Int32Array(count).fill(kept.length);
  kept.forEach((cell, line) => {
    lineOf[cell] = line;
  });
  const lines = kept.length + Number(order.length > kept.length);
  const sums = lineSums(replay, lines, (row) => (cellOf(row) < 0 ? -1 : lineOf[cellOf(row)]!));
  return sums.map((sum, line) => {
    const cell = kept[line];
    const appPlace = cell === undefined ? -1 : Math.floor(cell / (tiers * models.length)) - 1;
    const tier = cell === undefined ? -1 : (Math.floor(cell / models.length) % tiers) - 1;
    return {
      app: cell === undefined ? "other" : appPlace < 0 ? "(not logged)" : apps[appPlace]!,
      tier: tier < 0 ? null : tier,
      model: cell === undefined ? "(several)" : models[cell % models.length]!,
      cells: cell === undefined ? order.length - kept.length : 1,
      ...describeLine(sum),
    };
  });
}

interface LineSums {
  attempts: Float64Array;
  successes: Float64Array;
  usd: Float64Array;
  unpriced: number;
  replayed: Float64Array;
  sufficiency: Float64Array;
  latencies: number[];
}

function lineSums(replay: ReplayData, lines: number, lineOf: (row: number) => number): LineSums[] {
  const groups = groupSessions(replay.sessions);
  const zeros = () => new Float64Array(groups.count);
  const sums = Array.from(
    { length: lines },
    (): LineSums => ({
      attempts: zeros(),
      successes: zeros(),
      usd: zeros(),
      unpriced: 0,
      replayed: zeros(),
      sufficiency: zeros(),
      latencies: [],
    }),
  );
  for (let row = 0; row < replay.rows; row++) {
    const line = lineOf(row);
    if (line < 0) continue;
    const sum = sums[line]!;
    const group = groups.groupOf[replay.session[row]!]!;
    sum.attempts[group]! += 1;
    if (replay.billed[row]! >= 0) sum.usd[group]! += replay.billed[row]!;
    else sum.unpriced += 1;
    if (replay.isSuccess[row] === 1) {
      sum.successes[group]! += 1;
      if (replay.isBatch[row] !== 1 && replay.latency[row]! >= 0) sum.latencies.push(replay.latency[row]!);
    }
    if (replay.isReplayed[row] !== 1) continue;
    sum.replayed[group]! += 1;
    sum.sufficiency[group]! += replay.sufficiency[replay.served[row]! * replay.rows + row]!;
  }
  return sums;
}

function describeLine(sum: LineSums): Omit<MatrixCell, "app" | "tier" | "model" | "cells"> {
  const total = (values: Float64Array) => values.reduce((all, value) => all + value, 0);
  const estimate = (
    interval: { value: number; low: number; high: number } | null,
    method: string,
    n: number,
  ): Estimate | null => (interval === null ? null : { ...interval, method, n });
  const requests = total(sum.attempts);
  const replayed = total(sum.replayed);
  const [p50, p95] =
    sum.latencies.length > 0 ? quantilesOf(Float64Array.from(sum.latencies), [0.5, 0.95]) : [null, null];
  return {
    requests,
    usd: total(sum.usd),
    unpriced_requests: sum.unpriced,
    success: estimate(
      shareOfSums(sum.successes, sum.attempts),
      "measured: answered of all attempts; Wilson 95 % on the rows that the sessions are worth",
      requests,
    ),
    usd_per_success:
      total(sum.successes) > 0
        ? estimate(
            ratioOfSums(sum.usd, sum.successes),
            "measured: known bills of all attempts over answered ones; 95 % interval, cluster-robust by session",
            requests - sum.unpriced,
          )
        : null,
    sufficiency: estimate(
      ratioOfSums(sum.sufficiency, sum.replayed),
      "modelled: the router's calibrated sufficiency; 95 % interval, cluster-robust by session",
      replayed,
    ),
    p50_ms: p50 ?? null,
    p95_ms: p95 ?? null,
    latency_n: sum.latencies.length,
  };
}

/** Tier of a row, of another attempt of its request where it has none itself, else -1. */
function tiersOfRequests({ rows, tier, logical }: ReplayData): (row: number) => number {
  const most = logical.reduce((max, number) => Math.max(max, number), -1);
  const known = new Int8Array(most + 1).fill(-1);
  for (let row = 0; row < rows; row++) {
    if (tier[row]! >= 0 && logical[row]! >= 0) known[logical[row]!] = tier[row]!;
  }
  return (row) => (tier[row]! >= 0 ? tier[row]! : (known[logical[row]!] ?? -1));
}
