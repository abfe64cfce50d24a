import { clampDense } from "../features/clamp-dense.js";
import { featuriseRead } from "../features/featurise.js";
import type { Breather } from "../life/breather.js";
import type { Engine } from "../model/engine.js";
import { readRequest } from "../request/read-request.js";
import type { RouteRequest } from "../request/request.js";
import { chooseModel } from "../router/choose-model.js";
import type { CompiledPolicy } from "../router/compile-policy.js";
import type { GoldenRow } from "./artifact.js";
import { ArtifactError, ArtifactFault } from "./artifact-error.js";

/** Largest difference between two engines on the same graph. */
const goldenTolerance = 1e-5;

/** Decide every row of golden.jsonl again.
 * @returns the rows' requests
 * @throws {ArtifactError} bad_json, golden_mismatch unless features, probabilities, lengths and the model are as they were at export */
export async function replayGolden(
  text: string,
  path: string,
  { engine, compiled, breathe }: { engine: Engine; compiled: CompiledPolicy; breathe: Breather },
): Promise<RouteRequest[]> {
  const rows = parseRows(text, path);
  for (const [i, row] of rows.entries()) {
    await breathe();
    const difference = row === null ? "is empty" : replayRow(row, engine, compiled);
    if (difference === null) continue;
    const message = `row ${i + 1}: ${difference}; this runtime does not decide as the exporter did: export with the same version`;
    throw new ArtifactError(ArtifactFault.goldenMismatch, path, message);
  }
  if (rows.length === 0)
    throw new ArtifactError(ArtifactFault.goldenMismatch, path, "has no rows; export the artifact again");
  return rows.map((row) => row!.request);
}

function parseRows(text: string, path: string): Array<GoldenRow | null> {
  try {
    return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as GoldenRow | null]));
  } catch (error) {
    throw new ArtifactError(ArtifactFault.badJson, path, "not JSONL; export the artifact again", {
      cause: error,
    });
  }
}

function replayRow(row: GoldenRow, engine: Engine, compiled: CompiledPolicy): string | null {
  const read = readRequest(row.request);
  const features = featuriseRead(read);
  const { probabilities, lengthQuantiles } = engine.predict(clampDense(compiled.policy, features));
  const { model, ood } = chooseModel(compiled, { read, features, probabilities, lengthQuantiles });
  return (
    differing("ids", features.ids, row.ids, 0) ??
    differing("weights", features.weights, row.weights, goldenTolerance) ??
    differing("dense", features.dense, row.dense, goldenTolerance) ??
    differing("probabilities", probabilities, row.probabilities, goldenTolerance) ??
    differing("length_quantiles", lengthQuantiles, row.length_quantiles, goldenTolerance * 10) ??
    differing("ood", numbersOf(ood), numbersOf(row.ood === undefined ? ood : row.ood), goldenTolerance) ??
    (model === row.model ? null : `model is ${model}, expected ${row.model}`)
  );
}

function numbersOf(value: number | null): number[] {
  return value === null ? [] : [value];
}

/** How two lists of numbers differ, in words; null when no number does by more than the tolerance. */
export function differing(
  name: string,
  found: ArrayLike<number>,
  wanted: unknown,
  tolerance: number,
): string | null {
  if (!Array.isArray(wanted) || wanted.length !== found.length) {
    return `${found.length} ${name}, expected ${Array.isArray(wanted) ? wanted.length : "a list"}`;
  }
  for (let i = 0; i < found.length; i++) {
    const isNear = Math.abs(found[i]! - Number(wanted[i])) <= tolerance;
    if (!isNear) return `${name}[${i}] is ${found[i]}, expected ${wanted[i]}`;
  }
  return null;
}
