import { describe, expect, it } from "vitest";
import { readSql } from "../../../datasets/engine/sql-file.js";
import { type RequestRow, requestLog } from "../../../datasets/request-log.js";
import { groupAnswers } from "../../../models/cache/group-answers.js";
import type { TracedItem } from "../../../pipelines/cache/traced-item.js";
import { readWorkspaceItems, type WorkspaceCounts } from "../../../pipelines/cache/workspace-items.js";
import { memoryEngine } from "../../support/memory-engine.js";
import { requestRow } from "../../support/request-row.js";

const noon = Date.UTC(2026, 0, 5, 12) * 1000;

const asked = (request_id: string, fields: Partial<RequestRow> = {}) =>
  requestRow({
    request_id,
    content_state: "full",
    user_text: "How do I reset my PIN?",
    output_text: "In the app.",
    finish_reason: "stop",
    cost_reported_usd: 0.5,
    ...fields,
  });

async function itemsOf(
  rows: readonly RequestRow[],
): Promise<{ items: TracedItem[]; counts: WorkspaceCounts }> {
  const engine = await memoryEngine(requestLog, rows);
  try {
    await engine.run(readSql("pipelines/sql/billed-requests.sql"));
    const items: TracedItem[] = [];
    const counts = await readWorkspaceItems(engine, {
      answers: groupAnswers(),
      countTokens: null,
      onItems: async (batch) => void items.push(...batch),
    });
    return { items, counts };
  } finally {
    engine.close();
  }
}

const scopesOf = async (a: Partial<RequestRow>, b: Partial<RequestRow>) => {
  const { items } = await itemsOf([asked("a", a), asked("b", b)]);
  return items.map(({ scope }) => scope);
};

describe("a logical request", () => {
  it("is one item: the attempt that answered, with the bill of all attempts", async () => {
    const { items, counts } = await itemsOf([
      asked("1", { logical_id: "x", status: "error", cost_reported_usd: 0.125 }),
      asked("2", { logical_id: "x", attempt_no: 2, cost_reported_usd: 0.25 }),
      asked("3", { logical_id: "x", attempt_no: 3, status: "error", cost_reported_usd: null }),
    ]);
    expect(items.map(({ id, costUsd }) => [id, costUsd])).toEqual([["2", 0.375]]);
    expect(counts).toEqual({ requests: 1, items: 1, leftOut: new Map(), exactTierOnly: 0 });
  });

  it("costs the list price where no cost was reported, and an unknown cost is never 0", async () => {
    const { items } = await itemsOf([
      asked("1", { cost_reported_usd: null, cost_list_usd: 0.75 }),
      asked("2", { cost_reported_usd: null, input_total_tokens: 10 }),
    ]);
    expect(items.map(({ costUsd }) => costUsd)).toEqual([0.75, null]);
  });

  it.each([
    ["failed", { status: "error" }],
    ["failed", { status: "cancelled" }],
    ["embeddings", { endpoint: "embeddings" }],
    ["no_prompt", { content_state: "none", user_text: null }],
  ] as const)("is left out and counted: %s", async (reason, fields) => {
    const { items, counts } = await itemsOf([asked("1", fields), asked("2")]);
    expect(items.map(({ id }) => id)).toEqual(["2"]);
    expect([...counts.leftOut]).toEqual([[reason, 1]]);
    expect(counts.requests).toBe(2);
  });

  it("comes in the order of time, whatever the order of the log", async () => {
    const { items } = await itemsOf([
      asked("late", { created_at: noon + 5e6 }),
      asked("early", { created_at: noon }),
    ]);
    expect(items.map(({ id, at }) => [id, at])).toEqual([
      ["early", noon / 1e6],
      ["late", noon / 1e6 + 5],
    ]);
  });
});

describe("an answer", () => {
  it.each([
    ["partial_answer", { status: "partial" }],
    ["cut_answer", { finish_reason: "length" }],
    ["refused", { finish_reason: "content_filter" }],
    ["refused", { output_text: "I'm sorry, but I can't help with that." }],
    ["refused", { output_text: "I cannot assist with this request." }],
    ["tool_call_answer", { finish_reason: "tool_calls", output_text: null }],
    ["no_answer_text", { output_text: " " }],
    ["attachments", { n_images: 1 }],
    ["temperature", { temperature: 1.5 }],
    ["personal_data", { user_text: "Is [EMAIL_1f3a9c] mine?" }],
    ["time_sensitive", { user_text: "What is the weather today?" }],
    ["tool_results", { history_json: '[{"role":"tool","content":"22 C"}]', history_turns: 1 }],
  ] as const)("is never cached: %s", async (reason, fields) => {
    const { items } = await itemsOf([asked("1", fields), asked("2")]);
    expect(items.map(({ neverCache }) => neverCache)).toEqual([reason, null]);
  });

  it("belongs to the group of its text, inside its scope", async () => {
    const { items } = await itemsOf([
      asked("1"),
      asked("2", { output_text: "in  the app." }),
      asked("3", { output_text: "By phone." }),
      asked("4", { tenant: "other" }),
    ]);
    expect(items.map(({ answerGroup }) => answerGroup)).toEqual([0, 0, 1, 2]);
  });
});

describe("a scope", () => {
  it.each([
    ["tenant", { tenant: "a" }, { tenant: "b" }],
    ["app", { app: "a" }, { app: "b" }],
    ["model", { model: "gpt-4o" }, { model: "gpt-4o-mini" }],
    ["system prompt", { system_text: "Be brief." }, { system_text: "Be kind." }],
    ["hash of the system prompt", { system_hash: "a" }, { system_hash: "b" }],
    ["tools", { tools_hash: "a", n_tools: 1 }, { tools_hash: "b", n_tools: 1 }],
    ["number of tools", { n_tools: 1 }, { n_tools: 2 }],
    ["output format", { has_json_schema: true }, {}],
    ["temperature", { temperature: 0 }, {}],
    ["output cap", { max_tokens: 10 }, { max_tokens: 100 }],
    [
      "conversation",
      { history_json: '[{"role":"user","content":"Rome"}]', history_turns: 1 },
      { history_json: '[{"role":"user","content":"Paris"}]', history_turns: 1 },
    ],
  ] as const)("differs by %s", async (_, a, b) => {
    const [x, y] = await scopesOf(a, b);
    expect(x).not.toBe(y);
    expect(await scopesOf(a, a)).toEqual([x, x]);
  });

  it("is the same for a dated model, another session and an empty history", async () => {
    const [x, y] = await scopesOf(
      { model: "gpt-4o-2024-08-06", session_id: "s", history_json: "[]", history_turns: 0 },
      { model: "gpt-4o" },
    );
    expect(x).toBe(y);
  });
});

describe("a request without its text", () => {
  it.each([
    ["hashed", { content_state: "hashed", user_text: null }],
    ["dropped", { content_state: "none", user_text: null }],
    ["cut", { content_state: "truncated" }],
    ["without its conversation", { history_turns: 4 }],
    ["without its system prompt", { system_chars: 900 }],
  ] as const)("is known to the exact tier by the hash of its prompt: %s", async (_, fields) => {
    const { items, counts } = await itemsOf([
      asked("1", { ...fields, prompt_hash: "p" }),
      asked("2", { ...fields, prompt_hash: "p" }),
      asked("3", { ...fields, prompt_hash: "q" }),
    ]);
    expect(counts.exactTierOnly).toBe(3);
    expect(items.map(({ text, neverCache }) => [text, neverCache])).toEqual(Array(3).fill(["", null]));
    const [a, b, c] = items.map(({ exactKey, scope }) => `${scope}/${exactKey}`);
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });
});
