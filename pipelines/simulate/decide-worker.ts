import { parentPort, workerData } from "node:worker_threads";
import { StorageError } from "../../datasets/errors.js";
import { decidePart, type PartTask } from "./decide-part.js";

/** What a worker says: how many more attempts it has decided, or why its data can't be read. */
export type WorkerMessage = { rows: number } | { unreadable: string };

/** A worker thread of `decideLog`: decides one part, tells how far it is, and ends. */
const tell = (message: WorkerMessage) => parentPort!.postMessage(message);
try {
  await decidePart(workerData as PartTask, (rows) => tell({ rows }));
} catch (error) {
  // The class of an error is lost between threads, and with it that it is the user's to mend.
  if (!(error instanceof StorageError)) throw error;
  tell({ unreadable: error.detail });
}
