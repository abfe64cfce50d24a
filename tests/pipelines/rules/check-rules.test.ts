import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolicyRule, RuleCondition } from "@signalbox/runtime";
import { loadRouter } from "@signalbox/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RulesCheck } from "../../../datasets/rules-check.js";
import { checkRules } from "../../../pipelines/rules/check-rules.js";
import { writeRandomArtifact } from "../../../scripts/bench/random-artifact.js";
import { policyRule } from "../../support/policy-rule.js";
import { writeLines } from "../../support/write-lines.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-rules-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let files = 0;

const rules: PolicyRule[] = [
  policyRule("legal", { app: "legal" }, { at_least: "large" }),
  policyRule("long", { min_chars: 50 }, { model: "medium" }),
  policyRule("contract", { text_matches: "contract", app: ["legal"] }, { model: "large" }),
  policyRule("images", { has_images: true }, { exclude: ["small"] }),
  policyRule("never", { tag: "nobody" }, { model: "small" }),
];
const long = "a question that goes on ".repeat(4);
const requests = [
  { id: "1", prompt: "read this contract", meta: { app: "legal" }, cost_usd: 0.25 },
  { id: "2", prompt: long, meta: { app: "legal" }, cost_usd: 0.5 },
  { id: "3", prompt: long, meta: { app: "chat" } },
  { id: "4", prompt: `${long} for jane.doe@example.com`, cost_usd: 1 },
  { id: "5", prompt: "hi", meta: { app: "chat", tag: ["somebody"] }, cost_usd: 2 },
  { id: "6", messages: [{ role: "user", content: "contract" }], cost_usd: 4 },
];

async function check(given: unknown, lines: readonly unknown[], artifact?: string): Promise<RulesCheck> {
  files += 1;
  const path = join(root, `rules-${files}.json`);
  writeFileSync(path, JSON.stringify(given));
  return checkRules({
    rules: path,
    source: { log: writeLines(join(root, `${files}.jsonl`), lines) },
    artifact,
  });
}

const finding = (result: RulesCheck, id: string) => result.rules.find(({ rule }) => rule.id === id)!;

describe("a dry run of rules on a file", () => {
  let result: RulesCheck;
  beforeAll(async () => {
    result = await check(rules, requests);
  });

  test("gives each request to the first rule that holds, with its dollars, unknown prices apart", () => {
    expect(finding(result, "legal")).toMatchObject({ requests: 2, share: 2 / 6, usd: 0.75, unpriced: 0 });
    expect(finding(result, "long")).toMatchObject({ requests: 2, usd: 1, unpriced: 1, matches: 3 });
    expect(result.unclaimed).toEqual({ requests: 2, share: 2 / 6, usd: 6, unpriced: 0 });
    expect(result).toMatchObject({ requests: 6, usd: 7.75, unpriced: 1, unreadable: 0 });
    const claimed = result.rules.reduce((sum, rule) => sum + rule.requests, 0);
    expect(claimed + result.unclaimed.requests + result.undecided.requests).toBe(result.requests);
  });

  test("names rules that never fire, and who takes what they match", () => {
    expect(finding(result, "contract")).toMatchObject({
      status: "shadowed",
      requests: 0,
      matches: 1,
      shadowed_by: [{ rule: "legal", requests: 1 }],
    });
    expect(finding(result, "long")).toMatchObject({
      status: "claims",
      shadowed_by: [{ rule: "legal", requests: 1 }],
    });
    expect(finding(result, "images").status).toBe("nothing");
    expect(finding(result, "never").status).toBe("nothing");
  });

  test("shows short examples without personal data", () => {
    const { examples } = finding(result, "long");
    expect(examples.map(({ id }) => id).sort()).toEqual(["3", "4"]);
    for (const { text } of examples) expect(text.length).toBeLessThanOrEqual(83);
    expect(JSON.stringify(result)).not.toContain("jane.doe");
  });

  test("without an artifact nothing is said about constraints, and that is said", () => {
    expect(finding(result, "legal").conflicts).toBeNull();
    expect(result.notes.join()).toMatch(/models and constraints weren't checked/);
  });
});

test("claims what the runtime's router claims", async () => {
  const artifact = join(root, "artifact");
  writeRandomArtifact(artifact, { hidden: 2, policy: { rules } });
  const router = await loadRouter(artifact);
  const bodies = requests as ReadonlyArray<Record<string, unknown>>;
  const decided = bodies.map((body) => router.decide(body).rule);
  const result = await check(rules, bodies, artifact);
  for (const { rule, requests: claimed } of result.rules)
    expect(claimed, rule.id).toBe(decided.filter((id) => id === rule.id).length);
});

test("says on how many of its requests a rule is passed over, and what stands in the way", async () => {
  const artifact = join(root, "constrained");
  const models = ["small", "medium", "large"].map((model, rank) => ({
    model,
    provider: null,
    input_usd_per_mtok: 1 + rank,
    output_usd_per_mtok: 4,
    mean_cost_usd: null,
    context_window: rank === 0 ? 100 : 100_000,
    supports_tools: rank > 0,
    supports_vision: true,
    supports_json: true,
  }));
  writeRandomArtifact(artifact, { hidden: 2, policy: { models, deny_models: ["medium"] } });
  const cheap: PolicyRule[] = [
    policyRule("cheap", { app: "chat" }, { model: "small" }),
    policyRule("denied", { app: "denied" }, { model: "medium" }),
    policyRule("none", { app: "none" }, { exclude: ["small", "large"] }),
  ];
  const tools = [{ type: "function" }];
  const result = await check(
    cheap,
    [
      { prompt: "hi", meta: { app: "chat" } },
      { prompt: "hi", tools, meta: { app: "chat" } },
      { prompt: "hi", tools, meta: { app: "chat" } },
      { prompt: "x".repeat(2_000), meta: { app: "chat" } },
      { prompt: "hi", meta: { app: "denied" } },
      { prompt: "hi", meta: { app: "none" } },
    ],
    artifact,
  );
  expect(finding(result, "cheap").conflicts).toEqual([
    { constraint: "tools", requests: 2 },
    { constraint: "context", requests: 1 },
  ]);
  expect(finding(result, "denied").conflicts).toEqual([{ constraint: "denied", requests: 1 }]);
  expect(finding(result, "none").conflicts).toHaveLength(1);
  expect(result.artifact_id).toBe("random-00000000");
});

test("hostile lines are counted, whatever they hold", async () => {
  const path = join(root, "hostile.jsonl");
  const lines = [
    "",
    "not json",
    "[]",
    "null",
    '{"id": 7}',
    '{"prompt": 7, "meta": "x", "cost_usd": "free"}',
    '{"prompt": "\\ud83d", "meta": {"app": {"__proto__": 1}}, "cost_usd": -1}',
    `{"prompt": ${JSON.stringify("(a+)+$ ".repeat(2_000))}, "meta": {"tags": [1, null, {}]}}`,
  ];
  writeFileSync(path, lines.join("\n"));
  const rulesPath = join(root, "hostile.json");
  writeFileSync(rulesPath, JSON.stringify(rules));
  const result = await checkRules({ rules: rulesPath, source: { log: path } });
  expect(result).toMatchObject({ requests: 3, unreadable: 4, usd: 0, unpriced: 3 });
  expect(finding(result, "long").requests).toBe(1);
});

test.each<[string, unknown, RegExp]>([
  [
    "an unknown condition",
    [policyRule("a", { language: "de" } as RuleCondition, { model: "m" })],
    /rules-\d+.json: rules\[0\].*language/,
  ],
  ["two rules of one id", [rules[0], rules[0]], /occurs twice/],
  ["a pattern that is none", [policyRule("a", { text_matches: "(" }, { model: "m" })], /text_matches/],
  ["no action", [{ id: "a", when: {} }], /then/],
  ["something else than rules", [null, 7], /rules\[0\]/],
])("refuses %s as the runtime does", async (_, given, message) => {
  await expect(check(given, [])).rejects.toThrow(message);
});

test("an empty file gives empty shares", async () => {
  const result = await check(rules, []);
  expect(result).toMatchObject({ requests: 0, usd: 0, unclaimed: { requests: 0, share: 0 } });
  expect(finding(result, "legal")).toMatchObject({ share: 0, status: "nothing" });
});
