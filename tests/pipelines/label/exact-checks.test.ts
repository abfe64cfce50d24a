import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { failedReply } from "../../../pipelines/label/apis/judge-api.js";
import { checkAnswer } from "../../../pipelines/label/exact-checks/check-answer.js";
import { compileJsonSchema } from "../../../pipelines/label/exact-checks/compile-json-schema.js";
import { openCodeRunner } from "../../../pipelines/label/exact-checks/open-code-runner.js";
import { type ItemChecks, readItemChecks } from "../../../pipelines/label/exact-checks/read-item-checks.js";
import { lastNumber, statedNumber } from "../../../pipelines/label/exact-checks/stated-number.js";
import type { LabelItem } from "../../../pipelines/label/label-item.js";
import type { SampledRequest } from "../../../pipelines/label/sample-requests.js";

const folder = mkdtempSync(join(tmpdir(), "signalbox-checks-"));
afterAll(() => rmSync(folder, { recursive: true }));

function decide(
  reference: string,
  candidate: string,
  {
    checks = {},
    finishReason = "stop",
    maxTokens = null,
  }: { checks?: Partial<ItemChecks>; finishReason?: string; maxTokens?: number | null } = {},
): string {
  const item: LabelItem = {
    row: { max_tokens: maxTokens } as SampledRequest,
    request: { system: null, history: [], user: "?" },
    answer: reference,
    checks: { gold: null, jsonSchema: null, passesTests: null, ...checks },
    knownRight: null,
    hash: "h",
  };
  const reply = { ...failedReply("k", "x", false), text: candidate, finishReason, error: null };
  const decision = checkAnswer(item, reply);
  return decision === null ? "judge" : `${decision.check} ${decision.verdict}`;
}

describe("an answer that needs no judge", () => {
  test.each([
    ["empty", "Yes.", "  \n", {}, "empty insufficient"],
    ["a refusal", "Yes.", "", { finishReason: "refusal" }, "refusal insufficient"],
    ["cut by the caller", "Yes.", "Ye", { finishReason: "length", maxTokens: 1 }, "truncated insufficient"],
    ["cut by our own cap", "Yes.", "Ye", { finishReason: "length" }, "judge"],
    ["the same but for spaces", "Yes.\nNo.", "Yes. \r\nNo.\n", {}, "equal sufficient"],
    ["the same but for case", "YES", "yes", {}, "judge"],
    ["the same but for indentation", "if x:\n  y", "if x:\ny", {}, "judge"],
    [
      "the same JSON",
      '{"a":1,"b":[{"c":2,"d":3}]}',
      '{ "b": [{"d":3,"c":2}], "a": 1 }',
      {},
      "equal sufficient",
    ],
    ["other JSON", '{"a":[1,2]}', '{"a":[2,1]}', {}, "judge"],
  ])("%s: %j and %j", (_, reference, candidate, options, decision) => {
    expect(decide(reference, candidate, options)).toBe(decision);
  });

  test.each([
    ["42", "6 * 7 = 42\nAnswer: 42", "numeric sufficient"],
    ["The answer is 1,234.", "\\boxed{1234}", "numeric sufficient"],
    ["#### 0.5", "\\boxed{\\frac{1}{2}}", "numeric sufficient"],
    ["42", "Answer: 43", "judge"],
    ["42", "There were 42 of them, or so I think.", "judge"],
    ["Two things: 42 apples cost 3.", "Three things: 41 apples cost 3.", "judge"],
  ])("a number against a logged one: %j and %j", (reference, candidate, decision) => {
    expect(decide(reference, candidate)).toBe(decision);
  });

  test.each([
    ["B", "A", "B", "gold sufficient"],
    ["B", "B", "C", "judge"],
    ["42", "42", "It is 42", "numeric sufficient"],
    ["42", "42", "Answer: 43", "numeric insufficient"],
    ["42", "41", "Answer: 43", "judge"],
    ["42", "42", "It is 43, I think", "judge"],
  ])("gold %j, logged %j, candidate %j", (gold, reference, candidate, decision) => {
    expect(decide(reference, candidate, { checks: { gold } })).toBe(decision);
  });

  const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
  test.each([
    ['{"n":1}', '{"n":"1"}', "json_schema insufficient"],
    ['{"n":1}', '```json\n{"n":1}\n```', "json_schema insufficient"],
    ['{"n":1}', '{"n":2}', "judge"],
    ["n is 1", "n is one", "judge"],
  ])("schema, logged %j, candidate %j", (reference, candidate, decision) => {
    expect(decide(reference, candidate, { checks: { jsonSchema: compileJsonSchema(schema) } })).toBe(
      decision,
    );
  });
});

test.each([
  ["42", 42],
  ["**42**", 42],
  ["$1,234.50", 1234.5],
  ["−7", -7],
  ["3/4", 0.75],
  ["12 %", 12],
  ["1e3", 1000],
  ["final answer: **8**.", 8],
  ["so\n#### 72", 72],
  ["\\boxed{-\\frac{3}{4}}", -0.75],
  ["\\boxed{x + 1}", null],
  ["\\boxed{\\frac{3}{4}}", 0.75],
  ["1/0", null],
  ["1e999", null],
  ["1,23", null],
  ["42 apples", null],
  ["answer: yes", null],
  ["", null],
])("%j states %s", (text, number) => {
  expect(statedNumber(text)).toBe(number);
});

test("any number that is written out is read back, in whatever clothes", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), (n) => {
      const grouped = n.toLocaleString("en-US");
      for (const text of [
        `${n}`,
        grouped,
        `**${grouped}**`,
        `Answer: ${n}.`,
        `so\n#### ${grouped}`,
        `\\boxed{${n}}`,
      ])
        expect(statedNumber(text)).toBe(n);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      const number = statedNumber(text);
      expect(number === null || Number.isFinite(number)).toBe(true);
    }),
  );
});

test("the last number of a text is found among words", () => {
  expect(lastNumber("12 of 1,000 are −3.5 each")).toBe(-3.5);
  expect(lastNumber("none")).toBeNull();
});

describe("code tests in the sealed machine", () => {
  const tests = "assertEqual(add(1, 2), 3); assert(add(-1, 1) === 0);";
  const fenced = (code: string) => `Here you are:\n\`\`\`js\n${code}\n\`\`\`\nEnjoy.`;
  test.each([
    ["right", fenced("export function add(a, b) { return a + b; }"), true],
    ["right, without a fence", "const add = (a, b) => a + b;", true],
    ["right, and it logs", fenced("const add = (a, b) => { console.log(a); return a + b; }"), true],
    [
      "right, behind another language",
      `\`\`\`python\npass\n\`\`\`\nor\n${fenced("const add = (a, b) => a + b;")}`,
      true,
    ],
    ["right, but in another language alone", "```python\nadd = lambda a, b: a + b\n```", false],
    ["wrong", fenced("const add = (a, b) => a - b;"), false],
    ["not code", "You add them.", false],
    ["endless", fenced("const add = () => { for (;;); }"), false],
    ["endlessly deep", fenced("const add = (a, b) => add(a, b);"), false],
    ["greedy", fenced("const add = () => { let s = 'x'; for (;;) s += s; }"), false],
    ["reaching for the process", fenced("const add = (a, b) => (process.exit(0), a + b);"), false],
    ["reaching for files", fenced("const add = (a, b) => (require('fs'), a + b);"), false],
    ["reaching for the network", fenced("const add = (a, b) => (fetch('http://127.0.0.1'), a + b);"), false],
    [
      "climbing out by a constructor",
      fenced("const add = (a, b) => (this.constructor.constructor('return process')().exit(0), a + b);"),
      false,
    ],
  ])("%s", async (_, answer, isPassed) => {
    const run = await openCodeRunner();
    expect(run(answer, tests)).toBe(isPassed);
    expect(run("const add = (a, b) => a + b;", tests)).toBe(true);
  });

  test("decide only where the answers differ", async () => {
    const run = await openCodeRunner();
    const checks = { passesTests: (answer: string) => run(answer, tests) };
    const [right, wrong] = ["const add = (a, b) => a + b;", "const add = (a, b) => a * b;"];
    expect(decide(wrong, right, { checks })).toBe("code_tests sufficient");
    expect(decide(right, wrong, { checks })).toBe("code_tests insufficient");
    expect(decide(wrong, "const add = () => 3;", { checks })).toBe("judge");
  });
});

describe("a checks file", () => {
  const write = (text: string): string => {
    const path = join(folder, "checks.jsonl");
    writeFileSync(path, text);
    return path;
  };
  const row = (request_id: string, app: string | null) => ({ request_id, app }) as SampledRequest;

  test("speaks of apps and of requests, and the request's word counts", async () => {
    const path = write('{"app":"maths","gold":"1","tests":"assert(true)"}\n\n{"request_id":"r2","gold":2}\n');
    const checksOf = await readItemChecks(path, false);
    expect(checksOf(row("r1", "maths"))).toEqual({ gold: "1", jsonSchema: null, passesTests: null });
    expect(checksOf(row("r2", "maths"))!.gold).toBe("2");
    expect(checksOf(row("r3", "chat"))).toBeNull();
    expect(checksOf(row("r3", null))).toBeNull();
  });

  test("has its tests run only on the user's word", async () => {
    const path = write('{"app":"code","tests":"assertEqual(twice(2), 4)"}');
    const passes = (await readItemChecks(path, true))(row("r", "code"))!.passesTests!;
    expect(passes("const twice = (n) => 2 * n;")).toBe(true);
    expect(passes("const twice = (n) => n;")).toBe(false);
    expect((await readItemChecks(path, false))(row("r", "code"))!.passesTests).toBeNull();
  });

  test.each([
    ["not json", /checks\.jsonl:1: not readable as JSON/],
    ["null", /:1: either request_id or app/],
    ['{"app":"a","gold":"1"}\n{"gold":"1"}', /:2: either request_id or app/],
    ['{"app":"a","request_id":"b"}', /either request_id or app/],
    ['{"app":"a","answer":"b"}', /answer is not known/],
    ['{"app":"a","gold":""}', /gold is not a text/],
    ['{"app":"a","tests":1}', /tests is not a text/],
    ['{"app":"a","json_schema":[]}', /json_schema is not an object/],
    ['{"app":"a","json_schema":{"type":"strng"}}', /json_schema can't be used/],
  ])("%j is refused", async (text, message) => {
    await expect(readItemChecks(write(text), false)).rejects.toThrow(message);
  });

  test("that isn't there is refused", async () => {
    await expect(readItemChecks(join(folder, "none.jsonl"), false)).rejects.toThrow(/can't be read/);
  });
});
