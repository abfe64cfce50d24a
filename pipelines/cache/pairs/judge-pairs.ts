import { rmSync } from "node:fs";
import { join } from "node:path";
import { cachePairs } from "../../../datasets/cache-pairs.js";
import type { CachePairsResult } from "../../../datasets/cache-pairs-result.js";
import { InputError } from "../../../datasets/errors.js";
import type { Progress } from "../../../datasets/progress.js";
import { tableFolder, type Workspace } from "../../../datasets/workspace.js";
import { askVerdicts } from "../../label/ask-verdicts.js";
import type { Journal } from "../../label/journal.js";
import { withJournal } from "../../label/with-journal.js";
import { concludePairs } from "./conclude-pairs.js";
import { plantPairCanaries } from "./pair-canaries.js";
import { pairRows } from "./pair-rows.js";
import { type PairOptions, type PreparedPairs, preparePlan } from "./plan-pairs.js";
import { readPair } from "./read-pair.js";
import { replayId } from "./replay-id.js";
import { askedFirst, summarisePairs } from "./summarise-pairs.js";
import { writePairs } from "./write-pairs.js";

/** How a run is carried out. */
export interface JudgePairsOptions extends PairOptions {
  /** Calls at a time, in chat mode. */
  concurrency: number;
  /** Go on with what the journal holds; false sets it aside, with what `label run` left in it, and asks everything again. */
  isResumed: boolean;
  /** Pause between two looks at a batch, in ms. */
  pollMs: number;
  progress?: Progress;
}

/** Have a judge say of a sample of the replay's pairs whether the cached answer serves the request. Writes cache_pairs/judged.parquet,
 * results/cache_pairs.json and cache-pairs.manifest.json.
 *
 * Safe to kill: every reply is on disk before the next step, and the same command goes on where it stopped. Pairs that an earlier run drew are
 * replaced; what it paid for stays in the journal and is reused where the same question comes up. Imported verdicts stay.
 * @throws {InputError} if no endpoint is named, it can't be used, or the budget can't be kept
 * @throws {DataError} if no pair can be judged */
export async function judgePairs(
  workspace: Workspace,
  options: JudgePairsOptions,
): Promise<CachePairsResult> {
  const started = performance.now();
  const { judgeUrl } = options;
  if (judgeUrl === null) {
    throw new InputError(
      "name the judge's endpoint with --judge-url (OpenAI: https://api.openai.com/v1); nothing is sent without it",
    );
  }
  const prepared = await preparePlan(workspace, options);
  const work = async (journal: Journal): Promise<CachePairsResult> => {
    const { judged, rows } = await carryOut({ workspace, journal, prepared, options, judgeUrl });
    if (rows.length === 0) {
      throw new InputError(
        "--max-usd does not pay for a single pair at its dearest; raise it. Pairs that were judged before are as they were",
      );
    }
    rmSync(join(workspace.path, "cache-pairs.manifest.json"), { force: true });
    await writePairs(rows, join(tableFolder(workspace, cachePairs), "judged.parquet"));
    return concludePairs(workspace, {
      judged,
      seed: options.seed,
      seconds: (performance.now() - started) / 1_000,
    });
  };
  return withJournal(workspace, work, !options.isResumed);
}

interface Run {
  workspace: Workspace;
  journal: Journal;
  prepared: PreparedPairs;
  options: JudgePairsOptions;
  judgeUrl: string;
}

/** Ask what isn't known yet, then sum up what is. */
async function carryOut({ workspace, journal, prepared, options, judgeUrl }: Run) {
  const { plan, items, factory, price } = prepared;
  const canaries = plantPairCanaries(items, factory);
  const { isStoppedByBudget, unansweredCalls } = await askVerdicts(workspace, {
    journal,
    runId: plan.run_id,
    price,
    items: items.filter(({ isEqual }) => !isEqual),
    callsOf: (item) => factory.calls(item),
    canaries: canaries.map(({ call }) => call),
    judge: { ...options, judgeUrl },
    label: "judging pairs",
  });

  const labelled = askedFirst(items.map((item) => readPair(item, { factory, journal })));
  const summary = summarisePairs({ prepared, labelled, canaries, journal, options });
  const rows = pairRows(labelled, { journal, judgeModel: options.judgeModel, drawn: items.length });
  return {
    rows,
    judged: {
      ...summary,
      replay_id: replayId(workspace),
      unanswered_calls: unansweredCalls,
      cost: { ...summary.cost, is_stopped_by_budget: isStoppedByBudget },
    },
  };
}
