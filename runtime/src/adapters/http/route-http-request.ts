import type { CallResult } from "../../log/decision-record.js";
import type { RouteRequest } from "../../request/request.js";
import { recordOf } from "../../request/request-fields.js";
import { classifyError } from "../../router/classify-error.js";
import { decisionHeaders, isOptedOut } from "../decision-headers.js";
import type { HttpRequest, HttpResponse, HttpRoutingOptions, RoutedRequest } from "./http-shapes.js";
import { looksLikeModelCall } from "./looks-like-model-call.js";

/** Decide for one incoming request, and record the decision when its response has ended.
 * @returns null for a request that is no model call, that asks not to be routed, or whose routing failed; never throws */
export function routeHttpRequest<Request extends HttpRequest>(
  options: HttpRoutingOptions<Request>,
  request: Request,
  response: HttpResponse,
): RoutedRequest | null {
  try {
    if (request.method !== "POST" || isOptedOut(request.headers)) return null;
    const isModelCall = options.isModelCall ?? looksLikeModelCall;
    if (!isModelCall(request.body, request)) return null;
    return openRoute(options, request, response);
  } catch {
    return null;
  }
}

function openRoute<Request extends HttpRequest>(
  options: HttpRoutingOptions<Request>,
  request: Request,
  response: HttpResponse,
): RoutedRequest {
  const { router, sendHeaders = true } = options;
  const started = performance.now();
  const decision = router.decide(requestOf(options, request));
  let result: CallResult = {};
  response.once("close", () => {
    router.record(decision, { latencyMs: performance.now() - started, ...outcomeOf(response), ...result });
  });
  if (sendHeaders) {
    for (const [name, value] of Object.entries(decisionHeaders(decision))) response.setHeader(name, value);
  }
  return {
    decision,
    record: (more) => {
      result = { ...result, ...more };
    },
  };
}

/** The body without what only the server may say. */
function requestOf<Request extends HttpRequest>(
  { sessionOf, metaOf, limitsOf }: HttpRoutingOptions<Request>,
  request: Request,
): RouteRequest {
  const body = recordOf(request.body);
  const { "x-request-id": requestId } = request.headers;
  return {
    requestId: typeof requestId === "string" ? requestId : undefined,
    ...body,
    meta: metaOf?.(request),
    allowModels: undefined,
    denyModels: undefined,
    regions: undefined,
    retention: undefined,
    maxCostUsd: undefined,
    ...limitsOf?.(request),
    ...(sessionOf === undefined ? {} : { sessionId: sessionOf(request) }),
  };
}

/** What the response says of a call whose handler said nothing. */
function outcomeOf({ writableFinished, statusCode }: HttpResponse): CallResult {
  if (!writableFinished) return { error: "connection_closed" };
  if (statusCode < 400) return {};
  return { error: statusCode, errorClass: classifyError(null, statusCode) };
}
