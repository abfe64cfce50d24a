import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readRecords } from "../../../datasets/reader/read-records.js";
import { textLogAdvice } from "../../../datasets/reader/text-log.js";
import { writeLines } from "../../support/write-lines.js";

const vllm =
  "INFO 07-01 09:15:00 [logger.py:43] Received request chatcmpl-3f1c: prompt: 'hi', params: SamplingParams(n=1)";

const folder = mkdtempSync(join(tmpdir(), "signalbox-text-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("textLogAdvice", () => {
  test.each([
    [vllm, "vLLM"],
    [
      "(APIServer pid=1) INFO 07-01 09:15:10 [loggers.py:118] Engine 000: Avg prompt throughput: 12.3 tokens/s",
      "vLLM",
    ],
    ["slot print_timing: id  0 | task 0 | ", "llama.cpp"],
    ["prompt eval time =     123.45 ms /    56 tokens", "llama.cpp"],
    ["       eval time =    1234.56 ms /   128 tokens", "llama.cpp"],
    ["srv  log_server_r: request: POST /v1/chat/completions 127.0.0.1 200", "llama.cpp"],
    ['INFO:     127.0.0.1:53712 - "POST /v1/chat/completions HTTP/1.1" 200 OK', "web server"],
  ])("knows %j", (line, what) => {
    expect(textLogAdvice(line)).toContain(what);
    expect(textLogAdvice(line)).toContain("OTLP");
  });

  test.each([[""], ["hello"], ['{"a": 1'], ["total time = soon"], ["INFO all is well"]])(
    "has none for %j",
    (line) => {
      expect(textLogAdvice(line)).toBeNull();
    },
  );

  test("stands in place of a syntax error in every line of such a file", async () => {
    const path = writeLines(join(folder, "vllm.log"), [vllm, vllm, "something else"]);
    const problems: unknown[] = [];
    for await (const batch of readRecords(path))
      problems.push(...batch.map(({ problem }) => problem?.reason));
    expect(problems).toEqual(["unknown_schema", "unknown_schema", "json_syntax"]);
  });
});
