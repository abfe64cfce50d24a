import type { PolicyModel } from "../artifact/artifact.js";
import type { ReadRequest } from "../request/read-request.js";
import type { Wishes } from "./read-wishes.js";

/** What a model may be unable or not allowed to do for a request. */
export type Constraint = "denied" | "region" | "tools" | "vision" | "json" | "context";

/** A token is taken to be this many UTF-16 units, on the safe side for English (about 4) and far off it for scripts
 * that tokenisers split finely; the estimate only has to keep plainly oversized requests from a small window. */
const unitsPerToken = 3;
const tokensPerImage = 1_000;

/** First thing that keeps a model from a request: a list or region that forbids it, else what it is known to lack; null when nothing
 * does. What the policy doesn't know (null) excludes nothing, but a demanded region excludes models whose regions aren't known. */
export function failedConstraint(model: PolicyModel, read: ReadRequest, wishes: Wishes): Constraint | null {
  return failedPermission(model, wishes) ?? failedAbility(model, read);
}

/** First thing that the model is known to lack for the request; null when nothing is. */
export function failedAbility(model: PolicyModel, read: ReadRequest): Constraint | null {
  if (model.supports_tools === false && read.nTools > 0) return "tools";
  if (model.supports_vision === false && read.nImages > 0) return "vision";
  if (model.supports_json === false && read.jsonMode !== "none") return "json";
  if (model.context_window !== null && estimateTokens(read) > model.context_window) return "context";
  return null;
}

/** Why a model may not be called for a request; null when it may. */
export function failedPermission(model: PolicyModel, wishes: Wishes): "denied" | "region" | null {
  const { allowModels, denyModels, regions } = wishes;
  if (allowModels !== null && !allowModels.includes(model.model)) return "denied";
  if (denyModels?.includes(model.model)) return "denied";
  if (regions === null) return null;
  const isServed = model.regions?.some((region) => regions.includes(region.toLowerCase())) ?? false;
  return isServed ? null : "region";
}

/** Tokens of input and capped output, estimated from lengths. */
function estimateTokens(read: ReadRequest): number {
  const units = read.userText.length + read.systemText.length + read.historyChars;
  return units / unitsPerToken + read.nImages * tokensPerImage + (read.maxTokens ?? 0);
}
