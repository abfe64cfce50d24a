import type { Policy } from "@signalbox/runtime";
import type { ReliabilityResult } from "../../datasets/reliability-result.js";
import type { ReplayData } from "../replay/replay-data.js";
import { afterFailure } from "./after-failure.js";
import { errorTimeline } from "./error-timeline.js";
import { estimator, sayParts } from "./figure-part.js";
import { type Gathering, gatherSums } from "./gather-sums.js";
import { latencyByStrategy } from "./latency-by-strategy.js";
import { modelErrors } from "./model-errors.js";
import { planChains } from "./plan-chains.js";
import { replayChains } from "./replay-chains.js";
import { replayCoverage } from "./replay-coverage.js";
import { userView } from "./user-view.js";

/** How a log's reliability is looked at. */
export interface ReliabilityOptions {
  /** Further chains, "model,model,...": the first attempt's model first. */
  chains?: readonly string[];
  /** Time to the last token that requests are counted against, ms; default 10,000. */
  sloMs?: number;
  /** Pause before each further attempt, ms; null (default) = the mean of the logged ones. */
  pauseMs?: number | null;
  /** Width of the windows in which failures are taken to have one cause; default 5. */
  windowMinutes?: number;
  seed?: number;
}

/** Say how reliable and how fast a log's models are: errors and their cost, what users saw, what chains of retries and fallbacks would
 * have made of the logged failures, and latency before and after routing.
 * @throws {InputError} when a chain names a model that isn't in the policy */
export function reliability(
  { replay, policy }: { replay: ReplayData; policy: Policy },
  options: ReliabilityOptions = {},
): ReliabilityResult {
  const { chains = [], sloMs = 10_000, pauseMs = null, windowMinutes = 5, seed = 1 } = options;
  const gathering = gatherSums(replay, {
    plans: planChains(policy, chains),
    providers: policy.models.map(({ provider }) => provider),
    windowMinutes,
    sloMs,
  });
  const totals = gathering.sums.totals();
  const estimate = estimator(gathering);
  const parts = sayParts(gathering, {
    models: modelErrors(gathering, totals, estimate),
    user: userView(gathering, totals, estimate),
    after_failure: afterFailure(gathering, totals, estimate),
    chains: replayChains(gathering, totals, { estimate, pauseMs }),
  });
  return {
    schema_version: 1,
    ...parts,
    latency: latencyByStrategy(replay, { sloMs, seed }),
    slo_ms: sloMs,
    timeline: errorTimeline(replay),
    coverage: replayCoverage(replay),
    notes: notes(gathering, totals, { pauseMs, windowMinutes }),
  };
}

function notes(
  { layout, replay }: Gathering,
  totals: readonly number[],
  { pauseMs, windowMinutes }: { pauseMs: number | null; windowMinutes: number },
): string[] {
  const logged = totals[layout.pauses]!;
  const mean = logged > 0 ? `${(totals[layout.pauseMs]! / logged).toFixed(0)} ms` : null;
  const pause =
    pauseMs === null
      ? mean === null
        ? "No attempt is logged after a failed one, so that chains have no pause between attempts."
        : `Chains pause ${mean} before each further attempt, the mean of ${logged} logged pauses.`
      : `Chains pause ${pauseMs} ms before each further attempt, as asked for.`;
  const batch = replay.isBatch.reduce((sum, flag) => sum + flag, 0);
  return [
    "Chains begin with the first attempts that were logged on the policy's models; further attempts are never taken to fail independently while the log says otherwise.",
    pause,
    `Failures in the same ${windowMinutes} minutes are taken to have one cause where too few retries are logged.`,
    ...(batch > 0 ? [`${batch} attempts in batch jobs count by model only.`] : []),
  ];
}
