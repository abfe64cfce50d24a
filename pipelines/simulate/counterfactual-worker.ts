import { parentPort, workerData } from "node:worker_threads";
import { StorageError } from "../../datasets/errors.js";
import type { ReplayedWorkspace } from "../replay/open-replay.js";
import { answerAll } from "./answer-counterfactuals.js";
import { counterfactuals } from "./counterfactuals.js";

/** What the worker says: a question that it has answered, or why its data can't be read. */
export type ApartMessage = { answered: string } | { unreadable: string };

/** A worker thread of `answerCounterfactuals`: answers those that stand apart, and ends. */
const tell = (message: ApartMessage) => parentPort!.postMessage(message);
try {
  await answerAll(
    workerData as ReplayedWorkspace,
    counterfactuals.filter(({ isApart }) => isApart),
    (answered) => tell({ answered }),
  );
} catch (error) {
  // The class of an error is lost between threads, and with it that it is the user's to mend.
  if (!(error instanceof StorageError)) throw error;
  tell({ unreadable: error.detail });
}
