import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { publishedRoutellmTable } from "../../../datasets/benchmarks/published-routellm-table.js";
import { readBaselineScores } from "../../../datasets/benchmarks/read-baseline-scores.js";
import { type Ladder, readMixedLadder } from "../../../datasets/benchmarks/read-mixed-ladder.js";
import { readMmluPro } from "../../../datasets/benchmarks/read-mmlu-pro.js";
import { readRoutellmEvals } from "../../../datasets/benchmarks/read-routellm-evals.js";
import { readRouterbenchArc } from "../../../datasets/benchmarks/read-routerbench-arc.js";
import { DataError, InputError } from "../../../datasets/errors.js";

const data = resolve(process.env.SIGNALBOX_DATA ?? "../shared/data");
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.skipIf(!existsSync(join(data, "routing")))("published data sets (need SIGNALBOX_DATA)", () => {
  test.each([
    ["mmlu", 14037, 0.6809, 0.8059, 57],
    ["gsm8k", 1307, 0.6373, 0.8577, 1],
    ["mt-bench", 72, 0.8281, 0.9212, 8],
  ] as const)(
    "RouteLLM's %s rows have the published size and accuracies",
    (benchmark, n, weak, strong, groups) => {
      const rows = readRoutellmEvals(data, benchmark);
      expect(rows).toHaveLength(n);
      expect(mean(rows.map((row) => row.weak))).toBeCloseTo(weak, 4);
      expect(mean(rows.map((row) => row.strong))).toBeCloseTo(strong, 4);
      expect(new Set(rows.map(({ group }) => group)).size).toBe(groups);
    },
  );

  test.each(["mmlu", "gsm8k", "mt-bench"] as const)(
    "other routers' scores on %s stand row for row beside them",
    (benchmark) => {
      const rows = readRoutellmEvals(data, benchmark);
      const scored = readBaselineScores(data, benchmark);
      expect(scored).toHaveLength(rows.length);
      const differing = scored.filter(({ prompt, group, weak, strong, score_length }, i) => {
        const row = rows[i]!;
        const isSame =
          prompt === row.prompt && group === row.group && weak === row.weak && strong === row.strong;
        return !isSame || score_length !== prompt.length;
      });
      expect(differing).toEqual([]);
    },
  );

  test.each([
    ["llama", { train: 8887, dev: 1522 }, ["llama-3.1-8b", "llama-3.1-70b"]],
    ["gemini", { train: 8868, dev: 1520 }, ["gemini-1.5-flash", "gemini-1.5-pro"]],
    ["openai", { train: 1715, dev: 265 }, ["gpt-4o-mini", "gpt-4o"]],
    [
      "anthropic",
      { train: 1715, dev: 265 },
      ["claude-3-haiku", "claude-3-5-haiku", "claude-3-5-sonnet", "claude-3-opus"],
    ],
  ] as const)("the %s ladder has the published splits and models", (ladder, splits, models) => {
    const rows = readMixedLadder(data, ladder);
    for (const [split, n] of Object.entries(splits)) {
      expect(rows.filter((row) => row.split === split)).toHaveLength(n);
    }
    expect(Object.keys(rows[0]!.models).sort()).toEqual([...models].sort());
  });

  test("gpt-4o-mini looks almost as good as gpt-4o on the openai ladder's dev rows", () => {
    const dev = readMixedLadder(data, "openai").filter(({ split }) => split === "dev");
    const accuracy = (model: string) => mean(dev.map(({ models }) => models[model]!.correct));
    expect(accuracy("gpt-4o-mini") / accuracy("gpt-4o")).toBeCloseTo(0.996, 3);
  });

  test("MMLU-Pro has the published accuracies, within what leaving out some rows can change", () => {
    const rows = readMmluPro(data);
    expect(rows.length).toBeGreaterThan(8000);
    const accuracy = (model: string) =>
      mean(rows.flatMap(({ models }) => (models[model] ? [models[model].correct] : [])));
    expect(Math.abs(accuracy("gemini-1.5-pro-002") - 0.7025)).toBeLessThan(0.015);
    expect(Math.abs(accuracy("Mixtral-8x7B-Instruct-v0.1") - 0.4189)).toBeLessThan(0.015);
    const share = mean(rows.map(({ is_mmlu }) => Number(is_mmlu)));
    expect(Math.abs(share - 6810 / 12032)).toBeLessThan(0.015);
  });

  test("RouterBench ARC has eleven models on rows without empty cells, and readable questions", () => {
    const [train, test] = [readRouterbenchArc(data, "train"), readRouterbenchArc(data, "test")];
    expect([train.length, test.length]).toEqual([1019, 437]);
    expect(Object.keys(train[0]!.models)).toHaveLength(11);
    expect(mean(test.map(({ models }) => models["gpt-4-1106-preview"]!.correct))).toBeCloseTo(0.9565, 4);
    expect(1000 * mean(test.map(({ models }) => models["gpt-4-1106-preview"]!.cost_usd))).toBeCloseTo(
      5.0011,
      4,
    );
    for (const { prompt } of [...train, ...test]) {
      expect(prompt).toMatch(/^.+\n(A|1)\) .+\nAnswer:$/s);
    }
    expect(new Set([...train, ...test].map(({ prompt }) => prompt)).size).toBeGreaterThan(1440);
  });
});

test("the published table has nine routers on each of three benchmarks", () => {
  const table = publishedRoutellmTable();
  expect(table).toHaveLength(27);
  const best = (benchmark: string) =>
    Math.max(...table.filter((row) => row.benchmark === benchmark).map(({ apgr }) => apgr));
  expect([best("mmlu"), best("gsm8k"), best("mt-bench")]).toEqual([0.603, 0.622, 0.802]);
});

test("a folder without the data set is the user's to fix, and the message names the option", () => {
  const empty = mkdtempSync(join(tmpdir(), "signalbox-"));
  const reads: Array<() => unknown> = [
    () => readRoutellmEvals(empty, "mmlu"),
    () => readRoutellmEvals(empty, "mt-bench"),
    () => readBaselineScores(empty, "gsm8k"),
    () => readMixedLadder(empty, "openai" satisfies Ladder),
    () => readMmluPro(empty),
    () => readRouterbenchArc(empty, "test"),
  ];
  for (const read of reads) {
    expect(read).toThrow(InputError);
    expect(read).toThrow(/SIGNALBOX_DATA/);
  }
});

test.each([
  ["routing/mixed/openai-2tier.jsonl", "{}\n{cut", (d: string) => readMixedLadder(d, "openai"), /jsonl:2: /],
  ["routing/baselines/mmlu.jsonl", "null\n", (d: string) => readBaselineScores(d, "mmlu"), /jsonl:1: /],
  [
    "routing/routerbench-arc/arc_challenge_test.csv",
    "prompt\nx,y\n",
    (d: string) => readRouterbenchArc(d, "test"),
    /csv:2: /,
  ],
  [
    "routing/routerbench-arc/arc_challenge_test.csv",
    "prompt\nx\n",
    (d: string) => readRouterbenchArc(d, "test"),
    /total_cost/,
  ],
])("a damaged %s is refused with its place", (path, text, read, message) => {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-"));
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  expect(() => read(folder)).toThrow(DataError);
  expect(() => read(folder)).toThrow(message);
});
