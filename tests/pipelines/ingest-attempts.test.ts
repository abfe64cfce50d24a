import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { AttemptLink } from "../../datasets/attempt-links.js";
import type { Engine } from "../../datasets/engine/engine.js";
import { createRandom } from "../../datasets/random.js";
import { type RequestRow, requestLog } from "../../datasets/request-log.js";
import { openOrCreateWorkspace, type Workspace } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import { inferLinks } from "../../pipelines/ingest/link-attempts.js";
import { memoryEngine } from "../support/memory-engine.js";
import {
  type PlantedLog,
  type PlantedRecord,
  plantLog,
  writePlantedFile,
  writePlantedMapping,
} from "../support/planted-attempts.js";
import { readTable } from "../support/read-table.js";
import { requestRow } from "../support/request-row.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-attempts-"));
afterAll(() => rmSync(root, { recursive: true }));

const second = 1_000_000;
const noon = Date.UTC(2026, 0, 5, 12) * 1000;

/** An attempt, seconds after noon. */
function attempt(id: string, at: number, fields: Partial<RequestRow> = {}): RequestRow {
  return requestRow({
    request_id: id,
    created_at: noon + at * second,
    latency_ms: 2_000,
    prompt_hash: "p",
    app: "chat",
    ...fields,
  });
}

const failed = { status: "error" };

async function linksOf(rows: readonly RequestRow[]): Promise<string[]> {
  const engine: Engine = await memoryEngine(requestLog, rows);
  try {
    await inferLinks(engine);
    const links = await engine.rows<AttemptLink>("SELECT * FROM new_links ORDER BY logical_id, attempt_no");
    return links.map((link) =>
      [link.request_id, link.logical_id, link.attempt_no, link.kind, link.evidence, link.rule].join(" "),
    );
  } finally {
    engine.close();
  }
}

describe("links between attempts", () => {
  test.each<[string, RequestRow[], string[]]>([
    [
      "a failure and the same again",
      [attempt("a", 0, failed), attempt("b", 5)],
      ["b a 2 retry inferred prompt"],
    ],
    [
      "a cancelled call and the same again",
      [attempt("a", 0, { status: "cancelled" }), attempt("b", 5)],
      ["b a 2 retry inferred prompt"],
    ],
    [
      "another model after a failure",
      [attempt("a", 0, failed), attempt("b", 5, { model: "claude-sonnet-4-5" })],
      ["b a 2 fallback inferred prompt"],
    ],
    [
      "a chain",
      [
        attempt("a", 0, failed),
        attempt("b", 5, failed),
        attempt("c", 60, { ...failed, model: "o3" }),
        attempt("d", 100),
      ],
      ["b a 2 retry inferred prompt", "c a 3 fallback inferred prompt", "d a 4 fallback inferred prompt"],
    ],
    [
      "an alias that was asked for, and the model that answered it",
      [
        attempt("a", 0, { ...failed, model: "gpt-4o", model_requested: "fast" }),
        attempt("b", 5, {
          model: "gpt-4o-2024-08-06",
          model_requested: "fast",
          model_served: "gpt-4o-2024-08-06",
        }),
      ],
      ["b a 2 retry inferred prompt"],
    ],
    [
      "times in whole seconds",
      [attempt("a", 0, { ...failed, latency_ms: 400 }), attempt("b", 0)],
      ["b a 2 retry inferred prompt"],
    ],
    [
      "two failures at once and two attempts after them",
      [attempt("a", 0, failed), attempt("b", 0.5, failed), attempt("c", 4), attempt("d", 6)],
      ["d a 2 retry inferred prompt", "c b 2 retry inferred prompt"],
    ],
    [
      "without prompts, the same caller, endpoint and size",
      [
        attempt("a", 0, { ...failed, prompt_hash: null, input_total_tokens: 812 }),
        attempt("b", 5, { prompt_hash: null, input_total_tokens: 812 }),
      ],
      ["b a 2 retry inferred caller_and_size"],
    ],
    [
      "what the log joins",
      [attempt("a", 0, { logical_id: "l" }), attempt("b", 400, { logical_id: "l", attempt_no: 2 })],
      ["b l 2 retry logged logical_id"],
    ],
  ])("join %s", async (_, rows, links) => {
    expect(await linksOf(rows)).toEqual(links);
    expect(await linksOf([...rows].reverse())).toEqual(links);
  });

  test.each<[string, RequestRow[]]>([
    ["two successful calls", [attempt("a", 0), attempt("b", 5)]],
    ["a failure after a success", [attempt("a", 0), attempt("b", 5, failed)]],
    ["another prompt", [attempt("a", 0, failed), attempt("b", 5, { prompt_hash: "q" })]],
    ["another user", [attempt("a", 0, { ...failed, user_hash: "u" }), attempt("b", 5, { user_hash: "v" })]],
    ["another app", [attempt("a", 0, failed), attempt("b", 5, { app: "search" })]],
    [
      "a call that began before the failure ended",
      [attempt("a", 0, { ...failed, latency_ms: 30_000 }), attempt("b", 5)],
    ],
    ["a call long after", [attempt("a", 0, failed), attempt("b", 123)]],
    [
      "calls without a prompt and without a known size",
      [attempt("a", 0, { ...failed, prompt_hash: null }), attempt("b", 5, { prompt_hash: null })],
    ],
    [
      "calls without a prompt and without a caller",
      [
        attempt("a", 0, { ...failed, prompt_hash: null, app: null, input_total_tokens: 5 }),
        attempt("b", 5, { prompt_hash: null, app: null, input_total_tokens: 5 }),
      ],
    ],
  ])("do not join %s", async (_, rows) => {
    expect(await linksOf(rows)).toEqual([]);
  });

  test("cut a job that fails for hours into requests of twenty attempts", async () => {
    const rows = Array.from({ length: 50 }, (_, i) => attempt(`r${i}`, i * 60, failed));
    const links = await linksOf(rows);
    expect(links).toHaveLength(47);
    expect(new Set(links.map((link) => link.split(" ")[1]))).toEqual(new Set(["r0", "r20", "r40"]));
  });
});

/** Files of a log: shuffled into any number of files, or by time with windows that overlap. */
function split(log: PlantedLog, seed: number): { files: PlantedRecord[][]; overlap: number } {
  const random = createRandom(seed);
  const n = 1 + random.below(6);
  if (random.uniform() < 0.5) {
    const files = Array.from({ length: n }, () => [] as PlantedRecord[]);
    for (const record of random.shuffle([...log.records])) random.pick(files).push(record);
    return { files: files.filter((records) => records.length > 0), overlap: 0 };
  }
  const size = Math.ceil(log.attempts.length / n);
  const files = Array.from({ length: n }, (_, i) => log.attempts.slice(i * size, (i + 1) * size + 7));
  return {
    files: files.filter((records) => records.length > 0),
    overlap: files.reduce((sum, records) => sum + records.length, 0) - log.attempts.length,
  };
}

async function tables(workspace: Workspace): Promise<unknown> {
  return {
    requests: await readTable(
      workspace,
      "SELECT request_id, logical_id, attempt_no, output_total_tokens, cost_reported_usd FROM requests ORDER BY request_id",
    ),
    links: await readTable(
      workspace,
      "SELECT request_id, logical_id, attempt_no, kind FROM attempt_links ORDER BY request_id",
    ),
  };
}

describe("a log with a planted truth", () => {
  test.each(Array.from({ length: 12 }, (_, seed) => seed))(
    "is recovered exactly, however it is split into files and runs (seed %i)",
    async (seed) => {
      const log = plantLog(seed, 250);
      const folder = join(root, `seed${seed}`);
      mkdirSync(folder);
      const map = writePlantedMapping(folder);
      const workspace = openOrCreateWorkspace(join(folder, "ws"));
      const { files, overlap } = split(log, seed);
      const paths = files.map((records, i) => writePlantedFile(join(folder, `part${i}.jsonl`), records));
      const firstRun = createRandom(seed).below(paths.length + 1);
      await ingest(workspace, paths.slice(0, firstRun), { map });
      const result = await ingest(workspace, paths, { map });

      const byId = new Map(log.links.map((link) => [link.request_id, link]));
      const expected = log.attempts
        .map(({ id, tokens, usd }) => ({
          request_id: id,
          logical_id: byId.get(id)?.logical_id ?? id,
          attempt_no: byId.get(id)?.attempt_no ?? 1,
          output_total_tokens: tokens[1],
          cost_reported_usd: usd,
        }))
        .sort((a, b) => (a.request_id < b.request_id ? -1 : 1));
      const links = [...log.links].sort((a, b) => (a.request_id < b.request_id ? -1 : 1));
      expect(await tables(workspace)).toEqual({ requests: expected, links });
      const isWhole = overlap === 0 && files.flat().length === log.records.length;
      const counted = Object.fromEntries(result.reasons.map(({ reason, count }) => [reason, count]));
      expect(counted).toEqual(
        isWhole
          ? Object.fromEntries(Object.entries(log.duplicates).filter(([, n]) => n > 0))
          : overlap > 0
            ? { duplicate_id: overlap }
            : {},
      );
      expect(result.totals.accepted).toBe(log.attempts.length);
      expect(result.attempts).toEqual({
        attempts: log.attempts.length,
        logical_requests: 250,
        retries: links.filter(({ kind }) => kind === "retry").length,
        fallbacks: links.filter(({ kind }) => kind === "fallback").length,
        inferred: links.length,
      });
    },
    60_000,
  );
});
