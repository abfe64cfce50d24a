import { parentPort, workerData } from "node:worker_threads";
import { type FitData, type FitTask, runFitTask } from "./fit-task.js";
import { startTfjs } from "./tfjs.js";

/** A worker thread of {@link runFitTasks}: does the tasks that it is sent, one after another, and reports each fit. */
const port = parentPort!;
await startTfjs();
port.on("message", ({ task, index }: { task: FitTask; index: number }) => {
  const result = runFitTask(workerData as FitData, task, () => port.postMessage({ kind: "fit" }));
  port.postMessage({ kind: "result", index, result });
});
port.postMessage({ kind: "ready" });
