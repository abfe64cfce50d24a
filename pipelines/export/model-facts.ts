import type { PolicyModel } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import { readJsonFile } from "../../datasets/read-json-file.js";

/** What a user knows about models that no price list says, by model; null = unknown. */
export type ModelFactsFile = Record<string, Partial<Omit<PolicyModel, "model" | "mean_cost_usd">>>;

const isFlag = (value: unknown) => typeof value === "boolean";
const isPrice = (value: unknown) => typeof value === "number" && Number.isFinite(value) && value >= 0;
const isText = (value: unknown) => typeof value === "string" && value.trim() !== "";

/** Fields of a model, what each must be, and whether a value is that. */
const fields: Record<string, [string, (value: unknown) => boolean]> = {
  provider: ["a name", isText],
  supports_tools: ["true or false", isFlag],
  supports_vision: ["true or false", isFlag],
  supports_json: ["true or false", isFlag],
  context_window: [
    "a whole number of tokens above 0",
    (value) => Number.isSafeInteger(value) && Number(value) > 0,
  ],
  regions: [
    'a list of names, such as ["eu", "us"]',
    (value) => Array.isArray(value) && value.length > 0 && value.every(isText),
  ],
  input_usd_per_mtok: ["USD per million tokens, 0 or more", isPrice],
  output_usd_per_mtok: ["USD per million tokens, 0 or more", isPrice],
  cache_read_usd_per_mtok: ["USD per million tokens, 0 or more", isPrice],
};

/** Read a file of models' facts: `{"MODEL": {"supports_tools": true, "regions": ["eu"]}}`.
 * @throws {InputError} naming the model, the field and what it must be */
export function readModelFacts(path: string): ModelFactsFile {
  const document = readJsonFile<Record<string, unknown>>(path, 'give {"MODEL": {"supports_tools": true}}');
  for (const [model, facts] of Object.entries(document)) {
    if (typeof facts !== "object" || facts === null || Array.isArray(facts))
      throw new InputError(
        `${path}: ${model} is ${show(facts)}; give an object, such as {"supports_tools": true}`,
      );
    for (const [field, value] of Object.entries(facts))
      checkField(`${path}: ${model}.${field}`, field, value);
  }
  return document as ModelFactsFile;
}

function checkField(where: string, field: string, value: unknown): void {
  const known = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (known === undefined)
    throw new InputError(`${where} is no fact of a model; known are ${Object.keys(fields).join(", ")}`);
  if (value !== null && !known[1](value))
    throw new InputError(`${where} is ${show(value)}; give ${known[0]}, or null for unknown`);
}

/** Models with a user's facts in place of what the price book says.
 * @throws {InputError} if the file names a model that isn't among them */
export function applyModelFacts(models: readonly PolicyModel[], facts: ModelFactsFile): PolicyModel[] {
  const unknown = Object.keys(facts).filter((name) => !models.some(({ model }) => model === name));
  if (unknown.length > 0) {
    throw new InputError(
      `the models file names ${unknown.join(", ")}, which the router doesn't have; its models: ${models.map(({ model }) => model).join(", ")}`,
    );
  }
  return models.map((model) => ({
    ...model,
    ...(Object.hasOwn(facts, model.model) ? facts[model.model] : {}),
  }));
}

function show(value: unknown): string {
  return JSON.stringify(value).slice(0, 80);
}
