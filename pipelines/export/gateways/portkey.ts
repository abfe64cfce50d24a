import type { PolicyModel } from "@signalbox/runtime";
import type { GatewayConfig } from "./gateway-config.js";
import type { LostPart } from "./lost-part.js";
import { laterRulesApply, ruleFacts } from "./rule-facts.js";
import type { StaticModel, StaticPolicy, StaticRule } from "./static-policy.js";
import { lostFallbacks, statusFallbacks } from "./status-codes.js";

/** Metadata by which a caller that asked a router names the model. */
const decidedBy = "metadata.signalbox_model";

type Query = Record<string, unknown>;

/** Write a policy as a Portkey config: conditional routing first by `metadata.signalbox_model` (what a router decided), then by the
 * rules on facts in the request's metadata; each target falls back by status.
 * @see https://portkey.ai/docs/product/ai-gateway/conditional-routing
 * @see https://github.com/Portkey-AI/gateway src/services/conditionalRouter.ts (operators), src/middlewares/requestValidator/schema/config.ts (fields) */
export function writePortkey(policy: StaticPolicy): GatewayConfig {
  const { models, rules, defaultModel } = policy;
  const queries = rules.map((rule) => ({ rule, query: queryOf(rule) }));
  const kept = queries.filter(({ query }) => query !== null);
  const config = {
    strategy: {
      mode: "conditional",
      conditions: [
        ...models.map(({ facts: { model } }) => condition({ [decidedBy]: { $eq: model } }, model)),
        ...kept.map(({ rule, query }) => condition(query!, rule.model)),
      ],
      default: defaultModel,
    },
    targets: models.map((model) => target(model, models)),
  };
  const lost = [
    ...policy.lost,
    ...queries
      .filter(({ query }) => query === null)
      .map(({ rule: { id } }) => ({
        what: `rule ${id}`,
        why: `Portkey sees neither lengths nor texts nor images; ${laterRulesApply}`,
      })),
    ...lostFallbacks(models),
    ...lostProviders(models),
  ];
  return { text: `${JSON.stringify(config, null, 2)}\n`, lost };
}

function condition(query: Query, name: string): object {
  // biome-ignore lint/suspicious/noThenProperty: Portkey's own name; the object is only written out
  return { query, then: name };
}

/** Null for a rule that can't be asked. Tools are a parameter of the call, and so can be counted. */
function queryOf({ when }: StaticRule): Query | null {
  const { facts, content } = ruleFacts(when);
  if (content.some((name) => name !== "has_tools") || when.has_tools === false) return null;
  const asked: Query[] = facts.map(({ name, values }) => ({
    [`metadata.${name}`]: values.length === 1 ? { $eq: values[0] } : { $in: values },
  }));
  if (when.has_tools === true) asked.push({ "params.tools": { $length: { $gte: 1 } } });
  if (asked.length === 0 || facts.some(({ name }) => name.includes("."))) return null;
  return asked.length === 1 ? asked[0]! : { $and: asked };
}

function target(model: StaticModel, models: readonly StaticModel[]): object {
  const { statuses, models: others } = statusFallbacks(model);
  const name = model.facts.model;
  if (others.length === 0) return { name, ...call(model.facts) };
  const chain = others.map((other) => models.find(({ facts }) => facts.model === other)!.facts);
  return {
    name,
    strategy: { mode: "fallback", on_status_codes: statuses },
    targets: [model.facts, ...chain].map(call),
  };
}

function call({ provider, model }: PolicyModel): object {
  return { ...(provider === null ? {} : { provider: `@${provider}` }), override_params: { model } };
}

function lostProviders(models: readonly StaticModel[]): LostPart[] {
  const unknown = models.filter(({ facts }) => facts.provider === null).map(({ facts }) => facts.model);
  return [
    { what: "keys", why: "Portkey keeps them with its providers; @NAME must be the slug of one of yours" },
    ...(unknown.length === 0
      ? []
      : [
          {
            what: `providers of ${unknown.join(", ")}`,
            why: "the policy doesn't know them; add `provider` to their targets",
          },
        ]),
  ];
}
