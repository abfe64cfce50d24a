import type { PolicyModel } from "@signalbox/runtime";
import type { GatewayConfig } from "./gateway-config.js";
import type { LostPart } from "./lost-part.js";
import { laterRulesApply, ruleFacts } from "./rule-facts.js";
import type { StaticModel, StaticPolicy } from "./static-policy.js";
import { writeYaml, type YamlValue } from "./write-yaml.js";

/** Name of the model group whose deployments the tags choose between. */
const routedGroup = "signalbox";

/** Write a policy as a LiteLLM proxy configuration: each model as a group of its own with its prices and abilities, fallbacks (general,
 * context window, content policy), no retries, and a group `signalbox` in which rules on one tag choose the model.
 * @see https://docs.litellm.ai/docs/proxy/reliability fallbacks, context_window_fallbacks, content_policy_fallbacks, enable_pre_call_checks
 * @see https://docs.litellm.ai/docs/proxy/tag_routing enable_tag_filtering, litellm_params.tags, the tag "default"
 * @see https://docs.litellm.ai/docs/proxy/custom_pricing input_cost_per_token and its kin in model_info
 * @see litellm/types/router.py RetryPolicy */
export function writeLiteLlm(policy: StaticPolicy, header: (lost: LostPart[]) => string[]): GatewayConfig {
  const { models, defaultModel } = policy;
  const tags = taggedModels(policy);
  const lost = [...policy.lost, ...tags.lost, ...lostHere(models)];
  const named = (name: string) => models.find(({ facts }) => facts.model === name)!.facts;
  const document: YamlValue = {
    model_list: [
      ...models.map(({ facts }) => deployment(facts.model, facts)),
      ...[...tags.byModel].map(([model, given]) => deployment(routedGroup, named(model), given)),
      ...(models.length === 0 ? [] : [deployment(routedGroup, named(defaultModel), ["default"])]),
    ],
    router_settings: {
      enable_pre_call_checks: true,
      enable_tag_filtering: true,
      num_retries: 0,
      retry_policy: {
        BadRequestErrorRetries: 0,
        AuthenticationErrorRetries: 0,
        TimeoutErrorRetries: 0,
        RateLimitErrorRetries: 0,
        ContentPolicyViolationErrorRetries: 0,
        InternalServerErrorRetries: 0,
      },
      fallbacks: [
        ...chains(models, ({ fallbacks }) => fallbacks.overloaded),
        ...(models.length < 2 ? [] : [{ [routedGroup]: dearestFirst(models) }]),
      ],
      context_window_fallbacks: chains(models, ({ fallbacks }) => fallbacks.context_length),
      content_policy_fallbacks: chains(models, ({ fallbacks }) => fallbacks.content_filter),
    },
  };
  return { text: writeYaml(document, header(lost)), lost };
}

function deployment(group: string, facts: PolicyModel, tags?: string[]): YamlValue {
  const perToken = (perMillion: number | null | undefined) =>
    perMillion == null ? undefined : perMillion / 1e6;
  return {
    model_name: group,
    litellm_params: {
      model: facts.provider === null ? facts.model : `${facts.provider}/${facts.model}`,
      tags,
    },
    model_info: {
      mode: "chat",
      input_cost_per_token: perToken(facts.input_usd_per_mtok),
      output_cost_per_token: perToken(facts.output_usd_per_mtok),
      cache_read_input_token_cost: perToken(facts.cache_read_usd_per_mtok),
      max_input_tokens: facts.context_window ?? undefined,
      supports_function_calling: facts.supports_tools ?? undefined,
      supports_vision: facts.supports_vision ?? undefined,
      supports_response_schema: facts.supports_json ?? undefined,
    },
  };
}

function chains(models: readonly StaticModel[], list: (model: StaticModel) => string[]): YamlValue[] {
  return models
    .filter((model) => list(model).length > 0)
    .map((model) => ({ [model.facts.model]: list(model) }));
}

function dearestFirst(models: readonly StaticModel[]): string[] {
  return models.map(({ facts }) => facts.model).reverse();
}

/** Tags of the models that rules on nothing but a tag choose. */
function taggedModels({ rules }: StaticPolicy): { byModel: Map<string, string[]>; lost: LostPart[] } {
  const byModel = new Map<string, string[]>();
  const lost: LostPart[] = [];
  const taken = new Set<string>(["default"]);
  for (const { id, when, model } of rules) {
    const { facts, content } = ruleFacts(when);
    const [fact, ...others] = facts;
    if (content.length > 0 || others.length > 0 || fact?.name !== "tag") {
      lost.push({ what: `rule ${id}`, why: `LiteLLM chooses by tag alone; ${laterRulesApply}` });
      continue;
    }
    const free = fact.values.filter((tag) => !taken.has(tag));
    for (const tag of free) taken.add(tag);
    if (free.length > 0) byModel.set(model, [...(byModel.get(model) ?? []), ...free]);
  }
  if (byModel.size > 1)
    lost.push({
      what: "the order of rules",
      why: "a request with the tags of two rules goes to either model; the first rule won before",
    });
  return { byModel, lost };
}

function lostHere(models: readonly StaticModel[]): LostPart[] {
  const unknown = models.filter(({ facts }) => facts.provider === null).map(({ facts }) => facts.model);
  const stops = models.some(
    ({ fallbacks }) => fallbacks.bad_request.length === 0 || fallbacks.auth.length === 0,
  );
  return [
    { what: "keys", why: "LiteLLM reads them from the environment, or from api_key, which you add" },
    ...(unknown.length === 0
      ? []
      : [
          {
            what: `providers of ${unknown.join(", ")}`,
            why: "the policy doesn't know them; put them before litellm_params.model",
          },
        ]),
    ...(stops
      ? [
          {
            what: "no fallback after bad requests and refused keys",
            why: "LiteLLM's general fallbacks follow any error",
          },
        ]
      : []),
  ];
}
