import { apiPaths } from "./detect-api.js";
import type { RoutableCall } from "./read-call.js";
import { rewriteField } from "./rewrite-body.js";
import type { Endpoint, FetchFunction, RoutedFetchOptions } from "./routed-fetch-options.js";

/** What differs from the caller's call. */
export interface SendChanges {
  model: string;
  /** Body as text; null = the caller's own, with another model where it isn't the same. */
  text?: string | null;
  signal?: AbortSignal | null;
  /** Place among the calls of one request, from 0: an idempotency key must not come back with another body. Null = none of its calls. */
  attempt: number | null;
}

const credentials = [
  "authorization",
  "x-api-key",
  "api-key",
  "cookie",
  "proxy-authorization",
  "openai-organization",
  "openai-project",
];

/** Send a call to a model, at the endpoint that is named for it. */
export function sendCall(
  { endpoints, fetch = globalFetch }: Pick<RoutedFetchOptions, "endpoints" | "fetch">,
  call: RoutableCall,
  { model, text = null, signal = call.signal, attempt }: SendChanges,
): Promise<Response> {
  const endpoint = endpoints !== undefined && Object.hasOwn(endpoints, model) ? endpoints[model]! : null;
  const isOwn = model === call.model && text === null;
  const body = isOwn ? call.rawBody : (text ?? rewriteField(call.text, "model", model));
  const url = endpoint?.baseUrl === undefined ? call.url : addressOf(endpoint.baseUrl, call);
  const headers = headersFor(call, endpoint, url, attempt);
  if (!isOwn) {
    headers.delete("content-length");
    if (!headers.has("content-type")) headers.set("content-type", "application/json");
  }
  return fetch(url, { ...call.init, headers, body, signal });
}

const globalFetch: FetchFunction = (input, init) => globalThis.fetch(input, init);

function addressOf(baseUrl: string, { api, url }: RoutableCall): string {
  const query = url.indexOf("?");
  return baseUrl.replace(/\/+$/, "") + apiPaths[api] + (query < 0 ? "" : url.slice(query));
}

function headersFor(
  call: RoutableCall,
  endpoint: Endpoint | null,
  url: string,
  attempt: number | null,
): Headers {
  const headers = new Headers(call.headers);
  if (originOf(url) !== originOf(call.url)) for (const name of credentials) headers.delete(name);
  const key = headers.get("idempotency-key");
  if (attempt === null) headers.delete("idempotency-key");
  else if (key !== null && attempt > 0) headers.set("idempotency-key", `${key}-${attempt}`);
  for (const [name, value] of Object.entries(endpoint?.headers ?? {})) headers.set(name, value);
  return headers;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
