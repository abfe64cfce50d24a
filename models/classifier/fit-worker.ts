import { parentPort, workerData } from "node:worker_threads";
import { type FitData, type FitKind, type FitTask, runFitTask } from "./fit-tasks.js";
import { startTfjs } from "./tfjs.js";

/** A worker thread of `runFitTasks`: does the tasks that it is sent, one after another, and reports each fit. */
const port = parentPort!;
const { kind, data } = workerData as { kind: FitKind; data: FitData<FitKind> };
await startTfjs();
port.on("message", ({ task, index }: { task: FitTask<FitKind>; index: number }) => {
  const result = runFitTask(kind, data, task, () => port.postMessage({ kind: "fit" }));
  port.postMessage({ kind: "result", index, result });
});
port.postMessage({ kind: "ready" });
