import { crossFit } from "./cross-fit.js";
import { type Ensemble, meltEnsemble, type WideDeepModel } from "./ensemble.js";
import { type FeatureMatrix, selectRows } from "./feature-matrix.js";
import { columnBlocks } from "./fit-linear.js";
import { planMembers } from "./fit-members.js";
import type { PartData, PartTask } from "./fit-part.js";
import { selectTargets, type Targets } from "./head-loss.js";
import { layOutInputs } from "./linear-inputs.js";
import { joinColumns } from "./linear-model.js";
import { runFitTasks } from "./run-fit-tasks.js";

/** Rows to fit to, and some of them to learn from how. */
export interface SampledRows {
  matrix: FeatureMatrix;
  /** Rows of the matrix to fit to. */
  rows: Int32Array;
  /** Of those rows. */
  targets: Targets;
  /** Places in `rows` of the sample. */
  sample: Int32Array;
  /** Fold of each row of the sample. */
  foldOf: Int32Array;
}

/** Fit an ensemble to more rows than are worth cross-fitting. A sample is cross-fitted: it decides how members are weighed and
 * whether there is a hidden layer, and gives its latent directions. The members are then fitted to all rows, blocks of columns
 * and the hidden layer side by side. Starting from the sample's solutions saves no steps (docs/lab-notes.md).
 * @param onFit called as fits finish, counting from 0 again for the fits to all rows */
export async function fitManyRows(
  { matrix, rows, targets, sample, foldOf }: SampledRows,
  seed: number,
  onFit: (done: number, total: number) => void,
): Promise<WideDeepModel> {
  const some = selectRows(matrix, rowsAt(rows, sample));
  const plan = planMembers(some, seed);
  const { members, shares } = await crossFit(some, selectTargets(targets, sample), foldOf, plan, onFit);
  const ensemble = await fitParts(
    {
      matrix,
      rows,
      inputs: layOutInputs(matrix, rows),
      targets,
      penalties: plan.penalties,
      latent: members.deep === null ? null : plan.latent,
      seed,
    },
    onFit,
  );
  return meltEnsemble(ensemble, shares);
}

function rowsAt(rows: Int32Array, places: Int32Array): Int32Array {
  return places.map((place) => rows[place]!);
}

/** Fit the members, one task per block of columns and one for the hidden layer. */
async function fitParts(data: PartData, onFit: (done: number, total: number) => void): Promise<Ensemble> {
  const blocks = columnBlocks(data.targets.columns.length);
  const tasks: PartTask[] = blocks.map((columns) => ({ kind: "linear", columns }));
  if (data.latent !== null) tasks.push({ kind: "deep" });
  let done = 0;
  const parts = await runFitTasks("part", data, tasks, () => onFit(++done, tasks.length));
  const linear = parts.flatMap((part) => (part.kind === "linear" ? [part.models] : []));
  const deep = parts.find((part) => part.kind === "deep");
  return {
    linear: data.penalties.map((_, at) => joinColumns(linear.map((models) => models[at]!))),
    deep: deep?.model ?? null,
  };
}
