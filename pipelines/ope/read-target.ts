import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { countReasons } from "./count-reasons.js";
import { readObjects } from "./read-objects.js";

/** Chances with which a target policy chooses each model, by request. */
export interface TargetPolicy {
  of(requestId: string): Readonly<Record<string, number>> | null;
  unused: Array<{ reason: string; records: number }>;
}

/** Read a target policy from a JSONL file of {request_id, model} or {request_id, probabilities: {MODEL: chance}}; chances sum to 1.
 * @throws {InputError} if the file isn't there */
export async function readTarget(file: string): Promise<TargetPolicy> {
  const unused = countReasons();
  const choices = new Map<string, Record<string, number>>();
  for await (const read of readObjects([file], "a JSONL file of {request_id, model}")) {
    const chances = "problem" in read ? `malformed: ${read.problem}` : readChances(read.row);
    if (typeof chances === "string") unused.add(chances);
    else {
      const id = (read as { row: { request_id: string } }).row.request_id;
      if (choices.has(id)) unused.add("repeated request_id");
      else choices.set(id, chances);
    }
  }
  return { of: (requestId) => choices.get(requestId) ?? null, unused: unused.list() };
}

function readChances({
  request_id,
  model,
  probabilities,
}: Readonly<Record<string, unknown>>): Record<string, number> | string {
  if (typeof request_id !== "string" || request_id === "") return "no request_id";
  if (typeof model === "string" && model !== "") return { [canonicalModel(model, null)]: 1 };
  if (typeof probabilities !== "object" || probabilities === null || Array.isArray(probabilities))
    return "neither a model nor probabilities";
  const chances: Record<string, number> = {};
  for (const [name, chance] of Object.entries(probabilities)) {
    if (typeof chance !== "number" || !(chance >= 0 && chance <= 1)) return "a probability is not in [0, 1]";
    const key = canonicalModel(name, null);
    chances[key] = (chances[key] ?? 0) + chance;
  }
  const sum = Object.values(chances).reduce((total, chance) => total + chance, 0);
  return Math.abs(sum - 1) < 1e-6 ? chances : "probabilities do not sum to 1";
}
