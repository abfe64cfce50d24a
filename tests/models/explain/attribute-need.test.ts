import {
  createKernel,
  decodeOnnx,
  FEATURISER,
  featurise,
  type Policy,
  type RouteRequest,
  type RouterModel,
} from "@signalbox/runtime";
import { describe, expect, test } from "vitest";
import { attributeNeed } from "../../../models/explain/attribute-need.js";
import { cuePlaces, denseGroups } from "../../../models/explain/dense-groups.js";
import { occludeWords } from "../../../models/explain/occlude-words.js";
import { encodeOnnx } from "../../../models/onnx/encode-onnx.js";
import { routerPolicy } from "../../support/router-policy.js";

const denseFeatures = FEATURISER.denseNames.length;
const place = (name: string) => FEATURISER.denseNames.indexOf(name);

/** A linear model of one sufficiency head: n-grams of these texts lower it, dense features add to it by name. */
function plantedModel(texts: readonly string[], dense: Record<string, number> = {}): RouterModel {
  const wideTable = new Float32Array(FEATURISER.buckets);
  for (const prompt of texts) for (const id of featurise({ prompt }).ids) wideTable[id] = -4;
  const denseWide = new Float32Array(denseFeatures);
  for (const [name, weight] of Object.entries(dense)) denseWide[place(name)] = weight;
  const none = new Float32Array(0);
  return decodeOnnx(
    encodeOnnx({
      heads: [{ kind: "sufficiency", model: "small" }],
      lengthQuantiles: [],
      featuriser: { version: FEATURISER.version, hash: FEATURISER.hash },
      buckets: FEATURISER.buckets,
      denseFeatures,
      hidden: 0,
      wideTable,
      denseWide,
      bias: Float32Array.of(0),
      deepTable: none,
      denseDeep: none,
      deepBias: none,
      deepOut: none,
      mix: Float32Array.of(1, 0),
      shift: Float32Array.of(2),
      knots: none,
      bends: none,
    }),
  );
}

function explain(model: RouterModel, request: RouteRequest, policy: Policy = routerPolicy()) {
  return attributeNeed({ engine: createKernel(model), policy, head: 0, request });
}

describe("attributeNeed", () => {
  test("a planted word speaks for the strong model by exactly what its n-grams add to the logit", () => {
    const model = plantedModel(["prove"]);
    const prompt = "Prove it: a haiku, prove it";
    const { parts, need } = explain(model, { prompt });
    expect(parts[0]).toMatchObject({ kind: "word", name: "prove (2 times)" });
    const { ids, weights } = featurise({ prompt });
    const proving = new Set(featurise({ prompt: "prove" }).ids);
    const sum = [...ids].reduce((total, id, i) => total + (proving.has(id) ? -4 * weights[i]! : 0), 0);
    expect(Math.log(need / (1 - need))).toBeCloseTo(-(2 + sum), 4);
    expect(parts[0]!.logit).toBeCloseTo(-sum, 4);
    expect(parts[0]!.probability).toBeCloseTo(need - 1 / (1 + Math.exp(2)), 4);
  });

  test("a group of dense features is set to its training mean, all together, and no other group moves", () => {
    const model = plantedModel([], { code_marks: 3, code_fence: -1, images: 2 });
    const mean = FEATURISER.denseNames.map(() => 0.25);
    const score = {
      rarity: "",
      text_centre: [0, 0] as [number, number],
      text_variance: [1, 0] as [number, number],
      text_limit: 1,
      shape_mean: mean,
      shape_scale: mean,
      shape_limit: 1,
    };
    const policy = routerPolicy({ in_distribution: { dense_low: mean, dense_high: mean, score } });
    const { parts } = explain(model, { prompt: "```\nlet a = {};\n```" }, policy);
    const { dense } = featurise({ prompt: "```\nlet a = {};\n```" });
    const code = (dense[place("code_marks")]! - 0.25) * 3 - (1 - 0.25);
    const found = Object.fromEntries(parts.map(({ name, logit }) => [name, logit]));
    expect(Object.keys(found).sort()).toEqual(["code marks", "images"]);
    expect(found["code marks"]).toBeCloseTo(-code, 4);
    expect(found.images).toBeCloseTo(0.25 * 2, 4);
  });

  test("a cue goes with its word", () => {
    const model = plantedModel([], { cue_reasoning: -2 });
    const { parts } = explain(model, { prompt: "prove this" });
    expect(parts.map(({ kind, name }) => [kind, name])).toEqual([["word", "prove"]]);
    expect(parts[0]!.logit).toBeCloseTo(2 / 3, 4);
  });

  test("the system prompt's words go as a whole", () => {
    const model = plantedModel([]);
    expect(explain(model, { prompt: "hi", system: "You prove theorems." }).parts).toEqual([]);
    for (const id of featurise({ prompt: "", system: "prove" }).ids) model.wideTable[id] = -4;
    const { parts } = explain(model, { prompt: "hi", system: "prove" });
    expect(parts).toHaveLength(1);
    expect(parts[0]).toMatchObject({ kind: "system", name: "words of the system prompt" });
    expect(parts[0]!.logit).toBeGreaterThan(0);
  });

  test.each<[string, RouteRequest]>([
    ["nothing", {}],
    ["an empty text", { prompt: "" }],
    ["lone surrogates", { prompt: "\ud83d \udc00 a\ud83d" }],
    ["a long text without spaces", { prompt: "x".repeat(50_000) }],
    ["wrong types", { prompt: 7, messages: "no", tools: 3 } as unknown as RouteRequest],
    ["many scripts", { prompt: "证明 这 个 定理 мир สวัสดีครับ مرحبا 👩‍👩‍👧" }],
  ])("explains %s twice alike", (_, request) => {
    const model = plantedModel(["prove", "证明"], { words: 1, images: 1 });
    const first = explain(model, request);
    expect(
      first.parts.every(({ logit, probability }) => Number.isFinite(logit) && Number.isFinite(probability)),
    ).toBe(true);
    expect(explain(model, request)).toEqual(first);
  });

  test("words beyond the limit are counted, not tried", () => {
    const prompt = Array.from(
      { length: 1_000 },
      (_, i) => `w${String.fromCharCode(97 + (i % 26))}x${i}`,
    ).join(" ");
    const { words_left_out, parts } = explain(plantedModel(["wax0"]), { prompt });
    expect(words_left_out).toBe(400);
    expect(parts.length).toBeLessThanOrEqual(600);
  });
});

test("every dense feature is in one group, or counts cues", () => {
  const grouped = Object.values(denseGroups).flat();
  const cues = cuePlaces.map((at) => FEATURISER.denseNames[at]!);
  expect([...grouped, ...cues].sort()).toEqual([...FEATURISER.denseNames].sort());
});

test("occludes words whatever their case, and leaves the rest as it is", () => {
  const { words, leftOut } = occludeWords("Prove it, PROVE ｐrove!", 10);
  expect(words).toEqual([
    { word: "prove", count: 3, without: " it,  !" },
    { word: "it", count: 1, without: "Prove , PROVE ｐrove!" },
  ]);
  expect(leftOut).toBe(0);
  expect(occludeWords("证明这个定理", 10).words.length).toBeGreaterThan(1);
});
