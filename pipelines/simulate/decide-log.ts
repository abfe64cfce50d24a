import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { StorageError } from "../../datasets/errors.js";
import { decidePart, type PartTask } from "./decide-part.js";
import type { WorkerMessage } from "./decide-worker.js";

const workerFile = fileURLToPath(new URL("./decide-worker.js", import.meta.url));

/** Below this many attempts a worker takes longer to start than to decide. */
const leastRows = 5_000;
const mostThreads = 8;
/** Megabytes for young objects: decisions die young, and with V8's own 16 MB many are copied before they do. */
const youngMb = 64;

/** Decide the whole log, each part in a thread of its own. The parts share nothing but the columns, which hold the same afterwards whatever
 * their number. Small logs and uncompiled sources are decided in the calling thread.
 * @param workers parts; by default as many as there are cores
 * @param onRows called with the number of attempts that were decided since the last call */
export async function decideLog(
  task: Omit<PartTask, "part" | "parts">,
  {
    workers = task.columns.rows < leastRows ? 1 : Math.min(mostThreads, availableParallelism()),
    onRows,
  }: { workers?: number; onRows?: (rows: number) => void } = {},
): Promise<void> {
  const parts = Array.from({ length: workers }, (_, part): PartTask => ({ ...task, part, parts: workers }));
  if (workers > 1 && existsSync(workerFile)) {
    await Promise.all(parts.map((part) => decideInThread(part, onRows)));
    return;
  }
  for (const part of parts) await decidePart(part, onRows);
}

function decideInThread(task: PartTask, onRows?: (rows: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, {
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb: youngMb },
    });
    worker.on("message", (message: WorkerMessage) => {
      if ("rows" in message) onRows?.(message.rows);
      else reject(new StorageError(message.unreadable));
    });
    worker.on("error", reject);
    worker.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`a worker of the simulation ended with code ${code}`)),
    );
  });
}
