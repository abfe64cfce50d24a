import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { Reason } from "../../../datasets/quarantine.js";
import { readRecords } from "../../../datasets/reader/read-records.js";
import { detectSource } from "../../../datasets/sources/detect.js";
import { sources } from "../../../datasets/sources/index.js";
import { mappingSource } from "../../../datasets/sources/mapping/mapping-source.js";
import type { Mapped, Source } from "../../../datasets/sources/source.js";
import { validateDraft } from "../../../datasets/sources/validate-draft.js";
import { generateMixedCalls } from "../../../datasets/synthetic/mixed-calls.js";
import { exchangeLine, requestBody, responseBody } from "../../../datasets/synthetic/write-exchange.js";
import {
  bedrockLine,
  langfuseLine,
  litellmPayloadLine,
  litellmSpendLine,
} from "../../../datasets/synthetic/write-gateway-logs.js";
import { houseEventLines, houseEventMapping } from "../../../datasets/synthetic/write-house-events.js";
import { requestLogRow } from "../../../datasets/synthetic/write-request-log.js";
import { spanLine } from "../../../datasets/synthetic/write-spans.js";
import { openOrCreateWorkspace } from "../../../datasets/workspace.js";
import { ingest } from "../../../pipelines/ingest/ingest.js";
import { checkDraft } from "../../support/check-draft.js";
import { mutated } from "../../support/mutate-json.js";
import { readTable } from "../../support/read-table.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-every-"));
afterAll(() => rmSync(root, { recursive: true }));

const calls = generateMixedCalls({ seed: 3, requests: 10 });
const written = [
  ...calls.map((call) => JSON.stringify(requestLogRow(call))),
  ...calls.map(litellmPayloadLine),
  ...calls.map(litellmSpendLine),
  ...calls.map(spanLine),
  ...calls.map(exchangeLine),
  ...calls.map(langfuseLine),
  ...calls.map((call) => bedrockLine(call, { request: requestBody(call), response: responseBody(call) })),
  ...houseEventLines(calls),
].map((line) => JSON.parse(line) as unknown);

/** A format of which no record lies at hand and none is written above. */
const vercelRow = {
  generationId: "gen_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  timestamp: "2026-07-01T09:15:00.120Z",
  httpStatus: 200,
  aiModel: "anthropic/claude-sonnet-4.5",
  aiProvider: "bedrock",
  environment: "production",
  aiRequestDurationMs: 2400,
  timeToFirstTokenMs: 410,
  inputTokens: 1000,
  cachedInputTokens: 400,
  cacheCreationInputTokens: 100,
  outputTokens: 200,
  reasoningTokens: 50,
  cost: 0.005,
};

/** Records as the vendors write them, where they are at hand; the formats that have no writer here need them. */
const logs = join(process.env.SIGNALBOX_DATA ?? "../shared/data", "logs");
const real = existsSync(logs) ? await realRecords(logs) : [];
const pool = [...written, vercelRow, ...real];

/** More runs than a test suite has time for: SIGNALBOX_FUZZ=20 makes twenty times as many. */
const runs = (count: number) => ({ numRuns: Math.ceil(count * Number(process.env.SIGNALBOX_FUZZ ?? 1)) });

const readers: readonly Source[] = [...sources, mappingSource(houseEventMapping)];
const reasons = new Set<string>(Object.values(Reason));

/** A few records of every file, small ones: each shape counts, not each line. */
async function realRecords(folder: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const name of readdirSync(folder, { recursive: true }).map(String).sort()) {
    if (!/\.(jsonl|json|csv|gz)$/.test(name) || /prices|usage-shapes|schema\.json/.test(name)) continue;
    let taken = 0;
    for await (const batch of readRecords(join(folder, name))) {
      const step = Math.max(1, Math.floor(batch.length / 12));
      for (let i = 0; i < batch.length && taken < 12; i += step) {
        const { value, raw } = batch[i]!;
        if (value === undefined || raw.length > 40_000) continue;
        found.push(value);
        taken += 1;
      }
      if (taken >= 12) break;
    }
  }
  return found;
}

/** What a source makes of lines; fails where a record is answered twice or never. */
function answersOf(source: Source, lines: readonly unknown[]): Mapped[] {
  const records = lines.flatMap((line) => {
    const items = source.explode ? source.explode(line) : [line];
    expect(Array.isArray(items)).toBe(true);
    return items;
  });
  if (!source.open) return records.map((record) => source.map(record));
  const reader = source.open<number>({ path: "log.jsonl", modifiedAt: 1.7e15 });
  const answers = records.flatMap((record, place) => reader.take(record, place)).concat(reader.end());
  expect(answers.map(({ place }) => place).sort((a, b) => a - b)).toEqual(records.map((_, place) => place));
  return answers.map(({ mapped }) => mapped);
}

function checkAnswers(mapped: readonly Mapped[]): void {
  for (const answer of mapped) {
    if (answer.kind === "row") {
      checkDraft(answer.draft);
      validateDraft(answer.draft, { nowUs: 2e15 });
    } else {
      expect(["quarantined", "skipped"]).toContain(answer.kind);
      expect(reasons.has(answer.reason), answer.reason).toBe(true);
      expect(typeof answer.detail).toBe("string");
    }
  }
}

describe.each(readers.map((source) => [source.name, source] as const))("%s", (_, source) => {
  const own = pool.filter((line) => source.score(line) >= 0.5);

  test("scores any JSON from 0 to 1, and knows nothing that is no record", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue({ maxDepth: 4 }), mutated(pool)), (line) => {
        const score = source.score(line);
        expect(score >= 0 && score <= 1).toBe(true);
      }),
      runs(120),
    );
    for (const line of [null, true, 0, "", "text", [], {}, [[]], [{}]])
      expect(source.score(line)).toBeLessThan(0.5);
  });

  test("answers every record of any JSON once, in drafts that keep the contract", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 6 }), (lines) =>
        checkAnswers(answersOf(source, lines)),
      ),
      runs(60),
    );
  });

  test.skipIf(own.length === 0)(
    "answers every mutated record of its own once, in drafts that keep the contract",
    () => {
      fc.assert(
        fc.property(fc.array(mutated(own), { minLength: 1, maxLength: 6 }), (lines) =>
          checkAnswers(answersOf(source, lines)),
        ),
        runs(120),
      );
    },
  );

  test("answers every mutated record of other formats once", () => {
    fc.assert(
      fc.property(fc.array(mutated(pool), { minLength: 1, maxLength: 4 }), (lines) =>
        checkAnswers(answersOf(source, lines)),
      ),
      runs(60),
    );
  });
});

test.skipIf(real.length === 0)(`every source has records to be mutated (${logs})`, () => {
  const without = readers
    .filter((source) => !pool.some((line) => source.score(line) >= 0.5))
    .map(({ name }) => name);
  expect(without).toEqual([]);
});

test("detection takes any lines", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.jsonValue(), mutated(pool)), { maxLength: 8 }), (lines) => {
      expect(detectSource(lines, readers).explanation).not.toBe("");
    }),
    runs(60),
  );
});

describe("ingest", () => {
  test.each([1, 2, 3])("accounts for every line of a file of mutated records (seed %i)", async (seed) => {
    const sampled = fc.sample(
      fc.oneof({ weight: 9, arbitrary: mutated(pool) }, { weight: 1, arbitrary: fc.jsonValue() }),
      {
        seed,
        numRuns: 300,
      },
    );
    const lines = sampled.map((value, i) => {
      const text = JSON.stringify(value) ?? "null";
      return i % 40 === 39 ? text.slice(0, text.length >> 1) : text;
    });
    const path = join(root, `mutated-${seed}.jsonl`);
    writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
    const workspace = openOrCreateWorkspace(join(root, `ws-${seed}`));
    const { totals } = await ingest(workspace, [path]);
    expect(totals.read).toBe(totals.accepted + totals.quarantined + totals.duplicates + totals.skipped);
    const places = await readTable<{ line: number }>(
      workspace,
      "SELECT source_line AS line FROM requests UNION ALL SELECT source_line FROM quarantine",
    );
    expect(places).toHaveLength(totals.read);
    const accounted = new Set(places.map(({ line }) => Number(line)));
    const blank = lines.flatMap((line, i) => (line.trim() === "" ? [i + 1] : []));
    expect(lines.map((_, i) => i + 1).filter((line) => !accounted.has(line))).toEqual(blank);
  });
});
