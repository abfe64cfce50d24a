import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openPriceBook } from "../../datasets/prices/price-book.js";
import type { ContentMode } from "../../datasets/privacy/content-mode.js";
import { type RequestRow, requestLog } from "../../datasets/request-log.js";
import { type RequestDraft, unknownDraft } from "../../datasets/sources/source.js";
import { openOrCreateWorkspace, saltedHash } from "../../datasets/workspace.js";
import { checkRow } from "../../pipelines/ingest/check-row.js";
import { contentRules } from "../../pipelines/ingest/content-rules.js";
import { draftToRow } from "../../pipelines/ingest/draft-to-row.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-row-"));
const workspace = openOrCreateWorkspace(join(root, "ws"));
afterAll(() => rmSync(root, { recursive: true }));

const draft: RequestDraft = {
  ...unknownDraft,
  id: "r1",
  createdAt: Date.UTC(2025, 5, 1) * 1000,
  modelRequested: "gpt-4o-mini",
  modelServed: "gpt-4o-mini-2024-07-18",
  provider: "openai",
  user: "bob@example.org",
  app: "desk of eve@example.org",
  prompt: {
    system: "You help bob@example.org.",
    messages: [
      { role: "user", content: "First question" },
      { role: "assistant", content: "First answer" },
      {
        role: "user",
        content: [
          { type: "text", text: "Look" },
          { type: "image" },
          { type: "text", text: "mail bob@example.org" },
          { type: "file" },
        ],
      },
      {
        role: "assistant",
        content: "",
        tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: "{}" } }],
      },
      { role: "tool", content: "result", tool_call_id: "c1" },
    ],
  },
  promptState: "full",
  tools: [{ name: "look" }, { name: "send" }],
  output: "Done, bob@example.org",
  usage: {
    inputUncached: 600,
    inputCacheRead: 400,
    inputCacheWrite5m: 0,
    inputCacheWrite1h: 0,
    outputText: 90,
    outputReasoning: 10,
    inputAudio: null,
    inputImage: null,
    outputAudio: null,
  },
  usageRaw: { prompt_tokens: 1000 },
};

function row(fields: Partial<RequestDraft> = {}, content: ContentMode = "full", raw = "{}"): RequestRow {
  return draftToRow(
    { ...draft, ...fields },
    {
      workspace,
      rules: contentRules(content, workspace),
      prices: openPriceBook(),
      source: "test",
      file: "f.jsonl",
      line: 3,
      raw,
    },
  );
}

describe("draftToRow", () => {
  test("splits the conversation at the last user turn with text, tool results behind it or not", () => {
    const full = row();
    expect(full).toMatchObject({
      content_state: "full",
      system_text: "You help bob@example.org.",
      user_text: "Look\nmail bob@example.org",
      output_text: "Done, bob@example.org",
      system_chars: 25,
      user_chars: 25,
      history_chars: 26,
      history_turns: 2,
      output_chars: 21,
      n_images: 1,
      n_audio: 0,
      n_files: 1,
      n_tools: 2,
    });
    expect(JSON.parse(full.history_json!)).toEqual([
      { role: "user", content: "First question" },
      { role: "assistant", content: "First answer" },
    ]);
  });

  test("keeps calls of the history as JSON", () => {
    const messages = [...draft.prompt!.messages, { role: "user", content: "And now?" }];
    const history = JSON.parse(row({ prompt: { system: null, messages } }).history_json!) as Array<{
      role: string;
      content: string;
    }>;
    expect(history.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant", "tool"]);
    expect(JSON.parse(history[3]!.content)).toMatchObject([{ function: { name: "look" } }]);
  });

  test("has no user text when nobody but tools spoke", () => {
    expect(row({ prompt: { system: null, messages: [{ role: "tool", content: "x" }] } })).toMatchObject({
      user_text: null,
      user_chars: 0,
      history_turns: 1,
      system_text: null,
      system_hash: null,
      system_chars: 0,
    });
  });

  test("derives totals and the list price of the day", () => {
    // gpt-4o-mini: $0.15 in, $0.075 cached, $0.60 out per million tokens.
    expect(row()).toMatchObject({
      input_total_tokens: 1000,
      output_total_tokens: 100,
      tokens_source: "logged",
      model: "gpt-4o-mini",
      price_date: "2025-06-01",
    });
    expect(row().cost_list_usd).toBeCloseTo((600 * 0.15 + 400 * 0.075 + 100 * 0.6) / 1e6, 12);
  });

  test.each([
    [
      "no usage",
      { usage: null, usageRaw: null },
      {
        cost_list_usd: null,
        price_source: "no_usage",
        input_total_tokens: null,
        tokens_source: "missing",
        usage_json: null,
      },
    ],
    [
      "an unknown model",
      { modelServed: "in-house-7b", provider: null },
      { cost_list_usd: null, price_source: "unknown_model", price_date: null },
    ],
    [
      "the gateway's own cache",
      { cacheStatus: "hit" as const },
      { cost_list_usd: 0, price_source: "gateway_cache_hit" },
    ],
  ])("prices %s", (_, fields, expected) => {
    expect(row(fields)).toMatchObject(expected);
  });

  test("keeps text, redacted text, hashes or nothing, as the content mode says", () => {
    const textColumns = ["system_text", "user_text", "history_json", "output_text"] as const;
    const hashColumns = ["system_hash", "prompt_hash", "tools_hash"] as const;
    const shown = (content: ContentMode) => {
      const stored = row({}, content);
      return {
        text: textColumns.map((name) => stored[name]),
        hashes: hashColumns.map((name) => stored[name]),
        state: stored.content_state,
        stored,
      };
    };
    const full = shown("full");
    const redacted = shown("redacted");
    const hash = shown("hash");
    const none = shown("none");
    expect(redacted.text[1]).toMatch(/^Look\nmail \[EMAIL_[0-9a-f]{6}\]$/);
    expect(JSON.stringify([redacted.stored, hash.stored, none.stored])).not.toMatch(/bob@|eve@/);
    expect(hash.text).toEqual([null, null, null, null]);
    expect(none.text).toEqual([null, null, null, null]);
    expect(none.hashes).toEqual([null, null, null]);
    expect(full.hashes.every((value) => /^[0-9a-f]{24}$/.test(value!))).toBe(true);
    expect(redacted.hashes).toEqual(full.hashes);
    expect(hash.hashes).toEqual(full.hashes);
    expect([full.state, redacted.state, hash.state, none.state]).toEqual([
      "full",
      "redacted",
      "hashed",
      "none",
    ]);
    for (const { stored } of [full, redacted, hash, none]) {
      expect(stored).toMatchObject({
        user_chars: 25,
        history_turns: 2,
        n_images: 1,
        user_hash: saltedHash(workspace, "bob@example.org"),
      });
    }
  });

  test.each([
    ["truncated", "full", "truncated"],
    ["truncated", "redacted", "truncated"],
    ["redacted", "full", "redacted"],
    ["none", "full", "none"],
    ["full", "hash", "hashed"],
  ] as const)("a prompt that the logger left %s is, under %s, %s", (promptState, content, state) => {
    expect(row({ promptState }, content).content_state).toBe(state);
  });

  test("a log without prompts has no lengths", () => {
    expect(row({ prompt: null, promptState: "none", output: null, tools: null })).toMatchObject({
      content_state: "none",
      user_text: null,
      prompt_hash: null,
      user_chars: null,
      history_turns: null,
      n_images: null,
      output_chars: null,
      n_tools: null,
    });
  });

  test("tells the steps of an agent apart, and finds equal prompts", () => {
    const messages = draft.prompt!.messages;
    const step = (count: number) =>
      row({ prompt: { system: null, messages: messages.slice(0, count) } }).prompt_hash;
    expect(step(3)).not.toBe(step(5));
    expect(step(5)).toBe(step(5));
  });

  test("keeps personal data and keys out of every column, ids and names among them", () => {
    const secret = "bob@example.org sk-proj-Zz9yX8wV7uT6sR5qP4oN3mL2kJ1iH0gFeDcBa";
    const hostile: Partial<RequestDraft> = {
      id: `r ${secret}`,
      logicalId: `l ${secret}`,
      sessionId: secret,
      tenant: secret,
      endpoint: secret,
      modelRequested: `fast ${secret}`,
      modelServed: `gpt-4o ${secret}`,
      provider: secret,
      gateway: secret,
      finishReason: secret,
      serviceTier: secret,
      usageRaw: { prompt_tokens: 1234567890, note: secret },
    };
    for (const content of ["redacted", "hash", "none"] as const) {
      const stored = row(hostile, content);
      expect(JSON.stringify(stored)).not.toMatch(/bob|Zz9y/i);
      expect(stored.request_id).toMatch(/^hashed-[0-9a-f]{24}$/);
      expect(row({ ...hostile, id: `r2 ${secret}` }, content).request_id).not.toBe(stored.request_id);
      expect(JSON.parse(stored.usage_json!)).toMatchObject({ prompt_tokens: 1234567890 });
    }
    expect(row(hostile).request_id).toBe(hostile.id);
  });

  test.each([
    "chatcmpl-9Xy1Za2Bc3De4Fg5Hi6Jk7Lm8No9P",
    "4111111111111111",
    "5b8efff798038103-d269b633813fc60c",
  ])("leaves the id %s as it is", (id) => {
    expect(row({ id }, "redacted").request_id).toBe(id);
  });

  test("derives an id from the content of a record without one", () => {
    const id = (raw: string) => row({ id: null }, "none", raw);
    expect(id("a").request_id).toMatch(/^derived-[0-9a-f]{24}$/);
    expect(id("a").request_id).toBe(id("a").request_id);
    expect(id("b").request_id).not.toBe(id("a").request_id);
    expect(id("a").logical_id).toBe(id("a").request_id);
  });
});

describe("checkRow", () => {
  test.each([
    ["input_total_tokens", 1.5, "input_total_tokens is no exact integer (1.5)"],
    ["input_total_tokens", 2 ** 60, `input_total_tokens is no exact integer (${2 ** 60})`],
    ["attempt_no", 2 ** 31, `attempt_no is no 32-bit integer (${2 ** 31})`],
    ["latency_ms", Number.NaN, "latency_ms is no number (NaN)"],
    ["latency_ms", "12", "latency_ms is no number (12)"],
    ["created_at", Number.POSITIVE_INFINITY, "created_at is no time (Infinity)"],
    ["created_at", null, "created_at is missing"],
    ["status", { a: 1 }, "status is no text (object)"],
    ["is_stream", "true", "is_stream is no boolean (string)"],
  ])("finds %s = %s", (name, value, problem) => {
    expect(checkRow(requestLog, { ...row(), [name]: value })).toBe(problem);
  });

  test("passes a good row", () => {
    expect(checkRow(requestLog, row())).toBeNull();
  });
});

describe("contentRules", () => {
  const record = '{"user":"bob@example.org"}';
  test.each([
    ["full", record],
    ["hash", /^sha256:[0-9a-f]{64}$/],
    ["redacted", /^\{"user":"\[EMAIL_[0-9a-f]{6}\]"\}$/],
  ] as const)("under %s keeps a rejected record as %s", (mode, expected) => {
    expect(contentRules(mode, workspace).raw(record)).toMatch(expected);
  });

  test("under none keeps nothing of a rejected record", () => {
    expect(contentRules("none", workspace).raw(record)).toBeNull();
  });

  test("sees through JSON escapes in a rejected record", () => {
    const raw = contentRules("redacted", workspace).raw(
      '{"a":"bob\\u0040example.org","b":"\\u0022 \\\\u0040"}',
    );
    expect(raw).toMatch(/^\{"a":"\[EMAIL_[0-9a-f]{6}\]","b":"\\u0022 \\\\u0040"\}$/);
  });

  test("redacts the reasons in every mode but full", () => {
    for (const mode of ["redacted", "hash", "none"] as const)
      expect(contentRules(mode, workspace).detail("id bob@example.org was given before")).not.toContain(
        "bob@",
      );
  });

  test("takes quoted text out of the reasons where no text is kept", () => {
    const detail = `Unexpected token 'm', ..."t": "call my mother"... is not valid JSON`;
    expect(contentRules("hash", workspace).detail(detail)).not.toContain("mother");
    expect(contentRules("none", workspace).detail(detail)).not.toContain("mother");
    expect(contentRules("full", workspace).detail(detail)).toBe(detail);
  });
});
