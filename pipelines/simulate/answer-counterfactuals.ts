import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { StorageError } from "../../datasets/errors.js";
import type { Progress } from "../../datasets/progress.js";
import { writeResult } from "../../datasets/workspace.js";
import type { ReplayedWorkspace } from "../replay/open-replay.js";
import type { ApartMessage } from "./counterfactual-worker.js";
import { type Counterfactual, counterfactuals } from "./counterfactuals.js";

const workerFile = fileURLToPath(new URL("./counterfactual-worker.js", import.meta.url));
/** Below this many attempts a thread takes longer to start than to answer. */
const leastRows = 50_000;

/** Answer every counterfactual and write its document. Of a large log, some are answered in a second thread, which reads the same columns.
 * @param options.workers threads, of which no more than two are used; by default as many as there are cores */
export async function answerCounterfactuals(
  replayed: ReplayedWorkspace,
  options: { workers?: number; onProgress?: Progress } = {},
): Promise<void> {
  const { workers = replayed.replay.rows < leastRows ? 1 : availableParallelism(), onProgress } = options;
  const hasThread = workers > 1 && existsSync(workerFile);
  let done = 0;
  const total = counterfactuals.length;
  const onAnswered = (label: string) => {
    done += 1;
    onProgress?.({ label, done, total, unit: "questions" });
  };
  const last = counterfactuals.at(-1)!;
  const others = counterfactuals.filter((each) => each !== last);
  onProgress?.({ label: others[0]!.label, done, total, unit: "questions" });
  await Promise.all([
    hasThread ? answerApart(replayed, onAnswered) : undefined,
    answerAll(
      replayed,
      others.filter(({ isApart }) => !(hasThread && isApart)),
      onAnswered,
    ),
  ]);
  await answerAll(replayed, [last], onAnswered);
}

/** Answer some, one after the other. */
export async function answerAll(
  replayed: ReplayedWorkspace,
  some: readonly Counterfactual[],
  onAnswered: (label: string) => void,
): Promise<void> {
  for (const { result, label, answer } of some) {
    writeResult(replayed.workspace, result, await answer(replayed));
    onAnswered(label);
  }
}

function answerApart(replayed: ReplayedWorkspace, onAnswered: (label: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData: replayed });
    worker.on("message", (message: ApartMessage) => {
      if ("answered" in message) onAnswered(message.answered);
      else reject(new StorageError(message.unreadable));
    });
    worker.on("error", reject);
    worker.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`a worker of the simulation ended with code ${code}`)),
    );
  });
}
