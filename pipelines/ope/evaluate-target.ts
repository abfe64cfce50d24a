import { DataError } from "../../datasets/errors.js";
import type { OpeOverlap, OpeRefusal, OpeResult } from "../../datasets/ope-result.js";
import { type Workspace, writeResult } from "../../datasets/workspace.js";
import { effectiveSampleSize } from "../../models/ope/effective-sample-size.js";
import { estimateValue } from "../../models/ope/estimate-value.js";
import { importanceWeights } from "../../models/ope/importance-weights.js";
import { type OpeRows, selectOpeRows } from "../../models/ope/ope-rows.js";
import { overlap } from "../../models/ope/overlap.js";
import { countReasons } from "./count-reasons.js";
import { decideAgain } from "./decide-again.js";
import { clippingTable, estimateAll } from "./estimate-all.js";
import { type LaidOutRows, layOutRows } from "./lay-out-rows.js";
import { opeNotes } from "./ope-notes.js";
import { type ExploredDecisions, readExploredDecisions } from "./read-explored-decisions.js";
import { readOutcomeRewards, readRewards } from "./read-rewards.js";
import { readTarget } from "./read-target.js";

/** What to evaluate, and on what. */
export interface OpeOptions {
  logs: readonly string[];
  /** JSONL files of rewards; none = the outcomes of the workspace. */
  rewards: readonly string[];
  /** Folder of an artifact whose policy is re-decided, or a file that says what the target chooses. */
  target: { artifact: string } | { file: string };
  /** Needed for outcomes and for an artifact. */
  workspace: Workspace | null;
  seed: number;
}

/** Estimate what a policy would have been worth on traffic that another one decided with some chance: value, cost and difference to the log,
 * session-clustered, with the overlap behind them. Writes results/ope.json when there is a workspace, also when
 * the log can't tell: then it says why.
 * @throws {DataError} when no row can be joined, or the log can't tell: it is deterministic, or never tried what the target does
 * @throws {InputError} when a file or the artifact can't be used */
export async function evaluateTarget(options: OpeOptions): Promise<OpeResult> {
  const { workspace, target } = options;
  const name = "file" in target ? target.file : target.artifact;
  try {
    const result = await evaluateOn(options, name);
    if (workspace !== null) writeResult(workspace, "ope", result);
    return result;
  } catch (error) {
    if (workspace !== null && error instanceof DataError) {
      const refusal: OpeRefusal = { schema_version: 1, target: name, refusal: error.message };
      writeResult(workspace, "ope", refusal);
    }
    throw error;
  }
}

async function evaluateOn(options: OpeOptions, name: string): Promise<OpeResult> {
  const { workspace, seed } = options;
  const log = await readExploredDecisions(options.logs);
  const rewards =
    options.rewards.length > 0 ? await readRewards(options.rewards) : await readOutcomeRewards(workspace!);
  const target =
    "file" in options.target
      ? await readTarget(options.target.file)
      : await decideAgain(
          workspace!,
          options.target.artifact,
          new Set(log.decisions.map(({ requestId }) => requestId)),
        );
  const joined = layOutRows(log.decisions, rewards, target);
  const excluded = countReasons();
  for (const { reason, records } of [...log.excluded, ...joined.excluded]) excluded.add(reason, records);
  const { rows, models } = joined;
  if (rows.action.length === 0) throw new DataError(nothingJoined(log, excluded.list()));
  const measured = measureOverlap(rows);
  refuseWithoutOverlap(measured);
  const { estimates, forecast } = estimateAll(rows, { ...joined, seed });
  const cost = costRows(joined);
  const body = {
    target: name,
    records: log.records,
    used: rows.action.length,
    excluded: excluded.list(),
    models: models.map((model, at) => ({
      model,
      logged_share: rows.action.filter((action) => action === at).length / rows.action.length,
      target_share: rows.target[at]!.reduce((sum, chance) => sum + chance, 0) / rows.action.length,
    })),
    overlap: measured,
    logged: estimateValue(rows.reward, rows, "as logged").value,
    value: estimates,
    cost_usd: cost === null ? [] : estimateAll(cost.rows, { ...cost, seed }).estimates,
    cost_rows: cost === null ? 0 : cost.rows.action.length,
    clipping: clippingTable(rows, forecast),
  };
  const unused = [
    ...rewards.unused.map((row) => ({ ...row, of: "rewards" })),
    ...target.unused.map((row) => ({ ...row, of: "the target" })),
  ];
  return { schema_version: 1, ...body, notes: opeNotes(body, unused) };
}

function measureOverlap(rows: OpeRows): OpeOverlap {
  const weights = importanceWeights(rows);
  return {
    ess: effectiveSampleSize(weights),
    ...overlap(rows),
    mean_weight: estimateValue(weights, rows, "mean weight; 1 where propensities and overlap are right")
      .value,
  };
}

/** @throws {DataError} where no estimate can be had, saying what to log instead */
function refuseWithoutOverlap({ random_share, unsupported_share, ess }: OpeOverlap): void {
  const remedy =
    "export the policy with --epsilon 0.05 (exploration with logged propensities), collect a new log, or run a response shadow";
  if (random_share === 0)
    throw new DataError(
      `the log is deterministic: every propensity is 1, so what another policy would have been worth can't be known from it; ${remedy}`,
    );
  if (ess === 0)
    throw new DataError(`the log never tried what the target does: all weights are 0; ${remedy}`);
  if (unsupported_share > mostUnsupported)
    throw new DataError(
      `${(100 * unsupported_share).toFixed(1)} % of the target's choices could not have been logged (another model where the propensity is 1, or one that was never explored): there is no estimate for them; ${remedy}`,
    );
}

/** Share of the target's choices that may be unknown: at the worst it moves a value in [0, 1] by as much. */
const mostUnsupported = 0.05;

/** The rows with a known cost, the cost being what is estimated. */
function costRows({ rows, costs, features, width }: LaidOutRows) {
  const known = Int32Array.from([...costs.keys()].filter((row) => !Number.isNaN(costs[row]!)));
  if (known.length === 0) return null;
  const own = new Float64Array(known.length * width);
  known.forEach((row, at) => {
    own.set(features.subarray(row * width, (row + 1) * width), at * width);
  });
  return {
    rows: { ...selectOpeRows(rows, known), reward: Float64Array.from(known, (row) => costs[row]!) },
    features: own,
    width,
  };
}

function nothingJoined(
  { records }: ExploredDecisions,
  excluded: ReadonlyArray<{ reason: string; records: number }>,
): string {
  const reasons = excluded.map(({ reason, records: count }) => `${count} ${reason}`).join(", ");
  return `none of ${records} decisions can be evaluated (${reasons || "the log is empty"}); log, rewards and target must share request ids`;
}
