import type { PolicyModel } from "@signalbox/runtime";
import type { GatewayConfig } from "./gateway-config.js";
import type { LostPart } from "./lost-part.js";
import type { StaticModel, StaticPolicy } from "./static-policy.js";
import { lostFallbacks } from "./status-codes.js";

/** Write a policy as calls of the Vercel AI Gateway: for each model its id there and the `providerOptions` that make the gateway fall
 * back as the policy does. The gateway takes them with a call, so this is a document for your code to read.
 * @see https://vercel.com/docs/ai-gateway/models-and-providers/provider-options order, models
 * @see https://github.com/vercel/ai packages/gateway/src/gateway-provider-options.ts */
export function writeVercel(policy: StaticPolicy): GatewayConfig {
  const { models, rules, defaultModel } = policy;
  const idOf = new Map(models.map(({ facts }) => [facts.model, gatewayId(facts)]));
  const unnamed = models.filter(({ facts }) => !idOf.get(facts.model)!.includes("/"));
  const lost: LostPart[] = [
    ...policy.lost,
    ...rules.map(({ id }) => ({
      what: `rule ${id}`,
      why: "the gateway has no rules on facts; choose the call in your code",
    })),
    ...lostFallbacks(models),
    ...(models.length < 2
      ? []
      : [{ what: "no fallback after bad requests", why: "the gateway's model fallbacks follow any error" }]),
    ...unnamed.map(({ facts }) => ({
      what: `id of ${facts.model}`,
      why: "the gateway names models CREATOR/MODEL, and the policy doesn't know the creator; add it",
    })),
  ];
  const document = {
    default: defaultModel,
    calls: Object.fromEntries(models.map((model) => [model.facts.model, callOf(model, idOf)])),
    lost,
  };
  return { text: `${JSON.stringify(document, null, 2)}\n`, lost };
}

function callOf({ facts, fallbacks }: StaticModel, idOf: ReadonlyMap<string, string>): object {
  const gateway = {
    ...(facts.provider === null ? {} : { order: [facts.provider] }),
    ...(fallbacks.overloaded.length === 0
      ? {}
      : { models: fallbacks.overloaded.map((name) => idOf.get(name)!) }),
  };
  return { model: idOf.get(facts.model)!, providerOptions: { gateway } };
}

/** Providers that serve the models that they make. */
const creators: ReadonlySet<string> = new Set([
  "openai",
  "anthropic",
  "google",
  "mistral",
  "deepseek",
  "xai",
  "cohere",
  "perplexity",
]);

function gatewayId({ model, provider }: PolicyModel): string {
  return model.includes("/") || provider === null || !creators.has(provider) ? model : `${provider}/${model}`;
}
