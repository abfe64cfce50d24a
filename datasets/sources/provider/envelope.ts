import {
  asArray,
  asRecord,
  asRecords,
  asString,
  asText,
  firstNumber,
  firstOf,
  firstString,
  type JsonRecord,
  parseEmbedded,
} from "../json-access.js";
import { readAnswer } from "./answer.js";
import { readEndpoint } from "./endpoint.js";
import { isStreamText } from "./stream-events.js";

/** One logged HTTP exchange, whatever names its log uses. Bodies are parsed where they are JSON, else text. */
export interface Envelope {
  request: unknown;
  response: unknown;
  /** The parts of the log line beside the bodies. */
  fields: JsonRecord;
  requestHeaders: JsonRecord | null;
  responseHeaders: JsonRecord | null;
  url: string | null;
  host: string | null;
  /** Path without its query; null when the log has no address. */
  path: string | null;
  method: string | null;
  httpStatus: number | null;
  /** The logger's own word about a failure. */
  error: string | null;
  isBatch: boolean;
}

/** Find request, response and what stands around them in one line of a home-made proxy log, an SDK middleware's log, a HAR
 * entry, a batch API's output, or a line that is the response alone. Never throws. */
export function readEnvelope(record: JsonRecord): Envelope {
  const batch = readBatch(record);
  if (batch !== null) return batch;
  if (isBareAnswer(record)) return { ...empty(record), response: record };
  const request = unwrapHttp(firstOf(record, REQUEST), REQUEST_BODY);
  const response = unwrapHttp(firstOf(record, RESPONSE), RESPONSE_BODY);
  const isFlatRequest = request.body === undefined && isRequestBody(record);
  const address = readAddress(record, request.http);
  return {
    ...empty(record),
    ...address,
    request: isFlatRequest ? record : (request.body ?? null),
    response: response.body ?? null,
    requestHeaders: headersOf(record, request.http, ["request_headers", "requestHeaders", "req_headers"]),
    responseHeaders: headersOf(record, response.http, [
      "response_headers",
      "responseHeaders",
      "res_headers",
      "headers",
    ]),
    method: firstString(record, METHOD) ?? firstString(request.http, METHOD),
    httpStatus: statusOf(record) ?? statusOf(response.http),
    error: errorText(firstOf(record, ["error", "exception", "error_message", "errorMessage", "failure"])),
  };
}

/** The first value of a header, whatever its case; headers may be an object or a list of {name, value}. */
export function headerOf(headers: JsonRecord | null, name: string): string | null {
  for (const [key, value] of Object.entries(headers ?? {})) {
    if (key.toLowerCase() === name) return asString(value) ?? asString(asArray(value)?.[0]);
  }
  return null;
}

/** Whether a record looks like a request body of a model API. */
export function isRequestBody(record: JsonRecord | null): boolean {
  if (record === null) return false;
  return [
    "messages",
    "contents",
    "inputText",
    "prompt",
    "inputs",
    "input",
    "message",
    "texts",
    "requests",
  ].some((name) => {
    const value = record[name];
    return (typeof value === "string" && (name !== "message" || "model" in record)) || Array.isArray(value);
  });
}

/** Whether a record is a provider's response body as it stands. */
export function isBareAnswer(record: JsonRecord): boolean {
  if (
    typeof record.object === "string" &&
    /^(chat\.completion|text_completion|response)$/.test(record.object)
  )
    return true;
  if (record.type === "message" && record.role === "assistant" && Array.isArray(record.content)) return true;
  if (Array.isArray(record.candidates) && ("usageMetadata" in record || "modelVersion" in record))
    return true;
  if (Array.isArray(record.choices) && "model" in record && !("messages" in record)) return true;
  return record.object === "list" && "usage" in record && readAnswer(record).isAnswer;
}

const REQUEST = [
  "request_body",
  "requestBody",
  "full_request",
  "request_payload",
  "requestPayload",
  "request",
  "req",
  "input",
  "payload",
  "params",
  "kwargs",
  "body",
];
const RESPONSE = [
  "response_body",
  "responseBody",
  "full_response",
  "response_payload",
  "responsePayload",
  "response",
  "resp",
  "res",
  "output",
  "completion",
  "result",
];
const REQUEST_BODY = ["body", "json", "postData", "data", "payload", "content", "text"];
const RESPONSE_BODY = ["body", "json", "data", "payload", "content", "text"];
const METHOD = ["method", "http_method", "httpMethod", "request_method", "verb"];
const STATUS = [
  "status",
  "status_code",
  "statusCode",
  "http_status",
  "httpStatus",
  "response_status",
  "responseStatus",
  "response_code",
  "code",
];
const URL_NAMES = [
  "url",
  "uri",
  "request_url",
  "requestUrl",
  "request_uri",
  "full_url",
  "endpoint_url",
  "target",
  "api_base",
  "base_url",
];
const PATH = ["path", "request_path", "requestPath", "route", "endpoint", "pathname", "uri_path"];
const HOST = ["host", "hostname", "server", "upstream", "upstream_host", "authority"];

function empty(record: JsonRecord): Envelope {
  return {
    request: null,
    response: null,
    fields: record,
    requestHeaders: null,
    responseHeaders: null,
    url: null,
    host: null,
    path: null,
    method: null,
    httpStatus: null,
    error: null,
    isBatch: false,
  };
}

/** OpenAI batch output {custom_id, response: {status_code, body}, error}; Anthropic's {custom_id, result: {type, message | error}}. */
function readBatch(record: JsonRecord): Envelope | null {
  if (asString(record.custom_id) === null) return null;
  const base = { ...empty(record), isBatch: true };
  const result = asRecord(record.result);
  if (result !== null) {
    const failure =
      asString(result.type) === "succeeded"
        ? null
        : (readAnswer(asRecord(result.error) ?? {}).error ?? asString(result.type));
    return { ...base, response: result.message ?? null, error: failure };
  }
  const response = asRecord(record.response);
  const error = asRecord(record.error);
  if (response === null && error === null) return null;
  return {
    ...base,
    response: response?.body ?? null,
    httpStatus: firstNumber(response, STATUS),
    error: error === null ? null : errorText(error),
  };
}

interface Unwrapped {
  body: unknown;
  /** The HTTP message around the body, when there was one. */
  http: JsonRecord | null;
}

function unwrapHttp(value: unknown, names: string[]): Unwrapped {
  if (value === undefined) return { body: undefined, http: null };
  const parsed = parseBody(value);
  const record = asRecord(parsed);
  if (record === null || isBareAnswer(record) || isModelBody(record)) return { body: parsed, http: null };
  const isHttp = [
    "headers",
    "status",
    "status_code",
    "statusCode",
    "url",
    "method",
    "mimeType",
    "httpVersion",
  ].some((name) => name in record);
  const inner = firstOf(record, names);
  if (inner === undefined) return { body: isHttp ? undefined : parsed, http: record };
  if (!isHttp && !("body" in record) && !("json" in record)) return { body: parsed, http: null };
  return { body: parseBody(harText(record) ?? inner), http: record };
}

/** HAR keeps the text of a body one level deeper: postData.text, content.text beside content.mimeType. */
function harText(message: JsonRecord): string | null {
  const content = asRecord(message.content);
  return (
    asString(asRecord(message.postData)?.text) ??
    (content !== null && "mimeType" in content ? asString(content.text) : null)
  );
}

function isModelBody(record: JsonRecord): boolean {
  return "model" in record || isRequestBody(record) || (readAnswer(record).isAnswer && !("body" in record));
}

/** Streams stay text for the stream reader; JSON text is parsed. */
function parseBody(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return isStreamText(value) ? value : parseEmbedded(value);
}

/** A base address alone says less than a path beside it, so the path that names an operation wins. */
function readAddress(record: JsonRecord, http: JsonRecord | null): Pick<Envelope, "url" | "host" | "path"> {
  const written = [record, http].flatMap((from) =>
    [...URL_NAMES, ...PATH].map((name) => asString(from?.[name]) ?? ""),
  );
  const absolute = written.find((text) => /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && URL.canParse(text));
  const url = absolute === undefined ? null : new URL(absolute);
  const paths = [
    ...(url === null ? [] : [url.pathname]),
    ...written.filter((text) => text.startsWith("/")),
  ].map((text) => text.split("?")[0]!);
  const host = url?.hostname ?? firstString(record, HOST) ?? firstString(http, HOST);
  return {
    url: url?.href ?? (host === null ? null : `https://${host}`),
    host,
    path:
      paths.find((path) => readEndpoint(path).kind !== "unknown") ??
      paths.find((path) => path !== "/") ??
      null,
  };
}

function headersOf(record: JsonRecord, http: JsonRecord | null, names: string[]): JsonRecord | null {
  const found = parseEmbedded(firstOf(http, ["headers"]) ?? firstOf(record, names));
  const list = asArray(found);
  if (list === null) return asRecord(found);
  const pairs = [
    ...asRecords(list).map((header) => [asText(header.name ?? header.key), header.value] as const),
    ...list.flatMap((header) =>
      Array.isArray(header) && header.length === 2 ? [[asText(header[0]), header[1]] as const] : [],
    ),
  ];
  return Object.fromEntries(pairs);
}

function statusOf(record: JsonRecord | null): number | null {
  const status = firstNumber(record, STATUS);
  return status !== null && Number.isInteger(status) && status >= 100 && status < 600 ? status : null;
}

function errorText(value: unknown): string | null {
  if (typeof value === "string") return asString(value);
  const record = asRecord(value);
  return record === null ? null : readAnswer({ error: record }).error;
}
