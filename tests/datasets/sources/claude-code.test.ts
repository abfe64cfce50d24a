import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { claudeCodeSource } from "../../../datasets/sources/claude-code.js";
import { detectSource } from "../../../datasets/sources/detect.js";
import { sources } from "../../../datasets/sources/index.js";
import { draftOf, draftsOf, mapRecords } from "../../support/map-records.js";

const micros = (iso: string) => Date.parse(iso) * 1000;

function assistant(overrides: Record<string, unknown> = {}, message: Record<string, unknown> = {}) {
  return {
    parentUuid: "u0",
    isSidechain: false,
    userType: "external",
    cwd: "/home/someone/code/shop",
    sessionId: "s-1",
    version: "2.1.0",
    gitBranch: "main",
    type: "assistant",
    requestId: "req_011CSabc",
    uuid: "u1",
    timestamp: "2026-02-03T08:00:05.000Z",
    message: {
      id: "msg_01AbCdEfGhIjKlMnOpQr",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5-20250929",
      content: [{ type: "text", text: "Done." }],
      stop_reason: null,
      usage: {
        input_tokens: 4,
        cache_creation_input_tokens: 300,
        cache_read_input_tokens: 20_000,
        cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
        output_tokens: 60,
        service_tier: "standard",
      },
      ...message,
    },
    ...overrides,
  };
}

const user = (content: unknown, overrides: Record<string, unknown> = {}) => ({
  ...assistant(),
  type: "user",
  uuid: "u0",
  requestId: undefined,
  timestamp: "2026-02-03T08:00:00.000Z",
  message: { role: "user", content },
  ...overrides,
});

const usage = (output: number, input = 4) => ({ input_tokens: input, output_tokens: output });

describe("claudeCodeSource", () => {
  test("maps an assistant line; both lives of cache writes are told apart, the path's owner is left out", () => {
    expect(draftOf(claudeCodeSource, assistant())).toMatchObject({
      id: "msg_01AbCdEfGhIjKlMnOpQr",
      sessionId: "s-1",
      app: "shop",
      endpoint: "messages",
      createdAt: micros("2026-02-03T08:00:05.000Z"),
      modelServed: "claude-sonnet-4-5-20250929",
      provider: "anthropic",
      serviceTier: "standard",
      output: "Done.",
      usage: {
        inputUncached: 4,
        inputCacheRead: 20_000,
        inputCacheWrite5m: 100,
        inputCacheWrite1h: 200,
        outputText: 60,
        outputReasoning: 0,
      },
      status: "ok",
    });
  });

  test("gives the blocks of one message one id, one time and the text of all, each its own counts", () => {
    const lines = [
      user("Fix the bug."),
      assistant({}, { content: [{ type: "thinking", thinking: "hm" }], usage: usage(1) }),
      assistant(
        { timestamp: "2026-02-03T08:00:06Z" },
        { content: [{ type: "text", text: "On it." }], usage: usage(1) },
      ),
      user([{ type: "tool_result", tool_use_id: "t", content: "ok" }], { timestamp: "2026-02-03T08:00:07Z" }),
      assistant(
        { timestamp: "2026-02-03T08:00:08Z" },
        { content: [{ type: "tool_use", id: "t", name: "Bash", input: {} }], usage: usage(90) },
      ),
    ];
    const drafts = draftsOf(claudeCodeSource, lines);
    expect(drafts.map((draft) => draft.usage?.outputText)).toEqual([1, 1, 90]);
    for (const draft of drafts)
      expect(draft).toMatchObject({
        id: "msg_01AbCdEfGhIjKlMnOpQr",
        createdAt: micros("2026-02-03T08:00:05Z"),
        updatedAt: micros("2026-02-03T08:00:08Z"),
        output: 'On it.\n[{"type":"function","function":{"name":"Bash","arguments":"{}"}}]',
        prompt: { messages: [{ role: "user", content: "Fix the bug." }] },
        promptState: "truncated",
      });
  });

  test("takes the user's turn and the tool results behind it for the next call's prompt", () => {
    const lines = [
      user("Fix the bug."),
      assistant({}, { id: "msg_01AAAAAAAAAAAAAAAAAA" }),
      user([{ type: "tool_result", tool_use_id: "t", content: "3 tests failed" }]),
      assistant({}, { id: "msg_01BBBBBBBBBBBBBBBBBB" }),
    ];
    const second = draftsOf(claudeCodeSource, lines)[1]!;
    expect(second.prompt?.messages).toMatchObject([
      { role: "user", content: "Fix the bug." },
      { role: "tool", content: "3 tests failed" },
    ]);
  });

  test("lets a side conversation's copy give way, whatever request id it carries", () => {
    const [copy] = draftsOf(claudeCodeSource, [
      assistant({
        isSidechain: true,
        agentId: "a1",
        requestId: "req_other",
        timestamp: "2026-02-04T00:00:00Z",
      }),
    ]);
    expect(copy).toMatchObject({ id: "msg_01AbCdEfGhIjKlMnOpQr", updatedAt: null });
  });

  test("keeps apart the messages of a proxy that numbers them anew", () => {
    const ids = draftsOf(claudeCodeSource, [
      assistant({ requestId: "req_1" }, { id: "msg_1", model: "glm-4.6" }),
      user("next"),
      assistant({ requestId: "req_2" }, { id: "msg_1", model: "glm-4.6" }),
    ]).map(({ id, provider }) => [id, provider]);
    expect(ids).toEqual([
      ["msg_1/req_1", null],
      ["msg_1/req_2", null],
    ]);
  });

  test("reads a sub-agent's call that stands in its parent's progress line, under the call's own id", () => {
    const { message, requestId, timestamp } = assistant();
    const line = {
      ...assistant(),
      type: "progress",
      message: undefined,
      data: { type: "agent_progress", message: { type: "assistant", message, requestId, timestamp } },
    };
    expect(draftOf(claudeCodeSource, line)).toMatchObject({
      id: "msg_01AbCdEfGhIjKlMnOpQr",
      sessionId: "s-1",
      updatedAt: null,
    });
  });

  test("counts an advisor's tokens as another model's, and fast mode as a tier", () => {
    const draft = draftOf(
      claudeCodeSource,
      assistant(
        {},
        {
          usage: {
            ...usage(121, 2390),
            speed: "fast",
            iterations: [
              { ...usage(110, 1128), type: "message" },
              { ...usage(22, 2518), type: "advisor_message", model: "claude-opus-4-8" },
              { ...usage(11, 1262), type: "message" },
            ],
          },
        },
      ),
    );
    expect(draft.usage).toMatchObject({ inputUncached: 2390, outputText: 121 });
    expect(draft.otherUsage).toMatchObject([
      { model: "claude-opus-4-8", usage: { inputUncached: 2518, outputText: 22 } },
    ]);
    expect(draft.serviceTier).toBe("fast");
  });

  test("makes a failed call an error row under the model of the call before", () => {
    const failure = assistant(
      { isApiErrorMessage: true, requestId: undefined, uuid: "u9" },
      {
        id: "0f3c",
        model: "<synthetic>",
        content: [{ type: "text", text: 'API Error: 529 {"type":"overloaded_error"}' }],
        usage: usage(0, 0),
      },
    );
    const drafts = draftsOf(claudeCodeSource, [assistant(), failure]);
    expect(drafts[1]).toMatchObject({
      status: "error",
      httpStatus: 529,
      errorClass: "server",
      modelRequested: "claude-sonnet-4-5-20250929",
      modelServed: null,
      usage: null,
    });
    expect(mapRecords(claudeCodeSource, [failure])[0]).toMatchObject({
      kind: "skipped",
      reason: "not_an_llm_call",
    });
  });

  test.for([
    ["what Claude Code wrote itself", assistant({}, { model: "<synthetic>" })],
    ["a user's line", user("hi")],
    ["a summary", { type: "summary", summary: "x", leafUuid: "u" }],
    ["a snapshot", { type: "file-history-snapshot", messageId: "m", snapshot: {} }],
    ["a line without usage", assistant({}, { usage: null })],
  ])("skips %s", ([, line]) => {
    expect(claudeCodeSource.score(line)).toBe(1);
    expect(mapRecords(claudeCodeSource, [line])).toMatchObject([
      { kind: "skipped", reason: "not_an_llm_call" },
    ]);
  });

  test.for<[string, unknown]>([
    ["text", "hello"],
    ["a list", [1]],
    ["a plain object", { type: "assistant", message: { role: "assistant", content: "hi" } }],
    ["a session of something else", { sessionId: "s", event: "click" }],
    ["an answer of Anthropic", assistant().message],
  ])("does not take %s for its own", ([, line]) => expect(claudeCodeSource.score(line)).toBe(0));

  test("bounds the lines that wait for each other, and answers each", () => {
    const lines = Array.from({ length: 1300 }, (_, i) => assistant({ agentId: `a${i % 1200}` }));
    expect(draftsOf(claudeCodeSource, lines)).toHaveLength(1300);
    const blocks = Array.from({ length: 1200 }, () => assistant());
    expect(draftsOf(claudeCodeSource, blocks)).toHaveLength(1200);
  });

  test("reads the sample sessions, old lines without a type too", ({ skip }) => {
    const path = join(
      process.env.SIGNALBOX_DATA ?? "../shared/data",
      "logs/coding-agents/claude/projects/project-alpha/session-alpha/chat.jsonl",
    );
    if (!existsSync(path)) return skip(`no data at ${path}; set SIGNALBOX_DATA`);
    const lines = readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(detectSource(lines, sources).source?.name).toBe("claude-code");
    const drafts = draftsOf(claudeCodeSource, lines);
    expect(drafts.map(({ costReportedUsd }) => costReportedUsd)).toEqual([0.12, 0.34, 0.56]);
    expect(drafts[1]).toMatchObject({ serviceTier: "fast", usage: { inputCacheWrite5m: 50 } });
  });
});
