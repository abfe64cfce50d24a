import type { Progress } from "../../datasets/progress.js";
import { writeResult } from "../../datasets/workspace.js";
import { simulateCascade } from "../cascade/simulate-cascade.js";
import { forecastSpend } from "../forecast/forecast-spend.js";
import { answerFrontier } from "../frontier/answer-frontier.js";
import { answerLevers } from "../levers/answer-levers.js";
import { misroutes } from "../misroutes/misroutes.js";
import { reliability } from "../reliability/reliability.js";
import type { ReplayedWorkspace } from "../replay/open-replay.js";
import { answerSensitivity } from "../sensitivity/answer-sensitivity.js";
import { simulateVerification } from "../verification/simulate-verification.js";

/** A question to a replayed log that `signalbox simulate` answers with its defaults; a verb of its own asks it with other options. */
export interface Counterfactual {
  /** Name of its document in results/. */
  result: string;
  /** What it does, for the progress line. */
  label: string;
  /** The document; where the log can't answer, it says why. */
  answer: (replayed: ReplayedWorkspace) => object | Promise<object>;
}

/** Every counterfactual, a question that needs another's document behind it. */
const counterfactuals: readonly Counterfactual[] = [
  { result: "levers", label: "levers", answer: (replayed) => answerLevers(replayed) },
  { result: "cascade", label: "Cascade and race", answer: (replayed) => simulateCascade(replayed) },
  { result: "verification", label: "Verification", answer: (replayed) => simulateVerification(replayed) },
  { result: "frontier", label: "sweeping settings", answer: (replayed) => answerFrontier(replayed) },
  { result: "sensitivity", label: "changing assumptions", answer: answerSensitivity },
  {
    result: "reliability",
    label: "Replaying retries and fallbacks",
    answer: (replayed) => reliability(replayed),
  },
  { result: "forecast", label: "Forecasting the spend", answer: (replayed) => forecastSpend(replayed) },
  {
    result: "misroutes",
    label: "finding calls on the wrong model",
    answer: (replayed) => misroutes(replayed),
  },
];

/** Answer every counterfactual and write its document. */
export async function answerCounterfactuals(
  replayed: ReplayedWorkspace,
  onProgress?: Progress,
): Promise<void> {
  let done = 0;
  for (const { result, label, answer } of counterfactuals) {
    onProgress?.({ label, done, total: counterfactuals.length, unit: "questions" });
    writeResult(replayed.workspace, result, await answer(replayed));
    done += 1;
  }
}
