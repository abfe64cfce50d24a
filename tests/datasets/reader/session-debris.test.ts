import { expect, test } from "vitest";
import { whySessionDebris } from "../../../datasets/reader/session-debris.js";

test.for<[string, boolean]>([
  ["projects/-home-shop/s-1.jsonl", false],
  ["projects/-home-shop/s-1/subagents/agent-x.jsonl", false],
  ["projects/-home-shop/s-1/subagents/agent-x.meta.json", true],
  ["projects/-home-shop/sessions-index.json", true],
  ["projects/-home-shop/s-1/tool-results/toolu_01.txt", true],
  ["logs/results.txt", false],
])("of Claude Code's files, %s is left out: %s", ([path, isLeftOut]) => {
  expect(whySessionDebris(path) !== null).toBe(isLeftOut);
});
