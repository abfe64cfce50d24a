import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { type FitData, type FitKind, type FitResult, type FitTask, runFitTask } from "./fit-tasks.js";
import { startTfjs } from "./tfjs.js";

const workerFile = fileURLToPath(new URL("./fit-worker.js", import.meta.url));

/** Below this many n-gram occurrences a worker takes longer to start than to fit. */
const leastWork = 300_000;
const mostThreads = 8;

/** Do independent fits, as many at a time as there are cores. Each task is the same arithmetic wherever it runs, so the results
 * don't depend on the number of threads. Arrays in shared memory, as those of a feature matrix, are not copied.
 * @param onFit called after each fit of each task
 * @param threads 1 does everything in the calling thread, which small data and uncompiled sources do too
 * @returns results in the order of the tasks */
export async function runFitTasks<Kind extends FitKind>(
  kind: Kind,
  data: FitData<Kind>,
  tasks: ReadonlyArray<FitTask<Kind>>,
  onFit: () => void = () => {},
  threads = Math.min(mostThreads, availableParallelism()),
): Promise<Array<FitResult<Kind>>> {
  const count = Math.min(threads, tasks.length);
  if (count < 2 || data.matrix.ids.length < leastWork || !existsSync(workerFile)) {
    await startTfjs();
    return tasks.map((task) => runFitTask(kind, data, task, onFit));
  }
  const results: Array<FitResult<Kind>> = [];
  let next = 0;
  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(workerFile, { workerData: { kind, data } });
      const give = () => {
        if (next < tasks.length) worker.postMessage({ task: tasks[next], index: next++ });
        else worker.terminate().then(() => resolve(), reject);
      };
      worker.on("error", reject);
      worker.on("message", (message: WorkerMessage<FitResult<Kind>>) => {
        if (message.kind === "fit") return onFit();
        if (message.kind === "result") results[message.index] = message.result;
        give();
      });
    });
  await Promise.all(Array.from({ length: count }, serve));
  return results;
}

type WorkerMessage<Result> =
  | { kind: "ready" }
  | { kind: "fit" }
  | { kind: "result"; index: number; result: Result };
