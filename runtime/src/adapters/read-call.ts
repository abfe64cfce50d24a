import { type Fields, recordOf } from "../request/request-fields.js";
import { type Api, detectApi } from "./detect-api.js";
import { readBody } from "./read-body.js";
import type { PassReason } from "./routed-fetch-options.js";
import { type RoutingHeaders, readRoutingHeaders } from "./routing-headers.js";

/** A call that the router can be asked about. */
export interface RoutableCall {
  api: Api;
  url: string;
  /** All of the call but its URL and body; without the headers for the router. */
  init: RequestInit;
  headers: Headers;
  routing: RoutingHeaders;
  /** The body as it was given, as text, and parsed. */
  rawBody: RequestInit["body"];
  text: string;
  body: Fields;
  /** The model that the caller asks for. */
  model: string;
  signal: AbortSignal | null;
}

/** A call that goes through as it is, but for the headers that are meant for the router. */
export interface PassedCall {
  passes: PassReason;
  input: string | URL | Request;
  init: RequestInit | undefined;
}

/** Read a call of `fetch` far enough to route it.
 * @throws whatever `new Headers` throws for headers that `fetch` would refuse, too */
export async function readCall(
  input: string | URL | Request,
  init: RequestInit | undefined,
): Promise<RoutableCall | PassedCall> {
  const request = input instanceof Request ? input : null;
  const url = request?.url ?? String(input);
  const api = detectApi(init?.method ?? request?.method ?? "GET", url);
  const routing = readRoutingHeaders(init?.headers ?? request?.headers);
  const { headers } = routing;
  const passed = (passes: PassReason): PassedCall =>
    routing.isCleaned ? { passes, input, init: { ...init, headers } } : { passes, input, init };
  if (api === null) return passed("other_call");
  if (routing.isOff) return passed("opted_out");
  const rawBody = init?.body ?? (request === null ? null : await readRequest(request));
  const text = headers.has("content-encoding") ? null : await readBody(rawBody);
  const body = text === null ? null : parseBody(text);
  if (text === null || body === null) return passed("unreadable_body");
  const signal = init?.signal ?? request?.signal ?? null;
  return {
    api,
    url,
    init: { ...(request === null ? {} : initOf(request)), ...init, method: "POST", signal },
    headers,
    routing,
    rawBody,
    text,
    body,
    model: body.model,
    signal,
  };
}

/** The body of a copy, so that the request itself can still be sent; null when it is used up already. */
async function readRequest(request: Request): Promise<ArrayBuffer | null> {
  return request.bodyUsed || request.body === null ? null : await request.clone().arrayBuffer();
}

function initOf({ redirect, credentials, keepalive, integrity }: Request): RequestInit {
  return { redirect, credentials, keepalive, integrity };
}

function parseBody(text: string): (Fields & { model: string }) | null {
  try {
    const body = recordOf(JSON.parse(text));
    return typeof body.model === "string" && !Array.isArray(body)
      ? (body as Fields & { model: string })
      : null;
  } catch {
    return null;
  }
}
