import { decisionHeaders } from "@signalbox/runtime";
import type { GatewayConfig } from "./gateway-config.js";
import type { LostPart } from "./lost-part.js";
import { laterRulesApply, ruleFacts } from "./rule-facts.js";
import type { StaticModel, StaticPolicy, StaticRule } from "./static-policy.js";
import { lostFallbacks, statusFallbacks } from "./status-codes.js";
import { writeYaml, type YamlValue } from "./write-yaml.js";

/** Limits of the API server on one route, and on the matches of one rule. */
const rulesPerRoute = 15;
const matchesPerRule = 128;

type Headers = Record<string, string>;

/** Write a policy as Envoy AI Gateway routes: by `x-signalbox-model` (what the sidecar decided), by the rules on facts, which a caller
 * sends as `x-signalbox-app`, `x-signalbox-tag`, ..., and to the default model. The other models stand behind each at lower priorities.
 * @see https://github.com/envoyproxy/ai-gateway api/v1beta1/ai_gateway_route.go
 * @see https://aigateway.envoyproxy.io/docs/capabilities/traffic/provider-fallback */
export function writeEnvoy(policy: StaticPolicy, header: (lost: LostPart[]) => string[]): GatewayConfig {
  const { models, rules, defaultModel } = policy;
  const modelOf = new Map(models.map((model) => [model.facts.model, model]));
  const asked = rules.map((rule) => ({ rule, matches: matchesOf(rule) }));
  const routeRules = [
    ...models.map((model) =>
      routeRule(modelOf, model.facts.model, [{ "x-signalbox-model": headerValue(model.facts.model) }]),
    ),
    ...asked.flatMap(({ rule, matches }) =>
      matches === null ? [] : [routeRule(modelOf, rule.model, matches)],
    ),
    ...(models.length === 0 ? [] : [routeRule(modelOf, defaultModel, [])]),
  ];
  const routes = Array.from({ length: Math.ceil(routeRules.length / rulesPerRoute) }, (_, i) => ({
    name: i === 0 ? "signalbox" : `signalbox-${i + 1}`,
    rules: routeRules.slice(i * rulesPerRoute, (i + 1) * rulesPerRoute),
  }));
  const lost = [...policy.lost, ...lostRules(asked), ...lostFallbacks(models), ...lostHere(models)];
  const documents = [
    ...routes.map(routeDocument),
    ...(models.length < 2 ? [] : [retryDocument(models, routes)]),
  ];
  const [first, ...others] = documents;
  const text = [writeYaml(first ?? {}, header(lost)), ...others.map((document) => writeYaml(document))].join(
    "---\n",
  );
  return { text, lost };
}

function routeDocument({ name, rules }: { name: string; rules: YamlValue[] }): YamlValue {
  return {
    apiVersion: "aigateway.envoyproxy.io/v1beta1",
    kind: "AIGatewayRoute",
    metadata: { name },
    spec: {
      parentRefs: [{ name: "ai-gateway", kind: "Gateway", group: "gateway.networking.k8s.io" }],
      rules,
    },
  };
}

/** @param matches headers of which any set must be there; none = every request */
function routeRule(
  modelOf: ReadonlyMap<string, StaticModel>,
  model: string,
  matches: readonly Headers[],
): YamlValue {
  const chain = [model, ...statusFallbacks(modelOf.get(model)!).models];
  return {
    matches:
      matches.length === 0
        ? undefined
        : matches.map((headers) => ({
            headers: Object.entries(headers).map(([name, value]) => ({ type: "Exact", name, value })),
          })),
    backendRefs: chain.map((name, priority) => ({
      name: backendName(modelOf.get(name)!),
      modelNameOverride: name,
      priority,
    })),
  };
}

/** Every combination of a rule's values; null where headers can't say it. */
function matchesOf({ when }: StaticRule): Headers[] | null {
  const { facts, content } = ruleFacts(when);
  if (content.length > 0 || facts.length === 0 || facts.length > 16) return null;
  if (facts.some(({ name, values }) => !/^[\w-]+$/.test(name) || values.includes(""))) return null;
  if (facts.reduce((count, { values }) => count * values.length, 1) > matchesPerRule) return null;
  return facts.reduce<Headers[]>(
    (sets, { name, values }) =>
      sets.flatMap((set) =>
        values.map((value) => ({ ...set, [`x-signalbox-${name.toLowerCase()}`]: value })),
      ),
    [{}],
  );
}

/** As the sidecar writes it. */
function headerValue(model: string): string {
  return (
    decisionHeaders({ model, reasons: [], artifact: null, requestId: "" }, "x-signalbox-model")[
      "x-signalbox-model"
    ] ?? model
  );
}

/** Name of the AIServiceBackend that calls a model's provider. */
function backendName({ facts }: StaticModel): string {
  const name = (facts.provider ?? facts.model).toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return name.replace(/^-+|-+$/g, "").slice(0, 63) || "model";
}

function retryDocument(models: readonly StaticModel[], routes: ReadonlyArray<{ name: string }>): YamlValue {
  const statuses = [...new Set(models.flatMap((model) => statusFallbacks(model).statuses))];
  return {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "BackendTrafficPolicy",
    metadata: { name: "signalbox-fallback" },
    spec: {
      targetRefs: routes.map(({ name }) => ({ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name })),
      retry: {
        numAttemptsPerPriority: 1,
        numRetries: models.length - 1,
        retryOn: { httpStatusCodes: statuses, triggers: ["connect-failure", "retriable-status-codes"] },
      },
    },
  };
}

function lostRules(asked: ReadonlyArray<{ rule: StaticRule; matches: Headers[] | null }>): LostPart[] {
  const left = asked.filter(({ matches }) => matches === null);
  return [
    ...left.map(({ rule }) => ({
      what: `rule ${rule.id}`,
      why: `it asks for what up to ${matchesPerRule} combinations of headers can't say; ${laterRulesApply}`,
    })),
    ...(asked.length - left.length > 1
      ? [{ what: "the order of rules", why: "the match with the most headers wins, whichever rule is first" }]
      : []),
  ];
}

function lostHere(models: readonly StaticModel[]): LostPart[] {
  const names = [...new Set(models.map(backendName))];
  return [
    {
      what: "backends, keys and the Gateway",
      why: `they are yours: an AIServiceBackend named ${names.join(", ")}, and a Gateway named ai-gateway`,
    },
  ];
}
