import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import type { StreamItem } from "../../../datasets/cache-stream.js";
import { type RejectedLine, readStream, type StreamCounts } from "../../../pipelines/cache/read-stream.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-stream-"));
afterAll(() => rmSync(root, { recursive: true }));

async function read(content: string | Buffer): Promise<{
  counts: StreamCounts;
  items: StreamItem[];
  rejected: RejectedLine[];
}> {
  const path = join(root, "stream.jsonl");
  writeFileSync(path, content);
  const items: StreamItem[] = [];
  const rejected: RejectedLine[] = [];
  const counts = await readStream(path, {
    onItems: (batch) => void items.push(...batch),
    onRejected: (line) => void rejected.push(line),
  });
  return { counts, items, rejected };
}

const good = '{"id": "good", "text": "How do I reset my PIN?"}';

describe("a line of a stream", () => {
  it("becomes an item with every field that it has", async () => {
    const { items } = await read(
      `${JSON.stringify({
        id: 7,
        text: "And in Paris?",
        tenant: "acme",
        segment: "travel",
        app: "web",
        created_at: "2026-01-05T12:00:00Z",
        system: "Be brief.",
        history: [["U", "Is it cold in Rome?"], { role: "assistant", content: "No." }],
        answer_key: 3,
      })}\n${good}`,
    );
    expect(items).toEqual([
      {
        id: "7",
        text: "And in Paris?",
        tenant: "acme",
        segment: "travel",
        created_at: Date.UTC(2026, 0, 5, 12) * 1000,
        system: "Be brief.",
        history: [
          { role: "user", content: "Is it cold in Rome?" },
          { role: "assistant", content: "No." },
        ],
        answer_key: "3",
      },
      {
        id: "good",
        text: "How do I reset my PIN?",
        tenant: null,
        segment: null,
        created_at: null,
        system: null,
        history: [],
        answer_key: null,
      },
    ]);
  });

  it.each([
    ["2026-01-05T12:00:00Z"],
    ["2026-01-05T13:00:00+01:00"],
    ["2026-01-05 12:00:00"],
    [1_767_614_400],
    [1_767_614_400_000],
    [1_767_614_400_000_000],
    ["1767614400"],
  ])("reads the time %s", async (created_at) => {
    const { items } = await read(JSON.stringify({ id: 1, text: "t", created_at }));
    expect(items[0]!.created_at).toBe(1_767_614_400_000_000);
  });

  it("falls back from segment to app", async () => {
    expect((await read('{"id": 1, "text": "t", "app": "web"}')).items[0]!.segment).toBe("web");
  });

  it("keeps parts of a history that are no text apart", async () => {
    const turn = (url: string) => ({ role: "user", content: [{ type: "image_url", url }] });
    const { items } = await read(
      ["a", "b"].map((id) => JSON.stringify({ id, text: "t", history: [turn(id)] })).join("\n"),
    );
    expect(items[0]!.history).not.toEqual(items[1]!.history);
  });
});

const hostile: Array<[name: string, line: string, reason: string, detail: RegExp]> = [
  ["cut JSON", '{"id": 1, "text": "a', "json_syntax", /./],
  ["no JSON", "hello", "json_syntax", /./],
  ["a number", "42", "bad_value", /not a JSON object/],
  ["null", "null", "bad_value", /not a JSON object/],
  ["a list", "[1, 2]", "bad_value", /not a JSON object/],
  ["no id", '{"text": "a"}', "bad_value", /id is missing/],
  ["an empty id", '{"id": " ", "text": "a"}', "bad_value", /id is missing/],
  ["an object for an id", '{"id": {}, "text": "a"}', "bad_value", /id is an object/],
  ["no text", '{"id": 1}', "bad_value", /text is missing/],
  ["null for a text", '{"id": 1, "text": null}', "bad_value", /text is null/],
  ["a blank text", '{"id": 1, "text": " \\n "}', "bad_value", /text is empty/],
  ["a number for a text", '{"id": 1, "text": 5}', "bad_value", /text is a number/],
  ["a time that is none", '{"id": 1, "text": "a", "created_at": "soon"}', "bad_value", /created_at/],
  ["a time before 2000", '{"id": 1, "text": "a", "created_at": 5}', "bad_value", /created_at/],
  ["a list for a time", '{"id": 1, "text": "a", "created_at": []}', "bad_value", /created_at/],
  ["a list for a tenant", '{"id": 1, "text": "a", "tenant": ["x"]}', "bad_value", /tenant is a list/],
  [
    "a boolean for a system prompt",
    '{"id": 1, "text": "a", "system": true}',
    "bad_value",
    /system is a boolean/,
  ],
  ["a text for a history", '{"id": 1, "text": "a", "history": "x"}', "bad_value", /history is a string/],
  ["null for a turn", '{"id": 1, "text": "a", "history": [null]}', "bad_value", /history\[0\]/],
  [
    "three parts for a turn",
    '{"id": 1, "text": "a", "history": [["U", "a", "b"]]}',
    "bad_value",
    /history\[0\]/,
  ],
  ["no role", '{"id": 1, "text": "a", "history": [{"content": "x"}]}', "bad_value", /history\[0\]/],
  ["a number for content", '{"id": 1, "text": "a", "history": [["U", 1]]}', "bad_value", /history\[0\]/],
  ["an object for a key", '{"id": 1, "text": "a", "answer_key": {}}', "bad_value", /answer_key/],
  ["an id given before", good, "duplicate_id", /line 1/],
];

describe("a hostile line", () => {
  it.each(hostile)("is kept with its reason: %s", async (_, line, reason, detail) => {
    const { counts, items, rejected } = await read(`${good}\n${line}\n{"id": "after", "text": "b"}\n`);
    expect(items.map(({ id }) => id)).toEqual(["good", "after"]);
    expect(rejected).toEqual([
      { file: join(root, "stream.jsonl"), line: 2, reason, detail: expect.stringMatching(detail), raw: line },
    ]);
    expect(counts.read).toBe(counts.accepted + counts.rejected + counts.duplicates);
  });

  it.each([
    ["a byte order mark", `\ufeff${good}`, "How do I reset my PIN?"],
    ["carriage returns", `${good}\r\n\r\n`, "How do I reset my PIN?"],
    ["a lone surrogate", '{"id": 1, "text": "a\\ud800b"}', "a\ufffdb"],
    ["a zero byte", '{"id": 1, "text": "a\\u0000b"}', "a\u0000b"],
    ["line separators", `{"id": 1, "text": "a\u2028b"}`, "a\u2028b"],
    ["keys that objects have", '{"id": "__proto__", "text": "x", "__proto__": {"text": 1}}', "x"],
    ["a text of megabytes", JSON.stringify({ id: 1, text: "x".repeat(3_000_000) }), "x".repeat(3_000_000)],
  ])("is read all the same: %s", async (_, content, text) => {
    const { items } = await read(content);
    expect(items.map((item) => item.text)).toEqual([text]);
  });

  it("is read from gzip, and from a gzip file that was cut up to the cut", async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) =>
      JSON.stringify({ id: i, text: `question ${i * 7919}` }),
    );
    const whole = gzipSync(lines.join("\n"));
    expect((await read(whole)).counts.accepted).toBe(20_000);
    const cut = await read(whole.subarray(0, whole.length / 2));
    expect(cut.counts.accepted).toBeGreaterThan(1_000);
    expect(cut.rejected.at(-1)!.reason).toBe("truncated_tail");
  });
});

describe("a stream without a usable line", () => {
  it.each([
    ["", /holds no lines/],
    ["nonsense\n{}\n", /no line could be used; the first: line 1: json_syntax/],
  ])("is refused: %j", async (content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });

  it("is refused when there is no file", async () => {
    await expect(readStream(join(root, "absent"), { onItems: () => {} })).rejects.toThrow(
      /absent: no such file/,
    );
  });
});
