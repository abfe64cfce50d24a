import type { Message } from "@signalbox/runtime";
import type { Reason } from "../quarantine.js";
import type { TokenUsage } from "../tokens/token-usage.js";

/** What a source understood of one record, before content rules, hashing and pricing. Everything unknown is null: a source
 * never invents a value. Times are microseconds since 1970 UTC, durations milliseconds, money USD. */
export interface RequestDraft {
  /** The log's own id of this attempt; null makes ingest derive one from the record's content. */
  id: string | null;
  attemptNo: number | null;
  logicalId: string | null;
  sessionId: string | null;
  tenant: string | null;
  /** End user's id as logged; ingest stores only its salted hash. */
  user: string | null;
  app: string | null;
  /** Alias or hash under which the log knows the API key; never the key itself. */
  apiKey: string | null;
  endpoint: string | null;
  createdAt: number | null;
  /** When the source last wrote this record: of several records of one attempt (re-exports, streamed partials) the newest counts. */
  updatedAt: number | null;
  latencyMs: number | null;
  ttftMs: number | null;
  modelRequested: string | null;
  modelServed: string | null;
  /** genai-prices provider id where it is known: openai, anthropic, aws, google, azure, mistral, ... */
  provider: string | null;
  gateway: string | null;
  /** The conversation as sent, system prompt apart; null when the log has no prompt. */
  prompt: { system: string | null; messages: Message[] } | null;
  /** Whether `prompt` is all of it: full, truncated (cut by the logger), redacted (replaced by the logger) or none. */
  promptState: "full" | "truncated" | "redacted" | "none";
  tools: unknown[] | null;
  output: string | null;
  usage: TokenUsage | null;
  usageRaw: unknown;
  /** Usage of other models inside the same call (an advisor, a server-side fallback), not in `usage`. */
  otherUsage: ReadonlyArray<{ model: string; usage: TokenUsage }> | null;
  costReportedUsd: number | null;
  status: "ok" | "error" | "cancelled" | "partial";
  httpStatus: number | null;
  errorClass: string | null;
  finishReason: string | null;
  isStream: boolean | null;
  cacheStatus: "hit" | "semantic_hit" | "miss" | null;
  feedbackScore: number | null;
  serviceTier: string | null;
  isBatch: boolean | null;
  temperature: number | null;
  maxTokens: number | null;
  hasJsonSchema: boolean | null;
}

/** What became of one record. */
export type Mapped =
  | { kind: "row"; draft: RequestDraft }
  | { kind: "quarantined"; reason: Reason; detail: string }
  | { kind: "skipped"; reason: Reason; detail: string };

/** What a source is told of the file that it reads. */
export interface FileFacts {
  path: string;
  /** Last change of the file, microseconds since 1970: for formats without any time. */
  modifiedAt: number;
}

/** Reads the records of one file where they belong together: split rows, a model named by an earlier line, cumulative counts.
 * Every record that is taken is answered exactly once, with the place it came with: at once, with a later record, or at the end.
 * Memory stays bounded: a reader that waits for its other halves gives up on them after some thousand records. */
export interface RecordReader<Place> {
  take(record: unknown, place: Place): Array<{ place: Place; mapped: Mapped }>;
  end(): Array<{ place: Place; mapped: Mapped }>;
}

/** One log format. A source is pure: it gets parsed records and returns drafts; files, ids and prices are not its business. */
export interface Source {
  /** Name for --source and the `source` column: litellm, otlp, bedrock, provider, canonical, ... */
  readonly name: string;
  /** One line for people: whose format it is. */
  readonly title: string;
  /** How surely one parsed line is this format: 0 not at all, 1 beyond doubt. */
  score(line: unknown): number;
  /** The records inside one parsed line (an OTLP line holds many spans); one line = one record when absent. */
  explode?(line: unknown): unknown[];
  /** One record by itself. */
  map(record: unknown): Mapped;
  /** Memory for one file, for formats whose records belong together; `map` is not used then. */
  open?<Place>(file: FileFacts): RecordReader<Place>;
}

/** A draft with nothing known, for sources to spread and fill. */
export const unknownDraft: Readonly<RequestDraft> = {
  id: null,
  attemptNo: null,
  logicalId: null,
  sessionId: null,
  tenant: null,
  user: null,
  app: null,
  apiKey: null,
  endpoint: null,
  createdAt: null,
  updatedAt: null,
  latencyMs: null,
  ttftMs: null,
  modelRequested: null,
  modelServed: null,
  provider: null,
  gateway: null,
  prompt: null,
  promptState: "none",
  tools: null,
  output: null,
  usage: null,
  usageRaw: null,
  otherUsage: null,
  costReportedUsd: null,
  status: "ok",
  httpStatus: null,
  errorClass: null,
  finishReason: null,
  isStream: null,
  cacheStatus: null,
  feedbackScore: null,
  serviceTier: null,
  isBatch: null,
  temperature: null,
  maxTokens: null,
  hasJsonSchema: null,
};
