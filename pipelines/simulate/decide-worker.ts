import { parentPort, workerData } from "node:worker_threads";
import { decidePart, type PartTask } from "./decide-part.js";

/** A worker thread of `decideLog`: decides one part, tells how far it is, and ends. */
await decidePart(workerData as PartTask, (rows) => parentPort!.postMessage(rows));
