import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { FeatureMatrix } from "./feature-matrix.js";
import { type FitData, type FitResult, type FitTask, runFitTask } from "./fit-task.js";
import type { Targets } from "./head-loss.js";
import { startTfjs } from "./tfjs.js";

const workerFile = fileURLToPath(new URL("./fit-worker.js", import.meta.url));

/** Below this many n-gram occurrences a worker takes longer to start than to fit. */
const leastWork = 300_000;
const mostThreads = 8;

/** Do independent fits, as many at a time as there are cores. Each task is the same arithmetic wherever it runs, so the results
 * don't depend on the number of threads.
 * @param onFit called after each member of each task
 * @param threads 1 does everything in the calling thread, which small data and uncompiled sources do too
 * @returns results in the order of the tasks */
export async function runFitTasks(
  data: FitData,
  tasks: readonly FitTask[],
  onFit: () => void = () => {},
  threads = Math.min(mostThreads, availableParallelism()),
): Promise<FitResult[]> {
  const count = Math.min(threads, tasks.length);
  if (count < 2 || data.matrix.ids.length < leastWork || !existsSync(workerFile)) {
    await startTfjs();
    return tasks.map((task) => runFitTask(data, task, onFit));
  }
  const shared = { ...data, matrix: shareMatrix(data.matrix), targets: shareTargets(data.targets) };
  const results: FitResult[] = [];
  let next = 0;
  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(workerFile, { workerData: shared });
      const give = () => {
        if (next < tasks.length) worker.postMessage({ task: tasks[next], index: next++ });
        else worker.terminate().then(() => resolve(), reject);
      };
      worker.on("error", reject);
      worker.on("message", (message: WorkerMessage) => {
        if (message.kind === "fit") return onFit();
        if (message.kind === "result") results[message.index] = message.result;
        give();
      });
    });
  await Promise.all(Array.from({ length: count }, serve));
  return results;
}

type WorkerMessage =
  | { kind: "ready" }
  | { kind: "fit" }
  | { kind: "result"; index: number; result: FitResult };

/** Shared memory instead of a copy per worker. */
function shareMatrix(matrix: FeatureMatrix): FeatureMatrix {
  return {
    ...matrix,
    offsets: shareInts(matrix.offsets),
    ids: shareInts(matrix.ids),
    weights: shareFloats(matrix.weights),
    dense: shareFloats(matrix.dense),
  };
}

function shareTargets(targets: Targets): Targets {
  return { ...targets, values: shareFloats(targets.values), weights: shareFloats(targets.weights) };
}

function shareInts(values: Int32Array): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

function shareFloats(values: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
