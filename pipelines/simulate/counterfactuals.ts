import { readActionDocuments } from "../actions/action-documents.js";
import { rankActions } from "../actions/rank-actions.js";
import { simulateCascade } from "../cascade/simulate-cascade.js";
import { fairness } from "../fairness/fairness.js";
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
  /** Whether it may be answered beside the others, in a thread of its own: about half of the work. */
  isApart?: true;
  /** The document; where the log can't answer, it says why. */
  answer: (replayed: ReplayedWorkspace) => object | Promise<object>;
}

/** Every counterfactual; one that reads others' documents stands behind them. */
export const counterfactuals: readonly Counterfactual[] = [
  { result: "levers", label: "pulling levers", answer: (replayed) => answerLevers(replayed) },
  { result: "cascade", label: "cascading", answer: (replayed) => simulateCascade(replayed) },
  { result: "verification", label: "verifying stakes", answer: (replayed) => simulateVerification(replayed) },
  { result: "frontier", label: "sweeping settings", answer: (replayed) => answerFrontier(replayed) },
  { result: "sensitivity", label: "changing assumptions", answer: answerSensitivity },
  {
    result: "misroutes",
    label: "finding calls on the wrong model",
    isApart: true,
    answer: (replayed) => misroutes(replayed),
  },
  { result: "fairness", label: "comparing slices", isApart: true, answer: (replayed) => fairness(replayed) },
  {
    result: "reliability",
    label: "replaying retries and fallbacks",
    answer: (replayed) => reliability(replayed),
  },
  { result: "forecast", label: "forecasting the spend", answer: (replayed) => forecastSpend(replayed) },
  {
    result: "actions",
    label: "ranking actions",
    answer: ({ workspace }) => rankActions(readActionDocuments(workspace)),
  },
];
