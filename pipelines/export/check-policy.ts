import { ArtifactError, type Policy, readPolicy } from "@signalbox/runtime";
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
  const names = policy.models.map(({ model }) => model);
  for (const list of ["allow_models", "deny_models"] as const) {
    const unknown = policy[list]?.find((model) => !names.includes(model));
    if (unknown !== undefined) {
      throw new InputError(
        `${source}: ${list} names ${JSON.stringify(unknown)}, which the router doesn't have; its models: ${names.join(", ")}`,
      );
    }
  }
}
