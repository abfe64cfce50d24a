import { canonicalProvider, providerOfUrl } from "../prices/provider-names.js";
import { readCallerLabels } from "./caller-labels.js";
import { countOf, usageOf } from "./envoy/counts.js";
import { plainEntry } from "./envoy/plain-entry.js";
import { firstUsage, isZeroUsage } from "./first-usage.js";
import { httpOutcome, readHttpStatus } from "./http-outcome.js";
import { asNumber, asRecord, asText, firstNumber, firstString, type JsonRecord } from "./json-access.js";
import { readEndpoint } from "./provider/endpoint.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type RequestDraft, type Source, unknownDraft } from "./source.js";
import { unwrapLogLine } from "./unwrap-log-line.js";

/** Access log of Envoy AI Gateway, and of gateways on Envoy that log alike (Higress). Its operator chooses the keys of the JSON format, so they
 * are matched by what they say: gen_ai.* and genai_* as documented, llm_* as the metadata are called, beside Envoy's own. It has no
 * bodies and no cost; MCP traffic and other routes are skipped. */
export const envoySource: Source = {
  name: "envoy",
  title: "Envoy AI Gateway, access log",
  score: (line) => scoreEntry(unwrap(line)),
  explode: (line) => [unwrap(line)],
  map: mapEntry,
};

/** The gateway writes to its pod's output, which shippers wrap. */
function unwrap(line: unknown): unknown {
  return asRecord(line)?.start_time === undefined ? unwrapLogLine(line) : line;
}

function scoreEntry(line: unknown): number {
  const entry = plainEntry(line);
  if (entry === null) return 0;
  const names = Object.keys(entry);
  const ownNames = names.filter((name) => ENVOY_NAMES.has(name)).length;
  const isAi = names.some((name) => /^gen_?ai_/.test(name)) || namesOf(MODEL, names) || hasCounts(names);
  if (isAi)
    return ownNames >= 3 ? 1 : ownNames >= 1 && names.some((name) => /^gen_?ai_/.test(name)) ? 0.7 : 0;
  return ownNames >= 5 && "response_flags" in entry ? 0.5 : 0;
}

const ENVOY_NAMES = new Set([
  "response_flags",
  "response_code",
  "response_code_details",
  "upstream_cluster",
  "upstream_host",
  "upstream_transport_failure_reason",
  "downstream_remote_address",
  "downstream_local_address",
  "route_name",
  "bytes_received",
  "bytes_sent",
  "start_time",
  "x_request_id",
  "x_envoy_origin_path",
  "x_envoy_upstream_service_time",
]);

const MODEL = [
  "gen_ai_request_model",
  "genai_model_name",
  "genai_request_model",
  "llm_model",
  "x_ai_eg_model",
];
const SERVED = [
  "gen_ai_response_model",
  "genai_response_model",
  "gen_ai_request_model_override",
  "genai_model_name_override",
];
const BACKEND = ["gen_ai_provider_name", "gen_ai_system", "genai_backend_name", "genai_provider_name"];

function namesOf(wanted: readonly string[], names: readonly string[]): boolean {
  return names.some((name) => wanted.includes(name));
}

function hasCounts(names: readonly string[]): boolean {
  return names.some((name) => countOf(name) === "input_tokens") && namesOf(["model"], names);
}

function mapEntry(value: unknown): Mapped {
  const entry = plainEntry(value);
  if (entry === null || scoreEntry(value) === 0)
    return {
      kind: "quarantined",
      reason: "unknown_schema",
      detail: "no gen_ai keys beside those of an Envoy access log",
    };
  const path = (firstString(entry, ["x_envoy_origin_path", "path"]) ?? "").split("?")[0]!;
  const endpoint = readEndpoint(path);
  const asked = firstString(entry, [...MODEL, "model"]);
  const other = otherTraffic(entry, endpoint, path, asked);
  if (other !== null) return { kind: "skipped", reason: "not_an_llm_call", detail: other };
  const provider = providerOf(entry);
  const { usage, raw } = firstUsage([{ raw: usageOf(entry), hint: { provider, convention: "inclusive" } }]);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const outcome = outcomeOf(entry);
  const isCounted = usage !== null && !(outcome.status !== "ok" && isZeroUsage(usage));
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      ...readCallerLabels(custom(entry)),
      id: firstString(entry, ["x_request_id", "request_id"]),
      endpoint: endpoint.kind === "llm" ? endpoint.endpoint : firstString(entry, ["gen_ai_operation_name"]),
      createdAt: readTimestamp(entry.start_time),
      latencyMs: firstNumber(entry, ["duration"]),
      ttftMs: firstNumber(entry, ["llm_first_token_duration"]),
      modelRequested: asked,
      modelServed: firstString(entry, SERVED),
      provider,
      gateway: "envoy",
      usage: isCounted ? usage.usage : null,
      usageRaw: isCounted ? raw : null,
      ...outcome,
    },
  };
}

function otherTraffic(
  entry: JsonRecord,
  endpoint: ReturnType<typeof readEndpoint>,
  path: string,
  model: string | null,
): string | null {
  const method = firstString(entry, ["mcp_method_name", "mcp_method"]);
  if (method !== null && model === null) return `MCP call: ${method}`;
  if (endpoint.kind === "other") return `${endpoint.what}: ${path}`;
  return model === null && endpoint.kind !== "llm" ? `no model and no model API: ${path || "no path"}` : null;
}

/** The backend is the path of an object of the cluster (namespace/name/route/...), named by the operator, unless somebody writes a
 * provider there; the host asked for may be a provider's. */
function providerOf(entry: JsonRecord): string | null {
  const named = firstString(entry, BACKEND);
  return named !== null && !named.includes("/")
    ? canonicalProvider(named)
    : providerOfUrl(firstString(entry, ["authority", "requested_server_name"]));
}

/** @see https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage for the response flags */
function outcomeOf(entry: JsonRecord): Pick<RequestDraft, "status" | "httpStatus" | "errorClass"> {
  const flags = asText(entry.response_flags).split(",");
  const httpStatus = readHttpStatus(entry.response_code);
  if (flags.some((flag) => flag === "DC" || flag === "DR"))
    return { status: "cancelled", httpStatus, errorClass: null };
  const known = flags.map((flag) => FLAG_STATUS.get(flag)).find((status) => status !== undefined);
  const hasFailed = known !== undefined || asNumber(entry.response_code) === 0 || (httpStatus ?? 200) >= 400;
  const { status, errorClass } = httpOutcome({
    httpStatus: known ?? httpStatus,
    hasFailed,
    words: [firstString(entry, ["upstream_transport_failure_reason"])],
  });
  return { status, httpStatus, errorClass };
}

/** Response flags that mean failure, as the HTTP status that says the same. */
const FLAG_STATUS = new Map(
  Object.entries({
    UT: 504,
    SI: 504,
    DT: 504,
    UPE: 502,
    UF: 503,
    UH: 503,
    UO: 503,
    UC: 503,
    UR: 503,
    LR: 503,
    URX: 503,
    NC: 503,
    NR: 404,
    RL: 429,
    RLSE: 500,
    UAEX: 403,
  }),
);

/** Keys that operators add for themselves: headers and attributes named for the caller. */
function custom(entry: JsonRecord): JsonRecord {
  return Object.fromEntries(
    Object.entries(entry).map(([name, value]) => [name.replace(/^(x|request|gen_?ai)_/, ""), value]),
  );
}
