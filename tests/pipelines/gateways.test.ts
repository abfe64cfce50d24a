import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Policy, PolicyModel, PolicyRule } from "@signalbox/runtime";
import { afterAll, describe, expect, test } from "vitest";
import {
  exportGatewayPolicy,
  gatewayFormats,
} from "../../pipelines/export/gateways/export-gateway-policy.js";
import { staticPolicy } from "../../pipelines/export/gateways/static-policy.js";
import { writeYaml, type YamlValue } from "../../pipelines/export/gateways/write-yaml.js";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";

/** What another program wrote. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into documents of many shapes
type Json = any;

const root = mkdtempSync(join(tmpdir(), "signalbox-gateways-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const facts = (model: string, provider: string | null, more: Partial<PolicyModel> = {}): PolicyModel => ({
  model,
  provider,
  input_usd_per_mtok: null,
  output_usd_per_mtok: null,
  mean_cost_usd: null,
  context_window: null,
  supports_tools: null,
  supports_vision: null,
  supports_json: null,
  ...more,
});

const three = [
  facts("small", "openai", { input_usd_per_mtok: 0.15, output_usd_per_mtok: 0.6, context_window: 16_000 }),
  facts("medium", "anthropic", { context_window: 200_000, supports_tools: true }),
  facts("large", "openai", { context_window: 128_000, supports_json: false }),
];

const made = new Map<string, string>();
/** Write an artifact with this policy; the models keep the names that the random model's heads have. */
function artifactWith(policy: Partial<Policy> = {}): string {
  const key = JSON.stringify(policy);
  const folder = made.get(key) ?? join(root, `artifact-${made.size}`);
  if (!made.has(key)) writeRandomArtifact(folder, { hidden: 2, policy: { models: three, ...policy } });
  made.set(key, folder);
  return folder;
}

const rule = (id: string, when: PolicyRule["when"], then: PolicyRule["then"]): PolicyRule => ({
  id,
  when,
  then,
});

const rules = [
  rule("legal", { tag: ["law", "contracts"] }, { model: "large" }),
  rule("free", { app: "support", meta: { plan: ["free", "trial"] } }, { model: "small" }),
  rule("agents", { has_tools: true, app: "agent" }, { at_least: "medium" }),
  rule("short", { max_chars: 40 }, { model: "small" }),
  rule("code", { text_matches: "```" }, { exclude: ["large"] }),
];

const hasYaml = spawnSync("python3", ["-c", "import yaml"]).status === 0;

/** What a YAML reader other than ours makes of documents; they are JSON documents in a list. */
function readYaml(text: string): Json[] {
  const program = "import json,sys,yaml; print(json.dumps(list(yaml.safe_load_all(sys.stdin))))";
  const { stdout, stderr } = spawnSync("python3", ["-c", program], { input: text, encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

describe("the static part of a policy", () => {
  const staticOf = (policy: Partial<Policy>) => {
    const folder = artifactWith(policy);
    return staticPolicy(JSON.parse(readFileSync(join(folder, "policy.json"), "utf8")) as Policy);
  };

  test("orders fallbacks as the runtime does, per class of error", () => {
    const { models } = staticOf({});
    const [small, medium, large] = models.map(({ fallbacks }) => fallbacks);
    expect(small!.overloaded).toEqual(["medium", "large"]);
    expect(large!.overloaded).toEqual(["medium", "small"]);
    expect(medium!.context_length).toEqual([]);
    expect(small!.context_length).toEqual(["medium", "large"]);
    expect(small!.bad_request).toEqual([]);
  });

  test("gives each rule the model that it comes to without a router", () => {
    const { rules: kept, lost } = staticOf({ rules });
    expect(kept.map(({ id, model }) => [id, model])).toEqual([
      ["legal", "large"],
      ["free", "small"],
      ["agents", "large"],
      ["short", "small"],
      ["code", "medium"],
    ]);
    expect(lost.map(({ what }) => what)).toContain("the choice that rule agents leaves");
  });

  test("leaves out models that may not be called, and rules that take them", () => {
    const { models, defaultModel, rules: kept, lost } = staticOf({ deny_models: ["large"], rules });
    expect(models.map(({ facts: { model } }) => model)).toEqual(["small", "medium"]);
    expect(defaultModel).toBe("medium");
    expect(models[0]!.fallbacks.overloaded).toEqual(["medium"]);
    expect(kept.map(({ id }) => id)).not.toContain("legal");
    const named = lost.map(({ what }) => what);
    expect(named).toEqual(expect.arrayContaining(["default model large", "rule legal"]));
  });

  test("keeps no rule of a policy that is switched off", () => {
    const { rules: kept, lost } = staticOf({ rules, enabled: false });
    expect(kept).toEqual([]);
    expect(lost.map(({ what }) => what)).toContain("every rule");
  });
});

describe.each(gatewayFormats)("a policy for %s", (format) => {
  test("says that the trained choice is lost, and names every setting that is", async () => {
    const dial = [{ retention: 0.98, min_sufficiency: { small: 0.6, medium: 0.5 }, retention_low: 0.97 }];
    const settings: Partial<Policy> = {
      max_cost_usd: 1,
      min_confidence: 0.5,
      exploration: { epsilon: 0.1, salt: "e" },
      ramp: { share: 0.5, salt: "r" },
      dial,
    };
    const { lost, artifact } = await exportGatewayPolicy(artifactWith(settings), format);
    expect(artifact).toBe("random-00000000");
    const named = lost.map(({ what }) => what);
    expect(named).toEqual(
      expect.arrayContaining([
        "the trained choice",
        "the session's model",
        "max_cost_usd",
        "min_confidence",
        "exploration",
        "the ramp",
        "the dial",
      ]),
    );
    expect(lost.every(({ why }) => why.length > 10)).toBe(true);
  });

  test("accounts for every rule: written, or lost by name", async () => {
    const { lost } = await exportGatewayPolicy(artifactWith({ rules }), format);
    const written = {
      litellm: ["legal"],
      portkey: ["legal", "free", "agents"],
      vercel: [],
      envoy: ["legal", "free"],
    };
    const gone = lost.flatMap(({ what }) => /^rule (.+)$/.exec(what)?.[1] ?? []);
    expect([...gone, ...written[format]].sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  test("holds nothing of the model", async () => {
    const { text } = await exportGatewayPolicy(artifactWith({ rules }), format);
    expect(text).not.toMatch(/min_sufficiency|rarity|threshold/);
  });

  test("is written for one model, and for none that may be called", async () => {
    for (const policy of [{ allow_models: ["small"] }, { allow_models: ["small"], deny_models: ["small"] }]) {
      const { text } = await exportGatewayPolicy(artifactWith(policy), format);
      expect(text.endsWith("\n")).toBe(true);
      expect(text).not.toContain("medium");
    }
  });

  test("refuses an artifact that the runtime refuses", async () => {
    await expect(exportGatewayPolicy(join(root, "none"), format)).rejects.toThrow(/manifest.json/);
  });
});

test.skipIf(!hasYaml)("LiteLLM gets models with prices, chains of fallbacks and tags", async () => {
  const { text, lost } = await exportGatewayPolicy(artifactWith({ rules }), "litellm");
  const [config] = readYaml(text);
  expect(
    config.model_list.slice(0, 3).map((entry: Json) => [entry.model_name, entry.litellm_params]),
  ).toEqual([
    ["small", { model: "openai/small" }],
    ["medium", { model: "anthropic/medium" }],
    ["large", { model: "openai/large" }],
  ]);
  const info = config.model_list[0].model_info;
  expect(info.input_cost_per_token).toBeCloseTo(0.15e-6, 15);
  expect(info.output_cost_per_token).toBeCloseTo(0.6e-6, 15);
  expect(info).toMatchObject({ mode: "chat", max_input_tokens: 16_000 });
  expect(info).not.toHaveProperty("supports_vision");
  expect(config.model_list[2].model_info.supports_response_schema).toBe(false);
  expect(config.model_list.slice(3).map((entry: Json) => [entry.model_name, entry.litellm_params])).toEqual([
    ["signalbox", { model: "openai/large", tags: ["law", "contracts"] }],
    ["signalbox", { model: "openai/large", tags: ["default"] }],
  ]);
  expect(config.router_settings).toMatchObject({
    enable_tag_filtering: true,
    num_retries: 0,
    fallbacks: [
      { small: ["medium", "large"] },
      { medium: ["large", "small"] },
      { large: ["medium", "small"] },
      { signalbox: ["large", "medium", "small"] },
    ],
    context_window_fallbacks: [{ small: ["medium", "large"] }, { large: ["medium"] }],
    content_policy_fallbacks: [],
  });
  for (const { what } of lost) expect(text).toContain(`# Lost: ${what}`);
});

describe("Portkey's config", () => {
  /** Portkey's operators, by src/services/conditionalRouter.ts. */
  const holds = (query: Json, context: Json): boolean =>
    Object.entries(query).every(([key, value]: [string, Json]) => {
      if (key === "$and") return value.every((part: Json) => holds(part, context));
      const [group, name] = key.split(".");
      const found = context[group!]?.[name!];
      return Object.entries(value).every(([operator, wanted]: [string, Json]) => {
        if (operator === "$eq") return found === wanted;
        if (operator === "$in") return wanted.includes(found);
        if (operator === "$length") return Array.isArray(found) && found.length >= wanted.$gte;
        throw new Error(`unsupported operator ${operator}`);
      });
    });
  const targetOf = ({ strategy }: Json, context: object): string =>
    strategy.conditions.find(({ query }: Json) => holds(query, context))?.then ?? strategy.default;

  test("sends requests where the rules do", async () => {
    const { text } = await exportGatewayPolicy(artifactWith({ rules }), "portkey");
    const config = JSON.parse(text);
    expect(targetOf(config, {})).toBe("large");
    expect(targetOf(config, { metadata: { tag: "contracts" } })).toBe("large");
    expect(targetOf(config, { metadata: { app: "support", plan: "trial" } })).toBe("small");
    expect(targetOf(config, { metadata: { app: "support", plan: "paid" } })).toBe("large");
    expect(targetOf(config, { metadata: { app: "agent" }, params: { tools: [{}] } })).toBe("large");
    expect(targetOf(config, { metadata: { app: "support", plan: "trial", signalbox_model: "medium" } })).toBe(
      "medium",
    );
  });

  test("has a target behind every condition, with its fallbacks, in fields that Portkey reads", async () => {
    const { text } = await exportGatewayPolicy(artifactWith({ rules }), "portkey");
    const { strategy, targets, ...others } = JSON.parse(text);
    expect(others).toEqual({});
    const names = targets.map(({ name }: Json) => name);
    for (const name of [strategy.default, ...strategy.conditions.map((each: Json) => each.then)])
      expect(names).toContain(name);
    expect(targets[0]).toEqual({
      name: "small",
      strategy: { mode: "fallback", on_status_codes: [429, 500, 502, 503, 529, 408, 504] },
      targets: [
        { provider: "@openai", override_params: { model: "small" } },
        { provider: "@anthropic", override_params: { model: "medium" } },
        { provider: "@openai", override_params: { model: "large" } },
      ],
    });
  });
});

test("Vercel gets each model's call with its fallbacks", async () => {
  const models = [facts("small", "openai"), facts("meta/medium", "bedrock"), facts("large", "anthropic")];
  const policy = {
    models: [models[0]!, { ...models[1]!, model: "medium" }, models[2]!],
  };
  const { text, lost } = await exportGatewayPolicy(artifactWith(policy), "vercel");
  const document = JSON.parse(text);
  expect(document.default).toBe("large");
  expect(document.calls.small).toEqual({
    model: "openai/small",
    providerOptions: { gateway: { order: ["openai"], models: ["medium", "anthropic/large"] } },
  });
  expect(lost.map(({ what }) => what)).toContain("id of medium");
  expect(document.lost).toEqual(lost);
});

describe.skipIf(!hasYaml)("Envoy AI Gateway's routes", () => {
  test("follow the sidecar's decision, then the rules' facts, then the default model", async () => {
    const { text } = await exportGatewayPolicy(artifactWith({ rules }), "envoy");
    const [route, retry, ...others] = readYaml(text);
    expect(others).toEqual([]);
    expect(route).toMatchObject({ apiVersion: "aigateway.envoyproxy.io/v1beta1", kind: "AIGatewayRoute" });
    const asked = route.spec.rules.map(({ matches }: Json) =>
      matches?.map(({ headers }: Json) =>
        headers.map(({ name, value }: Json) => `${name}=${value}`).join(" "),
      ),
    );
    expect(asked).toEqual([
      ["x-signalbox-model=small"],
      ["x-signalbox-model=medium"],
      ["x-signalbox-model=large"],
      ["x-signalbox-tag=law", "x-signalbox-tag=contracts"],
      ["x-signalbox-app=support x-signalbox-plan=free", "x-signalbox-app=support x-signalbox-plan=trial"],
      undefined,
    ]);
    expect(route.spec.rules[0].backendRefs).toEqual([
      { name: "openai", modelNameOverride: "small", priority: 0 },
      { name: "anthropic", modelNameOverride: "medium", priority: 1 },
      { name: "openai", modelNameOverride: "large", priority: 2 },
    ]);
    expect(retry.spec.targetRefs).toEqual([
      { group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "signalbox" },
    ]);
    expect(retry.spec.retry).toMatchObject({ numAttemptsPerPriority: 1, numRetries: 2 });
  });

  test("stay within the API's limits on rules and matches", async () => {
    const letters = Array.from({ length: 12 }, (_, i) => `v${i}`);
    const many = Array.from({ length: 20 }, (_, i) => rule(`r${i}`, { app: `app${i}` }, { model: "small" }));
    const wide = rule("wide", { app: letters, endpoint: letters }, { model: "small" });
    const { text, lost } = await exportGatewayPolicy(artifactWith({ rules: [...many, wide] }), "envoy");
    const routes = readYaml(text).filter(({ kind }) => kind === "AIGatewayRoute");
    expect(routes.map(({ spec }) => spec.rules.length)).toEqual([15, 9]);
    expect(new Set(routes.map(({ metadata }) => metadata.name)).size).toBe(2);
    expect(routes.flatMap(({ spec }) => spec.rules.map(({ matches }: Json) => matches ?? [])).at(-1)).toEqual(
      [],
    );
    expect(lost.map(({ what }) => what)).toContain("rule wide");
  });
});

describe.skipIf(!hasYaml)("YAML", () => {
  test.each<[string, YamlValue]>([
    [
      "words that aren't texts",
      ["true", "no", "Off", "y", "null", "~", "NaN", ".inf", "1e3", "0x1f", "12:30", ""],
    ],
    [
      "marks",
      ["- a", "a: b", "#c", "{d}", "[e]", "&f", "*g", "!h", "|", ">", "%i", "@j", "`k`", "?", "'l'", '"m"'],
    ],
    [
      "other scripts, line breaks and controls",
      ["漢字", "😀", "a\nb", "\u2028", "\u0085", "\u0000\u001b", "tab\t"],
    ],
    ["numbers and nothing", [0, -1, 1.5e-7, 6e-7, -1e21, true, false, null]],
    ["nests", { a: [[1, [2]], { b: { c: [] } }, {}], "": { " ": [{ d: null, e: [{ f: 1 }] }] }, no: "no" }],
  ])("holds %s", (_, value) => {
    expect(readYaml(writeYaml({ value }, ["a comment\nof two lines: #漢"]))).toEqual([{ value }]);
  });

  test("leaves out what is undefined, and mends a lone surrogate", () => {
    expect(readYaml(writeYaml({ a: undefined, b: "\ud83d" }))).toEqual([{ b: "\ufffd" }]);
  });
});
