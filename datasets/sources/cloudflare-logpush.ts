import { basename } from "node:path";
import { readCallerLabels } from "./caller-labels.js";
import { cloudflareProvider } from "./cloudflare.js";
import { firstUsage } from "./first-usage.js";
import { httpOutcome, readHttpStatus } from "./http-outcome.js";
import { asRecord, asString, firstOf, type JsonRecord, parseEmbedded } from "./json-access.js";
import { readEndpoint } from "./provider/endpoint.js";
import { readExchange } from "./read-exchange.js";
import { readFlag } from "./read-flag.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type Source, unknownDraft } from "./source.js";

/** Cloudflare's Logpush of AI Gateway events. Metadata and bodies are encrypted for a key that only the user has; they are read when they were
 * decrypted in place. Lines have no counts, no cost and often no time: then the start of the batch, which Logpush writes into the
 * file's name, stands for it. */
export const cloudflareLogpushSource: Source = {
  name: "cloudflare-logpush",
  title: "Cloudflare AI Gateway, Logpush",
  score: scoreEvent,
  map: (event) => mapEvent(event, { id: null, startedAt: null }),
  open: ({ path }) => {
    const name = basename(path);
    const startedAt = batchStartOf(name);
    let events = 0;
    return {
      take: (event, place) => {
        events += 1;
        // Without bodies, the lines of two calls may be the same to the last letter.
        const id = startedAt === null ? null : `${name.replace(/\..*$/, "")}#${events}`;
        return [{ place, mapped: mapEvent(event, { id, startedAt }) }];
      },
      end: () => [],
    };
  },
};

/** What the batch's file name says of one event: its place in the batch, and when the batch began. */
interface BatchFacts {
  id: string | null;
  startedAt: number | null;
}

function scoreEvent(line: unknown): number {
  const event = asRecord(line);
  if (event === null || !["Gateway", "Model", "Provider"].every((name) => name in event)) return 0;
  return ["Cached", "Endpoint", "RateLimited", "RequestBody", "ResponseBody", "Metadata"].some(
    (name) => name in event,
  )
    ? 1
    : 0.6;
}

function mapEvent(value: unknown, batch: BatchFacts): Mapped {
  const event = asRecord(value);
  if (event === null || scoreEvent(event) === 0)
    return {
      kind: "quarantined",
      reason: "unknown_schema",
      detail: "no Gateway, Model and Provider: not an AI Gateway event of Logpush",
    };
  const path = `/${asString(event.Endpoint)?.replace(/^\/+/, "") ?? ""}`.split("?")[0]!;
  const endpoint = readEndpoint(path);
  if (endpoint.kind === "other")
    return { kind: "skipped", reason: "not_an_llm_call", detail: `${endpoint.what}: ${path}` };
  const createdAt =
    readTimestamp(firstOf(event, ["Datetime", "Timestamp", "CreatedAt", "EdgeStartTimestamp"])) ??
    batch.startedAt;
  if (createdAt === null)
    return {
      kind: "quarantined",
      reason: "missing_time",
      detail:
        "Logpush lines have no time: keep the file's own name (20260701T091500Z_20260701T092000Z_1a2b3c4d.log.gz), or add the field Datetime",
    };
  const provider = cloudflareProvider(asString(event.Provider));
  const isSealed = isEncrypted(event.RequestBody);
  const exchange = readExchange(openBody(event.RequestBody), openBody(event.ResponseBody));
  const { usage, raw } = firstUsage([{ raw: exchange.answer.usageRaw, hint: { provider } }]);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const isLimited = readFlag(event.RateLimited) === true;
  const httpStatus = readHttpStatus(event.StatusCode) ?? (isLimited ? 429 : null);
  const isCached = readFlag(event.Cached);
  const model = asString(event.Model);
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      ...readCallerLabels(asRecord(openBody(event.Metadata))),
      ...exchange.content,
      promptState: isSealed ? "redacted" : exchange.content.promptState,
      id: batch.id,
      endpoint: endpoint.kind === "llm" ? endpoint.endpoint : null,
      createdAt,
      modelRequested: model,
      modelServed: exchange.answer.model ?? model,
      provider,
      gateway: "cloudflare",
      usage: usage?.usage ?? null,
      usageRaw: raw,
      ...httpOutcome({ httpStatus, words: [exchange.answer.error] }),
      isStream: exchange.isStream,
      cacheStatus: isCached === null ? null : isCached ? "hit" : "miss",
    },
  };
}

function openBody(value: unknown): unknown {
  return isEncrypted(value) ? null : parseEmbedded(value);
}

/** {type: "encrypted", key, iv, data}: an AES key under RSA, and what it encrypts. */
function isEncrypted(value: unknown): boolean {
  const sealed: JsonRecord | null = asRecord(parseEmbedded(value));
  return sealed !== null && ["key", "iv", "data"].every((name) => name in sealed);
}

/** Logpush names a file for its batch: start_end_hash.log.gz, times as 20260701T091500Z. */
function batchStartOf(name: string): number | null {
  const [, date, time] = /^(\d{8})T(\d{6})Z_\d{8}T\d{6}Z_/.exec(name) ?? [];
  if (date === undefined || time === undefined) return null;
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`;
  return readTimestamp(iso);
}
