import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CacheKeyOptions, cacheKey } from "../src/cache/cache-key.js";
import { hashExact, hashScope, type ScopePart, scopeParts } from "../src/cache/cache-scope.js";
import { canonicalJson } from "../src/cache/canonical-json.js";
import type { RouteRequest } from "../src/request/request.js";
import { modelFamily } from "../src/router/model-family.js";
import { hostileRequests, throwingRequests } from "./support/hostile.js";
import { sameRequest } from "./support/same-request.js";

type Body = Record<string, unknown>;
const keyOf = (request: Body, options?: CacheKeyOptions) => cacheKey(request as RouteRequest, options);
const scopeOf = (request: Body, options?: CacheKeyOptions) => keyOf(request, options).scope;

const base: Body = {
  model: "gpt-5",
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Hello" },
    { role: "assistant", content: "Hi" },
    { role: "user", content: "What is a monad?" },
  ],
  meta: { tenant: "acme", app: "help", locale: "en" },
};
const [system, hello, hi, last] = base.messages as Body[];

describe("cacheKey", () => {
  test("one request has one key in four providers' shapes", () => {
    const keys = Object.values(sameRequest).map((request) => keyOf(request));
    expect(new Set(keys.map(({ scope }) => scope)).size).toBe(1);
    expect(new Set(keys.map(({ exact }) => exact)).size).toBe(1);
    expect(keys[0]).toMatchObject({
      prompt: "Which plan fits?",
      isCacheable: false,
      reasons: ["tool_results", "attachments"],
    });
  });

  test.each<[string, Body, CacheKeyOptions?]>([
    ["a tenant", { meta: { tenant: "other", app: "help", locale: "en" } }],
    ["no tenant", { meta: { app: "help", locale: "en" } }],
    ["an empty tenant", { meta: { tenant: "", app: "help", locale: "en" } }],
    ["a tenant called null", { meta: { tenant: "null", app: "help", locale: "en" } }],
    ["an app", { meta: { tenant: "acme", app: "shop", locale: "en" } }],
    ["a locale", { meta: { tenant: "acme", app: "help", locale: "de" } }],
    ["a tenant of the options", {}, { tenant: "other" }],
    ["something more", {}, { extra: "documents of May" }],
    ["a model", { model: "gpt-5-mini" }],
    ["a model of the options", {}, { model: "gpt-5-mini" }],
    ["a system prompt", { messages: [{ ...system, content: "Be brief" }, hello, hi, last] }],
    ["an earlier question", { messages: [system, { ...hello, content: "Hello!" }, hi, last] }],
    ["an earlier answer", { messages: [system, hello, { ...hi, content: "Hi." }, last] }],
    ["who said it", { messages: [system, hello, { ...hi, role: "user" }, last] }],
    ["a shorter history", { messages: [system, last] }],
    ["a speaker's name", { messages: [system, { ...hello, name: "Ann" }, hi, last] }],
    [
      "an answer begun for the model",
      { messages: [system, hello, hi, last, { role: "assistant", content: "{" }] },
    ],
    ["tools", { tools: [{ type: "function", function: { name: "find" } }] }],
    ["a tool of the provider", { tools: [{ type: "web_search" }] }],
    ["a choice of tools", { tool_choice: "none" }],
    ["a format", { response_format: { type: "json_object" } }],
    [
      "a schema",
      { response_format: { type: "json_schema", json_schema: { name: "a", schema: { type: "object" } } } },
    ],
    ["a temperature of 0", { temperature: 0 }],
    ["a temperature of 1", { temperature: 1 }],
    ["top_p", { top_p: 1 }],
    ["top_k", { top_k: 1 }],
    ["a seed", { seed: 1 }],
    ["n", { n: 1 }],
    ["stop", { stop: "x" }],
    ["a cap", { max_tokens: 1 }],
    ["reasoning effort", { reasoning_effort: "low" }],
    ["thinking", { thinking: { type: "enabled", budget_tokens: 1024 } }],
    ["verbosity", { verbosity: "low" }],
    ["modalities", { modalities: ["text"] }],
    ["a conversation kept by the provider", { previous_response_id: "resp_1" }],
    ["a parameter nobody has heard of", { novelty: 0.5 }],
  ])("%s makes a scope of its own", (_, change, options) => {
    expect(scopeOf({ ...base, ...change }, options)).not.toBe(scopeOf(base));
  });

  test("no two of these scopes are one", () => {
    const temperatures = [undefined, 0, 0.5, 1, "0", "1"].map((temperature) =>
      scopeOf({ ...base, temperature }),
    );
    expect(new Set(temperatures).size).toBe(6);
    const tenants = [undefined, "", "null", "undefined", "0", 0].map((tenant) =>
      scopeOf({ prompt: "x", meta: { tenant } }),
    );
    expect(new Set(tenants).size).toBe(6);
  });

  test.each<[string, Body]>([
    ["the last question", { messages: [system, hello, hi, { ...last, content: "And a functor?" }] }],
    ["stream", { stream: true }],
    ["user", { user: "u" }],
    ["a service tier", { service_tier: "flex" }],
    ["a session", { sessionId: "s" }],
    ["a dated model", { model: "openai/gpt-5-2025-08-07" }],
    ["a parameter that is null", { temperature: null }],
  ])("%s leaves the scope", (_, change) => {
    expect(scopeOf({ ...base, ...change })).toBe(scopeOf(base));
  });

  test("the order of keys doesn't count, the order of lists does", () => {
    const [a, b] = [{ type: "a", size: { w: 1, h: 2 } }, { type: "b" }];
    const tools = [a, b];
    expect(scopeOf({ ...base, tools: [{ size: { h: 2, w: 1 }, type: "a" }, b] })).toBe(
      scopeOf({ ...base, tools }),
    );
    expect(scopeOf({ ...base, tools: [b, a] })).not.toBe(scopeOf({ ...base, tools }));
  });

  test("chat and responses share formats, reasoning and verbosity", () => {
    const json_schema = { name: "a", schema: { type: "object" }, strict: true };
    const chat = {
      prompt: "x",
      response_format: { type: "json_schema", json_schema },
      reasoning_effort: "low",
      verbosity: "low",
    };
    const responses = {
      prompt: "x",
      text: { format: { type: "json_schema", ...json_schema }, verbosity: "low" },
      reasoning: { effort: "low" },
    };
    expect(scopeOf(responses)).toBe(scopeOf(chat));
  });

  test("ids of tool calls don't count, what they answer does", () => {
    const calls = (first: string, second: string, results: string[]): Body => ({
      messages: [
        hello,
        {
          role: "assistant",
          content: null,
          tool_calls: [first, second].map((id) => ({
            id,
            type: "function",
            function: { name: "find", arguments: "{}" },
          })),
        },
        ...results.map((tool_call_id, i) => ({ role: "tool", tool_call_id, content: `result ${i}` })),
        last,
      ],
    });
    expect(scopeOf(calls("a", "b", ["a", "b"]))).toBe(scopeOf(calls("x", "y", ["x", "y"])));
    expect(scopeOf(calls("a", "b", ["a", "b"]))).not.toBe(scopeOf(calls("a", "b", ["b", "a"])));
  });

  test("the exact key follows the prompt, up to its ends and the form of its accents", () => {
    const exact = (prompt: string) => keyOf({ prompt }).exact;
    expect(exact(" caf\u00e9\r\nnoir ")).toBe(exact("cafe\u0301\nnoir"));
    for (const other of ["Caf\u00e9\nnoir", "caf\u00e9 noir", "caf\u00e9\n noir"])
      expect(exact(other)).not.toBe(exact("caf\u00e9\nnoir"));
    expect(keyOf({ prompt: "x" }, { tenant: "a" }).exact).not.toBe(
      keyOf({ prompt: "x" }, { tenant: "b" }).exact,
    );
  });

  test("parts and fields can be left out, and then no key is shared with those that have them", () => {
    const clock = (time: string) => ({ prompt: "x", system: `It is ${time}.`, trace: time });
    const options: CacheKeyOptions = { without: ["system"], ignoredFields: ["trace"] };
    expect(scopeOf(clock("9:00"), options)).toBe(scopeOf(clock("9:01"), options));
    expect(scopeOf(clock("9:00"), { ignoredFields: ["trace"] })).not.toBe(
      scopeOf(clock("9:01"), { ignoredFields: ["trace"] }),
    );
    expect(scopeOf({ prompt: "x" }, { without: ["system"] })).not.toBe(scopeOf({ prompt: "x" }));
  });

  test("never throws; what can't be read has a key that nothing else has", () => {
    for (const request of [...hostileRequests, ...throwingRequests()]) {
      const key = cacheKey(request as RouteRequest);
      expect(key.scope).toMatch(/^[0-9a-f]{64}$/);
      expect(key.exact).toMatch(/^[0-9a-f]{64}$/);
      if (!key.reasons.includes("unreadable")) continue;
      expect(key.isCacheable).toBe(false);
      expect(cacheKey(request as RouteRequest).scope).not.toBe(key.scope);
    }
    for (const request of throwingRequests().slice(0, 3)) {
      expect(cacheKey(request as RouteRequest).reasons).toEqual(["unreadable"]);
    }
    expect(keyOf({ messages: new Array(1e9) }).reasons).toEqual(["unreadable"]);
    expect(keyOf({ prompt: "x" }, { without: ["weather" as ScopePart] }).reasons).toEqual(["unreadable"]);
  });

  test("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true }),
        (value) => {
          for (const request of [
            value,
            { messages: value },
            { messages: [{ role: "user", content: value }], tools: value },
          ]) {
            expect(cacheKey(request as RouteRequest).scope).toHaveLength(64);
          }
        },
      ),
    );
  });
});

const part = fc.oneof(
  fc.constantFrom(null, undefined, "", "null", "undefined", "0", 0, -1, Number.NaN, '"', ",", '"],["'),
  fc.string({ unit: "binary" }),
  fc.double(),
);
const parts = fc.record(Object.fromEntries(scopeParts.map((name) => [name, part])));

describe("hashScope", () => {
  test("two requests that differ in a part never share a scope", () => {
    const meaning = (value: unknown) => (value === null ? undefined : Object.is(value, -0) ? 0 : value);
    fc.assert(
      fc.property(parts, fc.constantFrom(...scopeParts), part, (given, name, value) => {
        const isSame = Object.is(meaning(given[name]), meaning(value));
        expect(hashScope(given) === hashScope({ ...given, [name]: value })).toBe(isSame);
      }),
      { numRuns: 1_000 },
    );
  });

  test("a value never counts for another part, nor two for one", () => {
    const scopes = scopeParts.flatMap((name) => [
      hashScope({ [name]: "a" }),
      hashScope({}, [name]),
      hashScope({ [name]: 1 }),
    ]);
    expect(new Set([...scopes, hashScope({})]).size).toBe(3 * scopeParts.length + 1);
    expect(hashScope({ tenant: "ab", app: "c" })).not.toBe(hashScope({ tenant: "a", app: "bc" }));
  });

  test("strings that UTF-8 can't tell apart are told apart", () => {
    expect(hashScope({ tenant: "\ud83d" })).not.toBe(hashScope({ tenant: "\ufffd" }));
    expect(hashExact("s", "\ud83d")).not.toBe(hashExact("s", "\ufffd"));
  });

  test("the order in which parts are left out doesn't count", () => {
    expect(hashScope({ tenant: "a" }, ["locale", "system"])).toBe(
      hashScope({ tenant: "a" }, ["system", "locale"]),
    );
  });

  test("stays what it was: a change of it empties users' caches", () => {
    expect(
      hashScope({ tenant: "acme", app: "help", model: "gpt-5", system: "s", locale: "en" }),
    ).toMatchInlineSnapshot(`"70c317d05e724bdb220f7cfb064fea7b8cc88487760a942184d47afaa1b21d2e"`);
  });

  test("refuses to leave out what is no part", () => {
    expect(() => hashScope({}, ["weather" as ScopePart])).toThrow(TypeError);
  });
});

describe("canonicalJson", () => {
  test("sorts keys at every depth and keeps everything else as JSON does", () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: "\ud83d" })).toBe('{"a":"\\ud83d","b":[{"d":1}]}');
  });

  test.each<[string, unknown]>([
    ["a cycle", cycle()],
    ["a bigint", { a: 1n }],
    ["a function", () => {}],
    ["a list that is too long", new Array(1e9)],
  ])("refuses %s", (_, value) => {
    expect(() => canonicalJson(value)).toThrow();
  });
});

function cycle(): unknown {
  const self: Body = {};
  self.self = self;
  return self;
}

describe("modelFamily", () => {
  test.each([
    ["gpt-5", "gpt-5"],
    ["GPT-5", "gpt-5"],
    ["openrouter/openai/gpt-5-2025-08-07", "gpt-5"],
    ["eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"],
    ["claude-sonnet-4-5@20250929", "claude-sonnet-4-5"],
    ["claude-3-5-haiku-latest", "claude-3-5-haiku"],
    ["llama3.1:latest", "llama3.1"],
    ["models/gemini-2.5-flash", "gemini-2.5-flash"],
    ["gemini-2.5-flash-002", "gemini-2.5-flash-002"],
    ["gpt-5-mini", "gpt-5-mini"],
    ["gpt-4-0613", "gpt-4-0613"],
    ["gpt-4-32k", "gpt-4-32k"],
    ["our-deployment", "our-deployment"],
  ])("%s is of the family %s", (model, family) => {
    expect(modelFamily(model)).toBe(family);
  });
});
