import { StepEvidence } from "../../datasets/reliability-result.js";
import { overallFailure, sumRetryable } from "./after-failure.js";
import { isRetryable } from "./error-classes.js";
import type { Gathering } from "./gather-sums.js";
import { relations } from "./sum-layout.js";

/** Observations that a conditional error rate needs. */
export const leastObservations = 30;

/** Where the probability comes from that a step fails. */
export interface StepSource {
  evidence: StepEvidence;
  n: number;
  failure: (sums: readonly number[]) => number;
}

/** A further attempt of a chain. */
export interface StepPlace {
  chain: number;
  /** 0 for the first one after the failure. */
  step: number;
  errorClass: number;
  /** The model that failed last, and the one to ask. */
  before: number;
  target: number;
}

/** Choose the nearest evidence of which there is enough: logged attempts after failures of this class, after all failures that are worth
 * another try, the same window of time; else the model's overall rate, which takes failures for independent. */
export function stepSource(gathering: Gathering, totals: readonly number[], place: StepPlace): StepSource {
  const { layout } = gathering;
  const { chain, step, errorClass, target } = place;
  const independent = (sums: readonly number[]) => overallFailure(sums, layout, target);
  const logged = loggedSources(gathering, totals, place).find(({ n }) => n >= leastObservations);
  if (logged) return logged;
  if (!isRetryable(errorClass)) return { evidence: StepEvidence.notRecovered, n: 0, failure: () => 1 };
  const [joint, before] = [layout.joint[chain]! + step, layout.jointBefore[chain]! + step];
  const windows = totals[layout.joints[chain]! + step]!;
  if (windows >= leastObservations && totals[before]! > 0) {
    return {
      evidence: StepEvidence.sameWindow,
      n: windows,
      failure: (sums) => (sums[before]! > 0 ? sums[joint]! / sums[before]! : independent(sums)),
    };
  }
  const attempts = totals[layout.answered + target]!;
  return { evidence: StepEvidence.independence, n: attempts, failure: independent };
}

function loggedSources(
  { layout, relationOf }: Gathering,
  totals: readonly number[],
  { step, errorClass, before, target }: StepPlace,
): StepSource[] {
  const relation = relationOf(before, target);
  const place = errorClass * relations.length + relation;
  const ratio = (top: number, bottom: number) => (sums: readonly number[]) => sums[top]! / sums[bottom]!;
  if (step === 0) {
    const ofClass: StepSource = {
      evidence: StepEvidence.loggedClass,
      n: totals[layout.second + place]!,
      failure: ratio(layout.secondFailed + place, layout.second + place),
    };
    const pooled: StepSource = {
      evidence: StepEvidence.logged,
      n: sumRetryable(totals, { block: layout.second, relation }),
      failure: (sums) =>
        sumRetryable(sums, { block: layout.secondFailed, relation }) /
        sumRetryable(sums, { block: layout.second, relation }),
    };
    return isRetryable(errorClass) ? [ofClass, pooled] : [ofClass];
  }
  if (step > 1 || !isRetryable(errorClass)) return [];
  return [
    {
      evidence: StepEvidence.logged,
      n: totals[layout.third + relation]!,
      failure: ratio(layout.thirdFailed + relation, layout.third + relation),
    },
  ];
}
