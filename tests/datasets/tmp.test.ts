import { readFileSync } from "node:fs";
import { test } from "vitest";
import { providerSource } from "../../datasets/sources/provider.js";
test("x", () => {
  const L = readFileSync("/work/shared/data/logs/raw-api-pairs/pairs.jsonl", "utf8").trim().split("\n").map((l) => JSON.parse(l));
  const c: any = {}; const s: any = {};
  for (const [i, o] of L.entries()) {
    const m = providerSource.map(o); const sc = providerSource.score(o); s[sc] = (s[sc] ?? 0) + 1;
    const k = m.kind === "row" ? "row " + m.draft.status + (m.draft.usage ? " usage" : " NOUSAGE") + " " + m.draft.endpoint : m.kind + " " + m.reason + " " + m.detail.replace(/[a-z]+_[A-Za-z0-9]{16,}/g, "ID");
    (c[k] ??= []).push(i + 1);
  }
  for (const k of Object.keys(c).sort()) console.log(c[k].length, k, c[k].slice(0, 8).join(","));
  console.log(s);
});
