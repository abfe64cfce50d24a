import {
  clampDense,
  compilePolicy,
  createKernel,
  type Decision,
  featurise,
  type Head,
  type Policy,
  type RouteRequest,
  type RouterModel,
  readRequest,
  readWishes,
} from "@signalbox/runtime";
import { type Attribution, attributeNeed } from "./attribute-need.js";
import { explainModels, type ModelExplanation } from "./explain-models.js";

/** Why a request goes where it goes. */
export interface DecisionExplanation {
  decision: Decision;
  /** Model whose sufficiency the need is one minus of; null when the artifact has no such head. */
  scored_model: string | null;
  /** Need of the strong model, in [0, 1]. */
  need: number | null;
  /** Parts of the request that raise the need most, and that lower it most. */
  up: Attribution[];
  down: Attribution[];
  /** Distinct words that weren't tried. */
  words_left_out: number;
  models: ModelExplanation[];
  method: string;
}

/** Parts that are shown on either side. */
const partsShown = 8;

/** Explain one decision: what in the request speaks for the strong model (see {@link attributeNeed}), and what spoke for and against each
 * model. Deterministic; about as long as one inference per distinct word.
 * @param decision the router's own on this request */
export function explainDecision({
  model,
  heads,
  lengthQuantiles,
  policy,
  request,
  decision,
}: {
  model: RouterModel;
  heads: readonly Head[];
  /** Levels of the model's length quantiles. */
  lengthQuantiles: readonly number[];
  policy: Policy;
  request: RouteRequest;
  decision: Decision;
}): DecisionExplanation {
  const read = readRequest(request);
  const features = featurise(request);
  const engine = createKernel(model);
  const compiled = compilePolicy(policy, heads, lengthQuantiles);
  const scored = compiled.scored === null ? null : compiled.candidates[compiled.scored]!;
  const attribution = scored === null ? null : attributeNeed({ engine, policy, head: scored.head, request });
  const parts = attribution?.parts ?? [];
  return {
    decision,
    scored_model: scored?.model ?? null,
    need: attribution?.need ?? null,
    up: parts.filter(({ logit }) => logit > 0).slice(0, partsShown),
    down: parts.filter(({ logit }) => logit < 0).slice(0, partsShown),
    words_left_out: attribution?.words_left_out ?? 0,
    models: explainModels({
      compiled,
      read,
      wishes: readWishes(request, null),
      features,
      prediction: engine.predict(clampDense(policy, features)),
      decision,
    }),
    method:
      "occlusion: each word, group of dense features, or the system prompt's words is taken away alone and the model run again; parts don't sum to the need",
  };
}
