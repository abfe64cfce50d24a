import { canonicalProvider } from "../prices/provider-names.js";
import { rowsOfPage } from "./api-page.js";
import { readCallerLabels } from "./caller-labels.js";
import { finishReason } from "./finish-reason.js";
import { firstUsage, hasOutput, isZeroUsage } from "./first-usage.js";
import { httpOutcome, readHttpStatus } from "./http-outcome.js";
import { asNumber, asText, type JsonRecord } from "./json-access.js";
import { plausibleCostUsd } from "./plausible-cost.js";
import { readFlag } from "./read-flag.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type RequestDraft, type Source, unknownDraft } from "./source.js";
import {
  durationMsOf,
  fieldOf,
  numberOf,
  type PlainRow,
  plainRow,
  textOf,
} from "./vercel-gateway/plain-row.js";

/** Vercel AI Gateway's request log: CSV or JSON of the Logs page, of the CLI or of the API behind them, and look-ups of one generation.
 * It has counts and cost (USD) but no prompts. Columns are matched by several names each, for only the API's are published. */
export const vercelGatewaySource: Source = {
  name: "vercel-gateway",
  title: "Vercel AI Gateway, request log",
  score: scoreLine,
  explode: explodePages,
  map: mapRow,
};

function scoreLine(line: unknown): number {
  const [first] = explodePages(line);
  const row = plainRow(first);
  if (row === null || textOf(row, NAMES.model) === null) return 0;
  if (row.has("generationid")) return row.has("aimodel") || isGenerationId(row.get("generationid")) ? 1 : 0.6;
  return isGenerationId(row.get("id")) ? 1 : 0;
}

/** gen_ and a ULID; OpenRouter's are gen-... */
function isGenerationId(value: unknown): boolean {
  return /^gen_[0-9A-HJKMNP-TV-Z]{26}$/i.test(asText(value));
}

/** {data: [...], pageInfo}, {logs: [...]}, or {data: {...}} of one generation. */
function explodePages(line: unknown): unknown[] {
  return rowsOfPage(line, {
    lists: ["data", "logs"],
    isRow: (row) => "generationId" in row || isGenerationId(row.id),
  });
}

function mapRow(record: unknown): Mapped {
  const row = plainRow(record);
  if (row === null || scoreLine(record) === 0)
    return {
      kind: "quarantined",
      reason: "unknown_schema",
      detail: "no gen_... id and model: not a row of Vercel's AI Gateway",
    };
  const provider = canonicalProvider(textOf(row, NAMES.provider));
  const raw = countsOf(row);
  const { usage } = firstUsage([{ raw, hint: { provider, convention: "inclusive" } }]);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const word = textOf(row, NAMES.status);
  const httpStatus = readHttpStatus(textOf(row, NAMES.httpStatus) ?? word);
  const hasFailed = word === null || asNumber(word) !== null ? null : /^(err|fail)/i.test(word);
  const outcome = httpOutcome({
    httpStatus,
    hasFailed,
    isPartial: hasOutput(usage),
    words: [textOf(row, NAMES.error)],
  });
  const isCounted = usage !== null && !(outcome.status !== "ok" && isZeroUsage(usage));
  const counts = isCounted ? usage.usage : null;
  const createdAt = readTimestamp(fieldOf(row, NAMES.createdAt));
  const model = textOf(row, NAMES.model);
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      ...identityOf(row),
      createdAt,
      latencyMs: durationMsOf(row, NAMES.latencyMs),
      ttftMs: ttftOf(row),
      modelRequested: textOf(row, ["requestedmodel", "modelrequested"]) ?? model,
      modelServed: model,
      provider,
      gateway: "vercel",
      usage: counts,
      usageRaw: isCounted ? raw : null,
      costReportedUsd: plausibleCostUsd(costOf(row, createdAt), { usage: counts, cacheStatus: null }),
      ...outcome,
      finishReason: finishReason(textOf(row, ["finishreason"])),
      isStream: readFlag(fieldOf(row, ["streamed", "isstreaming", "stream"])),
      serviceTier: textOf(row, ["servicetier"]),
    },
  };
}

const NAMES = {
  id: ["generationid", "id"],
  createdAt: ["timestamp", "createdat", "time", "date", "startedat"],
  model: ["aimodel", "model", "modelid", "modelslug"],
  provider: ["aiprovider", "provider", "providername"],
  status: ["status"],
  httpStatus: ["httpstatus", "statuscode"],
  error: ["error", "errormessage", "errortype"],
  latencyMs: [
    "airequestdurationms",
    "durationms",
    "generationtime",
    "generationtimems",
    "duration",
    "totaldurationms",
    "latencyms",
  ],
  ttftMs: ["timetofirsttokenms", "ttftms", "timetofirsttoken", "ttft"],
  input: ["inputtokens", "nativetokensprompt", "tokensprompt", "tokensinput", "prompttokens"],
  output: ["outputtokens", "nativetokenscompletion", "tokenscompletion", "tokensoutput", "completiontokens"],
  cacheRead: [
    "cachedinputtokens",
    "nativetokenscached",
    "tokenscachedinput",
    "cacheinputtokens",
    "cachereadtokens",
    "cachedtokens",
  ],
  cacheWrite: [
    "cachecreationinputtokens",
    "nativetokenscachecreation",
    "tokenscachecreationinput",
    "cachewritetokens",
  ],
  reasoning: ["reasoningtokens", "nativetokensreasoning", "tokensreasoning"],
} as const;

function countsOf(row: PlainRow): JsonRecord | null {
  const count = (names: readonly string[]) => numberOf(row, names) ?? fieldOf(row, names) ?? null;
  const input = count(NAMES.input);
  const output = count(NAMES.output);
  if (input === null && output === null) return null;
  return {
    input_tokens: input,
    output_tokens: output,
    cached_tokens: count(NAMES.cacheRead),
    cache_write_tokens: count(NAMES.cacheWrite),
    reasoning_tokens: count(NAMES.reasoning),
  };
}

/** The look-up of a generation calls the time to its first token `latency`. */
function ttftOf(row: PlainRow): number | null {
  return durationMsOf(row, NAMES.ttftMs) ?? (row.has("generationtime") ? numberOf(row, ["latency"]) : null);
}

/** Surcharges stand beside the cost since this moment; before, they were in it. */
const surchargesApartSince = Date.UTC(2026, 4, 16, 1) * 1000;

const SURCHARGES = [
  "zdrcost",
  "reportingwritecost",
  "providerallowlistcost",
  "modelallowlistcost",
  "quotawritecost",
];

function costOf(row: PlainRow, createdAt: number | null): number | null {
  const currency = textOf(row, ["costcurrency", "currency"]) ?? "USD";
  if (currency.toUpperCase() !== "USD") return null;
  const total = numberOf(row, ["totalcost", "costtotal", "costusd"]);
  const cost = numberOf(row, ["cost"]);
  if (total !== null || cost === null) return total;
  if (createdAt === null || createdAt < surchargesApartSince) return cost;
  return SURCHARGES.reduce((sum, name) => sum + (numberOf(row, [name]) ?? 0), cost);
}

function identityOf(
  row: PlainRow,
): Pick<RequestDraft, "id" | "app" | "user" | "tenant" | "sessionId" | "apiKey"> {
  const labels = readCallerLabels(Object.fromEntries(row));
  return {
    ...labels,
    id: textOf(row, NAMES.id),
    app: labels.app ?? textOf(row, ["projectid"]),
    apiKey: textOf(row, ["apikeyname", "apikeyid"]),
  };
}
