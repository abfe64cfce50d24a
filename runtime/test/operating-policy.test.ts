import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ArtifactError } from "../src/artifact/artifact-error.js";
import { readPolicy } from "../src/artifact/read-artifact-json.js";
import { compilePolicy } from "../src/router/compile-policy.js";
import { modelFacts, twoModelPolicy } from "./support/two-model-policy.js";

const read = (changes: object) =>
  readPolicy(JSON.stringify({ ...twoModelPolicy(), ...changes }), "policy.json", 1);
const rule = (changes: object) => ({ rules: [{ id: "r", when: {}, ...changes }] });
const priced = (facts: object) => ({ models: [{ ...modelFacts("small"), ...facts }, modelFacts("large")] });
const point = (changes: object) => ({
  dial: [{ retention: 0.98, min_sufficiency: {}, retention_low: null, ...changes }],
});
const doing = (then: object) => ({ then });
const act = doing({ model: "small" });

describe("policy.json's operating fields", () => {
  test.each<[string, object]>([
    ["rules (a list", { rules: {} }],
    ["rules (a list", { rules: Array.from({ length: 201 }, (_, i) => ({ id: `r${i}`, when: {}, ...act })) }],
    ["rules[0].id", { rules: [{ when: {}, ...act }] }],
    ["rules[0].id", { rules: [null] }],
    [
      "rules[1].id (it occurs twice)",
      {
        rules: [
          { id: "a", when: {}, ...act },
          { id: "a", when: {}, ...act },
        ],
      },
    ],
    ["rules[0] (r).when", { rules: [{ id: "r", ...act }] }],
    ["rules[0] (r).when.plan (no such condition)", rule({ when: { plan: "free" }, ...act })],
    ["rules[0] (r).when.constructor (no such condition)", rule({ when: { constructor: "x" }, ...act })],
    ["rules[0] (r).when.app", rule({ when: { app: [] }, ...act })],
    ["rules[0] (r).when.min_chars", rule({ when: { min_chars: "5" }, ...act })],
    ["rules[0] (r).when.meta", rule({ when: { meta: { plan: 3 } }, ...act })],
    ["rules[0] (r).when.has_tools", rule({ when: { has_tools: "yes" }, ...act })],
    ["a repeated group holds a repeat", rule({ when: { text_matches: "(a+)+" }, ...act })],
    ["backreferences aren't allowed", rule({ when: { text_matches: "(a)\\1" }, ...act })],
    ["rules[0] (r).when.text_matches", rule({ when: { text_matches: "(" }, ...act })],
    [
      "together their text_matches",
      { rules: ["a", "b", "c", "d"].map((id) => ({ id, when: { text_matches: `.*no${id}` }, ...act })) },
    ],
    ["rules[0] (r).then (one of", rule({})],
    ["rules[0] (r).then (one of", rule(doing({ model: "small", exclude: ["large"] }))],
    ["rules[0] (r).then (one of", rule(doing({ constructor: "small" }))],
    ["rules[0] (r).then.model (of the policy's models: small, large)", rule(doing({ model: "tiny" }))],
    ["rules[0] (r).then.exclude", rule(doing({ exclude: [] }))],
    ["dial (a list", { dial: {} }],
    ["dial[0].retention", point({ retention: 1.5 })],
    ["dial[1].retention", { dial: [0.99, 0.98].map((retention) => ({ retention, min_sufficiency: {} })) }],
    ["dial[0].min_sufficiency", point({ min_sufficiency: null })],
    ["dial[0].min_sufficiency.small", point({ min_sufficiency: { small: 1.2 } })],
    ["max_cost_usd", { max_cost_usd: 0 }],
    ["max_cost_usd", { max_cost_usd: "1" }],
    ["min_confidence", { min_confidence: 2 }],
    ["switching.drops", { switching: { drops: "always", min_prefix_tokens: 1, cache_ttl_s: 1 } }],
    ["switching.min_prefix_tokens", { switching: { drops: "never", cache_ttl_s: 1 } }],
    ["switching.cache_ttl_s", { switching: { drops: "never", min_prefix_tokens: 1, cache_ttl_s: -1 } }],
    ["allow_models (a list", { allow_models: "small" }],
    ["deny_models (a list", { deny_models: [1] }],
    ["together they leave no model", { allow_models: ["small"], deny_models: ["small"] }],
    ["together they leave no model", { allow_models: [] }],
    ["exploration.epsilon", { exploration: { epsilon: null, salt: "" } }],
    ["exploration.salt", { exploration: { epsilon: 0.1 } }],
    ["ramp.share", { ramp: { share: 10, salt: "" } }],
    ["ramp.salt", { ramp: { share: 0.1 } }],
    ["fallbacks.timeout", { fallbacks: { timeout: "retry" } }],
    ["fallbacks", { fallbacks: null }],
    ["models[0].cache_read_usd_per_mtok", priced({ cache_read_usd_per_mtok: -1 })],
    ["models[0].input_usd_per_mtok", priced({ input_usd_per_mtok: "3" })],
    ["models[0].regions", priced({ regions: "eu" })],
  ])("refuses a bad field by its name: %s", (name, changes) => {
    expect(() => read(changes)).toThrow(ArtifactError);
    expect(() => read(changes)).toThrow(name);
    expect(() => read(changes)).toThrow(
      expect.objectContaining({ fault: "bad_policy", path: "policy.json" }),
    );
  });

  test("takes whatever the types allow, and leaves unknown fields alone", () => {
    const good = {
      ...priced({ cache_read_usd_per_mtok: 0, regions: ["eu"], colour: "red" }),
      rules: [{ id: "r", note: "why", when: { app: ["a"], text_matches: "(?i)\\bsue\\b" }, ...act }],
      dial: [
        { retention: 0.95, min_sufficiency: { small: null, unheard_of: 0.3 }, retention_low: 0.94, n: 5 },
      ],
      max_cost_usd: null,
      min_confidence: 0,
      switching: { drops: "when_cheaper", min_prefix_tokens: 0, cache_ttl_s: 0, horizon: 3 },
      allow_models: ["small", "large"],
      deny_models: [],
      exploration: { epsilon: 0, salt: "" },
      ramp: { share: 1, salt: "" },
      fallbacks: { timeout: "none", future_class: "later" },
      future_field: { a: 1 },
    };
    expect(read(good)).toMatchObject(good);
    expect(() => compilePolicy(read(good), [])).not.toThrow();
  });

  test("a policy of an earlier format is read as before", () => {
    const { cache_read_usd_per_mtok: _, ...facts } = modelFacts("small");
    expect(read({ models: [facts, modelFacts("large")] })).toEqual({
      ...twoModelPolicy(),
      models: [facts, modelFacts("large")],
    });
  });

  test("any JSON in any field is read or refused with ArtifactError, and what is read compiles", () => {
    const names = [
      "rules",
      "dial",
      "max_cost_usd",
      "min_confidence",
      "switching",
      "allow_models",
      "deny_models",
      "exploration",
      "ramp",
      "fallbacks",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, value) => {
        try {
          compilePolicy(read({ [name]: value }), []);
        } catch (error) {
          expect(error).toBeInstanceOf(ArtifactError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
