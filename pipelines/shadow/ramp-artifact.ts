import type { Policy } from "@signalbox/runtime";
import { checkNumber } from "../../datasets/check-number.js";
import { InputError } from "../../datasets/errors.js";
import type { ShadowResult } from "../../datasets/results.js";
import { readResult, resultPath, type Workspace } from "../../datasets/workspace.js";
import { applyOperating } from "../export/apply-operating.js";
import { openArtifact } from "../export/open-artifact.js";
import { type RevisedPolicy, revisePolicy } from "../export/revise-policy.js";
import { artifactLineage } from "./artifact-lineage.js";
import { decideRamp, type RampMove } from "./decide-ramp.js";

/** How a ramp is moved. */
export interface RampOptions {
  /** Artifact directory, or a folder whose latest.json names one. */
  artifact: string;
  /** Shares of sessions in percent, ascending, each above 0, the last at most 100. */
  steps: readonly number[];
  /** Days after which a verdict is too old. */
  maxAgeDays: number;
  /** On a stop go back one step only, instead of to no session at all. */
  back: boolean;
  /** Say what would be done, and write nothing. */
  dryRun: boolean;
  /** Milliseconds since 1970. */
  now?: number;
}

/** What a ramp did. */
export interface RampResult extends RampMove {
  artifact_id: string;
  /** The artifact with the new share; null when nothing was written. */
  revised: RevisedPolicy | null;
}

/** Give more sessions to the router when the latest shadow verdict allows it, none on a stop: a new revision of the artifact whose
 * `policy.ramp.share` is the next step. The salt stays, so that sessions that follow the router go on doing so at every wider step.
 * @throws {InputError} for steps that don't ascend, an artifact that can't be used, or a workspace without a response shadow */
export async function rampArtifact(workspace: Workspace, options: RampOptions): Promise<RampResult> {
  const { steps, maxAgeDays, back, dryRun, now = Date.now() } = options;
  checkSteps(steps);
  checkNumber("--max-age", maxAgeDays, { above: 0 });
  const response = readResult<ShadowResult>(workspace, "shadow")?.response ?? null;
  if (response === null) {
    throw new InputError(
      `${resultPath(workspace, "shadow")}: no response shadow was analysed; run it first: signalbox shadow analyze --pairs FILE --workspace ${workspace.path}`,
    );
  }
  const { manifest, policy } = await openArtifact(options.artifact);
  const move = decideRamp({
    verdict: response.verdict,
    asOf: Date.parse(response.as_of),
    artifacts: response.artifacts,
    isSimulated: response.is_simulated,
    lineage: artifactLineage(options.artifact, manifest),
    share: policy.ramp?.share ?? null,
    steps: steps.map((step) => step / 100),
    maxAgeDays,
    back,
    now,
  });
  const isMove = move.to !== null && move.to !== policy.ramp?.share;
  const revised =
    isMove && !dryRun
      ? await revisePolicy({
          artifact: options.artifact,
          change: (current: Policy) => applyOperating(current, { ramp: move.to! }),
          note: `ramp: ${move.why}`,
        })
      : null;
  return { artifact_id: manifest.artifact_id, ...move, revised };
}

function checkSteps(steps: readonly number[]): void {
  if (steps.length === 0)
    throw new InputError("--steps names no step; give shares in percent, such as 1,5,25,100");
  steps.forEach((step, i) => {
    checkNumber("--steps", step, { above: i === 0 ? 0 : steps[i - 1]!, to: 100 });
  });
}
