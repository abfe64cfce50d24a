import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { redact } from "../privacy/redact.js";
import type { ReadRecord } from "../reader/read-record.js";
import { settleUsage } from "../tokens/settle-usage.js";
import { inputTotal, outputTotal } from "../tokens/token-usage.js";
import { messageText } from "./conversation.js";
import { inZone } from "./read-time.js";
import type { Mapped, RequestDraft, Source } from "./source.js";
import type { TimeZone } from "./time-zone.js";
import { validateDraft } from "./validate-draft.js";

/** What a source makes of the first records of a file. */
export interface SampleSummary {
  records: number;
  rows: number;
  /** Records that would not become rows, by reason. */
  not_rows: Array<{ disposition: string; reason: string; count: number; example: string }>;
  /** Whether any time names no zone: ingest reads those by --zone, as UTC without it. */
  has_times_without_zone: boolean;
  /** Of the rows, the share (0 to 1) that has each fact; null without a row. */
  shares: Record<SampleFact, number | null>;
  /** The first row under the request log's names, personal data and secrets replaced, texts cut. */
  first_row: Record<string, string | number | boolean> | null;
}

/** Facts of which a row is told to have them or not. */
type SampleFact = "time" | "model" | "usage" | "cost" | "prompt" | "answer" | "latency";

/** Map the first records of a file and count what they have. Nothing is stored. */
export function mapSample(source: Source, records: readonly ReadRecord[], path: string): SampleSummary {
  let hasNaiveTimes = false;
  const watch: TimeZone = {
    toUtc: (wall) => {
      hasNaiveTimes = true;
      return wall;
    },
  };
  const mapped = inZone(watch, () => mapAll(source, records, path));
  const drafts: RequestDraft[] = [];
  const rejects = new Map<string, SampleSummary["not_rows"][number]>();
  for (const result of mapped) {
    const verdict =
      result.kind === "row" ? validateDraft(result.draft, { nowUs: Date.now() * 1000 }) : result;
    if (result.kind === "row" && verdict === null) {
      drafts.push({ ...result.draft, usage: settleUsage(result.draft) });
      continue;
    }
    const { reason, detail } = verdict!;
    const disposition = result.kind === "skipped" ? "skipped" : "quarantined";
    const key = `${disposition} ${reason}`;
    const known = rejects.get(key);
    rejects.set(key, {
      disposition,
      reason,
      count: (known?.count ?? 0) + 1,
      example: known?.example ?? redacted(detail).slice(0, 200),
    });
  }
  const share = (has: (draft: RequestDraft) => boolean) =>
    drafts.length === 0 ? null : drafts.filter(has).length / drafts.length;
  return {
    records: mapped.length,
    rows: drafts.length,
    has_times_without_zone: hasNaiveTimes,
    not_rows: [...rejects.values()],
    shares: {
      time: share(({ createdAt }) => createdAt !== null),
      model: share(({ modelServed, modelRequested }) => (modelServed ?? modelRequested) !== null),
      usage: share(({ usage }) => usage !== null),
      cost: share(({ costReportedUsd }) => costReportedUsd !== null),
      prompt: share(({ prompt }) => prompt !== null),
      answer: share(({ output }) => output !== null),
      latency: share(({ latencyMs }) => latencyMs !== null),
    },
    first_row: drafts[0] === undefined ? null : describeDraft(drafts[0]),
  };
}

function mapAll(source: Source, records: readonly ReadRecord[], path: string): Mapped[] {
  const items = records.flatMap(({ value }) => source.explode?.(value) ?? [value]);
  if (!source.open) return items.map((item) => source.map(item));
  const reader = source.open<null>({ path, modifiedAt: Math.round(statSync(path).mtimeMs * 1000) });
  const answers = items.flatMap((item) => reader.take(item, null)).concat(reader.end());
  return answers.map(({ mapped }) => mapped);
}

function describeDraft(draft: RequestDraft): Record<string, string | number | boolean> {
  const { usage, prompt } = draft;
  const user = prompt?.messages.findLast(({ role }) => role === "user");
  const facts: Record<string, string | number | boolean | null> = {
    request_id: draft.id,
    logical_id: draft.logicalId,
    session_id: draft.sessionId,
    tenant: draft.tenant,
    user_hash: draft.user === null ? null : "(hashed)",
    app: draft.app,
    api_key: draft.apiKey,
    endpoint: draft.endpoint,
    created_at: draft.createdAt === null ? null : new Date(draft.createdAt / 1000).toISOString(),
    latency_ms: draft.latencyMs,
    ttft_ms: draft.ttftMs,
    model_requested: draft.modelRequested,
    model_served: draft.modelServed,
    provider: draft.provider,
    gateway: draft.gateway,
    system_text: prompt?.system ?? null,
    user_text: user === undefined ? null : messageText(user.content),
    output_text: draft.output,
    input_total_tokens: usage && inputTotal(usage),
    input_cache_read_tokens: usage?.inputCacheRead ?? null,
    output_total_tokens: usage && outputTotal(usage),
    output_reasoning_tokens: usage?.outputReasoning ?? null,
    cost_reported_usd: draft.costReportedUsd,
    status: draft.status,
    http_status: draft.httpStatus,
    error_class: draft.errorClass,
    finish_reason: draft.finishReason,
    is_stream: draft.isStream,
    service_tier: draft.serviceTier,
  };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      value === null ? [] : [[name, typeof value === "string" ? shortened(redacted(value)) : value]],
    ),
  );
}

/** The salt lives as long as the process: placeholders of a sample can't be compared with anything. */
const salt = randomBytes(16).toString("hex");

function redacted(text: string): string {
  return redact(text.slice(0, 4000), salt).text;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= 100 ? line : `${line.slice(0, 97)}...`;
}
