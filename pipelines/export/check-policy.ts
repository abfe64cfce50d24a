import { ArtifactError, type Policy, type RuleAction, readPolicy } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";

/** Refuse a policy that the runtime would refuse, by its own reader, or one whose settings name models that it doesn't have.
 * @param source what the user changed, such as the file that he gave
 * @throws {InputError} naming the field */
export function checkPolicy(policy: Policy, source: string): void {
  const features = policy.in_distribution?.dense_low?.length ?? policy.dense_range?.low?.length ?? 0;
  try {
    readPolicy(JSON.stringify(policy), source, features);
  } catch (error) {
    throw error instanceof ArtifactError
      ? new InputError(error.message.replace("; export the artifact again", ""), { cause: error })
      : error;
  }
  const names = new Set(policy.models.map(({ model }) => model));
  for (const [where, model] of namedModels(policy)) {
    if (!names.has(model)) {
      throw new InputError(
        `${source}: ${where} names ${JSON.stringify(model)}, which the router doesn't have; its models: ${[...names].join(", ")}`,
      );
    }
  }
  const denied = new Set(policy.deny_models);
  const isAllowed = (model: string) => policy.allow_models?.includes(model) !== false && !denied.has(model);
  if (![...names].some(isAllowed))
    throw new InputError(
      `${source}: allow_models and deny_models leave no model of ${[...names].join(", ")}`,
    );
}

function* namedModels({
  rules = [],
  allow_models = [],
  deny_models = [],
}: Policy): Generator<[string, string]> {
  for (const { id, then } of rules)
    for (const model of modelsOf(then)) yield [`rule ${JSON.stringify(id)}`, model];
  for (const model of allow_models) yield ["allow_models", model];
  for (const model of deny_models) yield ["deny_models", model];
}

function modelsOf(action: RuleAction): readonly string[] {
  if ("model" in action) return [action.model];
  return "at_least" in action ? [action.at_least] : action.exclude;
}
