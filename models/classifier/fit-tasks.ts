import { fitFold } from "./fit-fold.js";
import { fitPart } from "./fit-part.js";

/** What can be fitted in a worker thread: each takes what its tasks share, a task, and a function to call after each fit. */
export const fitTasks = { fold: fitFold, part: fitPart };

/** A kind of task. */
export type FitKind = keyof typeof fitTasks;

/** What all tasks of a kind share. */
export type FitData<Kind extends FitKind> = Parameters<(typeof fitTasks)[Kind]>[0];

/** What tells one task from another. */
export type FitTask<Kind extends FitKind> = Parameters<(typeof fitTasks)[Kind]>[1];

/** What comes of a task. */
export type FitResult<Kind extends FitKind> = ReturnType<(typeof fitTasks)[Kind]>;

/** Do one task. TensorFlow.js must have been started.
 * @param onFit called after each fit */
export function runFitTask<Kind extends FitKind>(
  kind: Kind,
  data: FitData<Kind>,
  task: FitTask<Kind>,
  onFit: () => void,
): FitResult<Kind> {
  const run = fitTasks[kind] as (...given: [FitData<Kind>, FitTask<Kind>, () => void]) => FitResult<Kind>;
  return run(data, task, onFit);
}
