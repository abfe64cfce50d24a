import { expect } from "vitest";
import { type RequestDraft, unknownDraft } from "../../datasets/sources/source.js";

/** Fails unless a draft keeps the contract: every field there, numbers finite, times in this age or null, texts texts. Whether its values
 * can be (negative counts, times to come) is ingest's to judge. */
export function checkDraft(draft: RequestDraft): void {
  expect(Object.keys(draft).sort()).toEqual(Object.keys(unknownDraft).sort());
  for (const name of texts) isNullOr(draft, name, (value) => typeof value === "string");
  for (const name of numbers) isNullOr(draft, name, Number.isFinite);
  for (const name of flags) isNullOr(draft, name, (value) => typeof value === "boolean");
  for (const name of ["createdAt", "updatedAt"] as const)
    isNullOr(draft, name, (value) => Number(value) >= year2000 && Number(value) < year10000);
  expect(["ok", "error", "cancelled", "partial"]).toContain(draft.status);
  expect(["full", "truncated", "redacted", "none"]).toContain(draft.promptState);
  expect([null, "hit", "semantic_hit", "miss"]).toContain(draft.cacheStatus);
  isNullOr(draft, "tools", Array.isArray);
  for (const usage of [draft.usage, ...(draft.otherUsage ?? []).map((other) => other.usage)]) {
    for (const [name, count] of Object.entries(usage ?? {}))
      if (name !== "outputUnknown" && count !== null && !Number.isFinite(count))
        throw new Error(`usage.${name} is ${count}`);
  }
  for (const { role, content } of draft.prompt?.messages ?? []) {
    expect(typeof role).toBe("string");
    expect(typeof content === "string" || Array.isArray(content) || content === null).toBe(true);
  }
  if (draft.prompt !== null)
    expect(draft.prompt.system === null || typeof draft.prompt.system === "string").toBe(true);
}

const year2000 = 946_684_800_000_000;
const year10000 = 253_402_300_800_000_000;

const texts = [
  "id",
  "logicalId",
  "sessionId",
  "tenant",
  "user",
  "app",
  "apiKey",
  "endpoint",
  "modelRequested",
  "modelServed",
  "provider",
  "gateway",
  "output",
  "errorClass",
  "finishReason",
  "serviceTier",
] as const;
const numbers = [
  "attemptNo",
  "createdAt",
  "updatedAt",
  "latencyMs",
  "ttftMs",
  "costReportedUsd",
  "httpStatus",
  "feedbackScore",
  "temperature",
  "maxTokens",
] as const;
const flags = ["isStream", "isBatch", "hasJsonSchema"] as const;

function isNullOr(draft: RequestDraft, name: keyof RequestDraft, test: (value: unknown) => boolean): void {
  const value = draft[name];
  if (value !== null && !test(value)) throw new Error(`${name} is ${typeof value} ${JSON.stringify(value)}`);
}
