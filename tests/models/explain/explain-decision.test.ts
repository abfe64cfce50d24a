import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ArtifactManifest,
  decodeOnnx,
  loadRouter,
  type Policy,
  type RouteRequest,
} from "@signalbox/runtime";
import { afterAll, expect, test } from "vitest";
import { type DecisionExplanation, explainDecision } from "../../../models/explain/explain-decision.js";
import { writeRandomArtifact } from "../../../scripts/bench/random-artifact.js";
import { policyRule } from "../../support/policy-rule.js";
import { routerPolicy } from "../../support/router-policy.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-explain-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let artifacts = 0;

const threshold = (least: number | null) => ({ min_sufficiency: least, retention_low: null, n: 1, note: "" });
/** Thresholds that every text clears, so that constraints and rules alone decide. */
const easy: Partial<Policy> = {
  stakes_threshold: null,
  in_distribution: null,
  thresholds: { small: threshold(0), medium: threshold(0) },
};

async function explain(request: RouteRequest, policy: Partial<Policy> = {}): Promise<DecisionExplanation> {
  artifacts += 1;
  const folder = join(root, `artifact-${artifacts}`);
  writeRandomArtifact(folder, { hidden: 2, policy: { ...easy, ...policy } });
  const read = (name: string) => readFileSync(join(folder, name));
  const manifest = JSON.parse(read("manifest.json").toString()) as ArtifactManifest;
  const router = await loadRouter(folder);
  return explainDecision({
    model: decodeOnnx(read("model.onnx")),
    heads: manifest.heads,
    lengthQuantiles: manifest.length_quantiles,
    policy: JSON.parse(read("policy.json").toString()) as Policy,
    request,
    decision: router.decide(request),
  });
}

const models = (changes: Record<string, Partial<Policy["models"][number]>>) =>
  routerPolicy().models.map((model) => ({ ...model, ...changes[model.model] }));

test.each<[string, RouteRequest, Partial<Policy>, Record<string, RegExp>]>([
  [
    "the cheapest sufficient model",
    { prompt: "hello" },
    {},
    { small: /^chosen: sufficient/, medium: /sufficient, but small is cheaper/, large: /not needed: small/ },
  ],
  [
    "a threshold that isn't cleared",
    { prompt: "hello" },
    { thresholds: { small: threshold(1), medium: threshold(null) } },
    { small: /below its threshold by 0\.\d{4}/, medium: /not certified/, large: /chosen: insufficient/ },
  ],
  [
    "a model that can't use tools",
    { prompt: "hello", tools: [{}] },
    { models: models({ small: { supports_tools: false } }) },
    { small: /known not to support tools/, medium: /^chosen/ },
  ],
  [
    "a region",
    { prompt: "hello", regions: ["eu"] },
    { models: models({ medium: { regions: ["EU"] } }) },
    { small: /not known to be served in a region/, medium: /^chosen/, large: /region/ },
  ],
  [
    "a list",
    { prompt: "hello", denyModels: ["small"] },
    {},
    { small: /not allowed by a list/, medium: /^chosen/ },
  ],
  [
    "a rule that narrows",
    { prompt: "hello", meta: { app: "legal" } },
    { rules: [policyRule("legal", { app: "legal" }, { at_least: "large" })] },
    { small: /left out by rule legal/, medium: /left out by rule legal/, large: /chosen: .*rule:legal/ },
  ],
  [
    "a rule that takes a model",
    { prompt: "hello", meta: { app: "legal" } },
    { rules: [policyRule("legal", { app: "legal" }, { model: "medium" })] },
    { small: /but medium was chosen: rule:legal/, medium: /chosen: rule:legal/ },
  ],
  [
    "the ramp",
    { prompt: "hello" },
    { ramp: { share: 0, salt: "s" } },
    { small: /but large was chosen: ramp:control/, large: /chosen: ramp:control/ },
  ],
  [
    "a cost cap",
    { prompt: "hello", maxCostUsd: 1e-9 },
    {},
    { small: /^chosen: over_budget/, large: /expected to cost more than the cap/ },
  ],
])("says what %s did to each model", async (_, request, policy, wanted) => {
  const { models: found, decision } = await explain(request, policy);
  expect(found.filter(({ is_chosen }) => is_chosen).map(({ model }) => model)).toEqual([decision.model]);
  for (const [model, why] of Object.entries(wanted))
    expect(found.find((row) => row.model === model)!.why).toMatch(why);
});

test("says the decision's own numbers, and the same each time", async () => {
  const request = { prompt: "Prove that there are infinitely many primes, please." };
  const explanation = await explain(request);
  const { decision, need, models: rows } = explanation;
  expect(need).toBeCloseTo(decision.score!, 9);
  for (const { model, sufficiency } of rows.slice(0, 2))
    expect(sufficiency).toBeCloseTo(decision.sufficiency[model]!, 9);
  expect(rows.find(({ is_chosen }) => is_chosen)!.expected_cost_usd).toBe(decision.expectedCostUsd);
  expect(explanation.up.length).toBeGreaterThan(0);
  expect(explanation.up.length).toBeLessThanOrEqual(8);
  expect(
    explanation.up.every(({ logit }) => logit > 0) && explanation.down.every(({ logit }) => logit < 0),
  ).toBe(true);
  const again = await explain(request);
  const timeless = (given: DecisionExplanation) => ({ ...given, decision: null });
  expect(timeless(again)).toEqual(timeless(explanation));
});

test("the dial that a request asks for is the one that is shown", async () => {
  const { dial } = routerPolicy();
  const { models: rows } = await explain({ prompt: "hello", retention: 0.99 }, { dial });
  expect(rows.map(({ threshold: least }) => least)).toEqual([0.85, 0.85, null]);
});

test("a request that switches off the router is explained, too", async () => {
  const { models: rows, decision } = await explain({ prompt: "hello" }, { enabled: false });
  expect(decision.reasons).toEqual(["disabled:policy"]);
  expect(rows.at(-1)!.why).toBe("chosen: disabled:policy");
});
