import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DataError, InputError } from "../../datasets/errors.js";
import type { JudgeCalibration } from "../../datasets/judge-calibration.js";
import { openPriceBook } from "../../datasets/prices/price-book.js";
import { priceFolder } from "../../datasets/prices/read-price-folder.js";
import type { Progress } from "../../datasets/progress.js";
import type { ShadowResult } from "../../datasets/results.js";
import type { ShadowPlanResult } from "../../datasets/shadow-plan-result.js";
import { shadowVerdicts } from "../../datasets/shadow-verdicts.js";
import { readResult, tableFolder, type Workspace } from "../../datasets/workspace.js";
import { analyzeDecisions, type ReadDecisions } from "./analyze-decisions.js";
import { analyzeResponse } from "./analyze-response.js";
import { type LoggedDecision, readDecision } from "./read-decision.js";
import { readPair } from "./read-pair.js";
import { readRows } from "./read-rows.js";
import { readShadowVerdict } from "./read-shadow-verdict.js";
import type { ShadowDesignOptions } from "./shadow-design.js";

/** What `shadow analyze` reads. */
export interface AnalyzeShadowOptions {
  /** Decision logs, as router.record writes them. */
  logs?: readonly string[];
  /** Shadow logs, one pair a line. */
  pairs?: readonly string[];
  /** Verdicts on pairs beside those in the workspace's shadow_verdicts. */
  verdicts?: readonly string[];
  /** Designed share of sampled sessions, inside (0, 1); default what the pairs say, else 0.1. */
  rate?: number;
  /** Where verdicts, prices, the plan and the judge's calibration are; none are needed. */
  workspace?: Workspace;
  design?: ShadowDesignOptions;
  /** Milliseconds since 1970. */
  now?: number;
  onProgress?: Progress;
}

/** Sum up a shadow test. From a decision log: what the router decided, what was served, what following it would have changed. From the pairs
 * of a response shadow and their verdicts: whether the candidate can be certified, and what to do next.
 * @throws {InputError} when neither a decision log nor a shadow log is named, or one is no file
 * @throws {DataError} when records were read and none is a decision, or none a pair */
export async function analyzeShadow(options: AnalyzeShadowOptions): Promise<ShadowResult> {
  const { logs = [], pairs = [], workspace, rate, onProgress, now = Date.now() } = options;
  if (logs.length === 0 && pairs.length === 0)
    throw new InputError("nothing to analyse; name a decision log with --log, or a shadow log with --pairs");
  const decisions = await readDecisions(logs, onProgress);
  const readPairs = await readRows(pairs, { what: "a shadow log", read: readPair, onProgress });
  refuseForeign(pairs, readPairs, "a pair", "a shadow log, as the response shadow writes it");
  const readVerdicts = await readRows([...(options.verdicts ?? []), ...verdictTables(workspace)], {
    what: "verdicts",
    read: readShadowVerdict,
    onProgress,
  });
  const response =
    pairs.length === 0
      ? null
      : analyzeResponse(
          {
            pairs: readPairs.rows,
            verdicts: readVerdicts.rows,
            decisions: logs.length === 0 ? null : decisions.decisions,
            rate: rate ?? null,
            book: openPriceBook({ folder: workspace ? priceFolder(workspace) : null }),
            calibration: workspace ? readResult<JudgeCalibration>(workspace, "judge_calibration") : null,
            plan: workspace ? readResult<ShadowPlanResult>(workspace, "shadow_plan") : null,
            rejected: [...readPairs.rejected, ...readVerdicts.rejected],
            now: now * 1_000,
          },
          options.design,
        );
  return {
    ...analyzeDecisions(decisions, rate ?? response?.design.rate ?? 0.1),
    schema_version: 2,
    response,
  };
}

async function readDecisions(logs: readonly string[], onProgress?: Progress): Promise<ReadDecisions> {
  const read = await readRows(logs, {
    what: "a decision log",
    read: (value): LoggedDecision | { reason: string } => readDecision(value) ?? { reason: "not_a_decision" },
    onProgress,
  });
  refuseForeign(logs, read, "a decision", "a decision log, as router.record writes it");
  const kept = new Map<string, LoggedDecision>();
  for (const decision of read.rows) {
    const known = kept.get(decision.requestId);
    // An SDK that tries a failed call again leaves two records of one request: the answered one is what the user got.
    if (known === undefined || (known.servedModel === null && decision.servedModel !== null)) {
      kept.set(decision.requestId, decision);
    }
  }
  return {
    decisions: [...kept.values()],
    malformed: read.rejected.reduce((sum, { rows }) => sum + rows, 0),
    repeated: read.rows.length - kept.size,
  };
}

function refuseForeign(
  files: readonly string[],
  {
    rows,
    rejected,
  }: { rows: readonly unknown[]; rejected: ReadonlyArray<{ reason: string; rows: number; example: string }> },
  what: string,
  remedy: string,
): void {
  const [first] = rejected;
  if (rows.length > 0 || !first) return;
  const count = rejected.reduce((sum, reason) => sum + reason.rows, 0);
  throw new DataError(
    `${files.join(", ")}: none of ${count} records is ${what} (${first.reason} at ${first.example}); name ${remedy}`,
  );
}

/** Parquet files of the workspace's verdicts. */
function verdictTables(workspace: Workspace | undefined): string[] {
  if (!workspace) return [];
  const folder = tableFolder(workspace, shadowVerdicts);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".parquet"))
    .sort()
    .map((name) => join(folder, name));
}
