import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { codexSource } from "../../../datasets/sources/codex.js";
import { detectSource } from "../../../datasets/sources/detect.js";
import { sources } from "../../../datasets/sources/index.js";
import { draftsOf, mapRecords } from "../../support/map-records.js";

const at = (second: number) => new Date(Date.UTC(2026, 4, 13, 9, 0, second)).toISOString();
const counts = (input: number, cached: number, output: number, reasoning = 0) => ({
  input_tokens: input,
  cached_input_tokens: cached,
  output_tokens: output,
  reasoning_output_tokens: reasoning,
  total_tokens: input + output,
});
const meta = (payload: Record<string, unknown> = {}, second = 0) => ({
  timestamp: at(second),
  type: "session_meta",
  payload: { id: "s-1", cwd: "/home/someone/shop", model_provider: "openai", ...payload },
});
const turn = (model: string, second = 1, payload: Record<string, unknown> = {}) => ({
  timestamp: at(second),
  type: "turn_context",
  payload: { cwd: "/home/someone/shop", model, ...payload },
});
const count = (second: number, last: unknown, total: unknown, info: Record<string, unknown> = {}) => ({
  timestamp: at(second),
  type: "event_msg",
  payload: { type: "token_count", info: { last_token_usage: last, total_token_usage: total, ...info } },
});
const item = (payload: Record<string, unknown>) => ({ timestamp: at(2), type: "response_item", payload });
const said = (role: string, text: string) =>
  item({ type: "message", role, content: [{ type: role === "user" ? "input_text" : "output_text", text }] });

describe("codexSource", () => {
  test("maps a call: model of the turn, cached input inside the input, reasoning inside the output", () => {
    const lines = [
      meta(),
      turn("gpt-5.2-codex"),
      said("user", "Fix the bug."),
      said("assistant", "Done."),
      count(9, counts(1000, 250, 125, 75), counts(1000, 250, 125, 75)),
    ];
    expect(draftsOf(codexSource, lines)).toMatchObject([
      {
        id: "s-1/1",
        sessionId: "s-1",
        app: "shop",
        provider: "openai",
        modelServed: "gpt-5.2-codex",
        createdAt: Date.UTC(2026, 4, 13, 9, 0, 9) * 1000,
        prompt: { messages: [{ role: "user", content: "Fix the bug." }] },
        promptState: "truncated",
        output: "Done.",
        usage: { inputUncached: 750, inputCacheRead: 250, outputText: 50, outputReasoning: 75 },
      },
    ]);
  });

  test("subtracts running totals where the last call's counts are missing or empty, and starts anew after a reset", () => {
    const lines = [
      meta(),
      turn("gpt-5.2-codex"),
      count(2, null, counts(1000, 0, 100)),
      count(3, {}, counts(1800, 500, 140, 20)),
      count(4, undefined, counts(300, 0, 10)),
    ];
    expect(draftsOf(codexSource, lines).map(({ usage }) => usage)).toMatchObject([
      { inputUncached: 1000, outputText: 100 },
      { inputUncached: 300, inputCacheRead: 500, outputText: 20, outputReasoning: 20 },
      { inputUncached: 300, inputCacheRead: 0, outputText: 10 },
    ]);
  });

  test("takes an event that repeats the totals for no call", () => {
    const same = [counts(10, 0, 5), counts(10, 0, 5)] as const;
    const mapped = mapRecords(codexSource, [
      meta(),
      turn("gpt-5.2-codex"),
      count(2, ...same),
      count(3, ...same),
      { ...count(4, null, null), payload: { type: "token_count", info: null, rate_limits: {} } },
    ]);
    expect(mapped.map(({ kind }) => kind)).toEqual(["skipped", "skipped", "row", "skipped", "skipped"]);
  });

  test("follows a change of model, by a turn or by the event itself", () => {
    const models = draftsOf(codexSource, [
      meta(),
      turn("a"),
      count(2, counts(1, 0, 1), counts(1, 0, 1)),
      turn("b", 3),
      count(4, counts(1, 0, 1), counts(2, 0, 2)),
      count(5, counts(1, 0, 1), counts(3, 0, 3), { model: "c" }),
    ]).map(({ modelServed }) => modelServed);
    expect(models).toEqual(["a", "b", "c"]);
  });

  test("gives a tool's result to the call after, with the turn that asked for it", () => {
    const lines = [
      meta(),
      turn("m"),
      said("user", "List the files."),
      item({ type: "function_call", name: "exec", arguments: "{}", call_id: "c1" }),
      item({ type: "function_call_output", call_id: "c1", output: "main.py" }),
      count(3, counts(10, 0, 5), counts(10, 0, 5)),
      said("assistant", "One file."),
      count(4, counts(20, 0, 5), counts(30, 0, 10)),
    ];
    const [first, second] = draftsOf(codexSource, lines);
    expect(first?.prompt?.messages).toHaveLength(1);
    expect(first?.output).toBe('[{"type":"function","function":{"name":"exec","arguments":"{}"}}]');
    expect(second?.prompt?.messages).toMatchObject([
      { role: "user", content: "List the files." },
      { role: "tool", content: "main.py" },
    ]);
    expect(second?.output).toBe("One file.");
  });

  // A UUIDv7 starts with its time: 2026-05-13T09:00:00Z is 0x19e20ba4700 + the milliseconds.
  const uuid = (second: number) => {
    const hex = Date.UTC(2026, 4, 13, 9, 0, second).toString(16).padStart(12, "0");
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-0123456789ab`;
  };

  test.for<[string, { ownTurn: Record<string, unknown>; ownSecond: number }]>([
    ["the first turn younger than the session", { ownTurn: { turn_id: uuid(11) }, ownSecond: 11 }],
    ["the first count later than copying takes", { ownTurn: {}, ownSecond: 20 }],
  ])("leaves out the history that a fork copies, up to %s", ([, { ownTurn, ownSecond }]) => {
    const lines = [
      meta({ id: uuid(10), forked_from_id: uuid(0) }, 10),
      meta({ id: uuid(0) }, 10),
      turn("m", 10, { turn_id: uuid(1) }),
      count(10, counts(100, 0, 10), counts(100, 0, 10)),
      count(10, counts(200, 0, 20), counts(300, 0, 30)),
      turn("m", ownSecond, ownTurn),
      count(ownSecond, null, counts(700, 0, 50)),
    ];
    const mapped = mapRecords(codexSource, lines);
    expect(mapped.slice(3, 5)).toMatchObject([
      { kind: "skipped", reason: "re_export" },
      { kind: "skipped", reason: "re_export" },
    ]);
    expect(mapped[6]).toMatchObject({
      kind: "row",
      draft: { sessionId: uuid(10), usage: { inputUncached: 400, outputText: 20 } },
    });
  });

  test.for<[string, unknown]>([
    ["text", "hello"],
    ["an event of something else", { type: "event_msg", timestamp: at(0) }],
    ["a webhook", { type: "invoice.paid", payload: { id: 1 }, timestamp: at(0) }],
  ])("does not take %s for its own", ([, line]) => expect(codexSource.score(line)).toBe(0));

  test("quarantines impossible counts and leaves a call without a model to be quarantined", () => {
    const lines = [
      meta(),
      count(2, counts(-5, 0, 1), counts(1, 0, 1)),
      count(3, counts(1, 0, 1), counts(2, 0, 2)),
    ];
    const mapped = mapRecords(codexSource, lines);
    expect(mapped[1]).toMatchObject({ kind: "quarantined", reason: "negative_tokens" });
    expect(mapped[2]).toMatchObject({ kind: "row", draft: { modelServed: null } });
  });

  test("reads the sample session", ({ skip }) => {
    const path = join(
      process.env.SIGNALBOX_DATA ?? "../shared/data",
      "logs/coding-agents/codex/sessions/project-alpha/session-alpha.jsonl",
    );
    if (!existsSync(path)) return skip(`no data at ${path}; set SIGNALBOX_DATA`);
    const lines = readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(detectSource(lines, sources).source?.name).toBe("codex");
    expect(draftsOf(codexSource, lines).map(({ modelServed }) => modelServed)).toEqual([
      "gpt-5.2-codex",
      "gpt-5.3-codex",
    ]);
  });
});
