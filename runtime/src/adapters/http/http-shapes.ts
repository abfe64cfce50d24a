import type { CallResult } from "../../log/decision-record.js";
import type { RouteRequest } from "../../request/request.js";
import type { Decision } from "../../router/decision.js";
import type { DecidingRouter } from "../deciding-router.js";

/** The part of an incoming request that is read; Express's and Fastify's have it. */
export interface HttpRequest {
  method?: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON. */
  body?: unknown;
}

/** The part of a response that is used. */
export interface HttpResponse {
  readonly statusCode: number;
  /** False when its connection was closed before the end. */
  readonly writableFinished: boolean;
  setHeader(name: string, value: string): unknown;
  once(event: "close", listener: () => void): unknown;
}

/** What a handler finds as `request.signalbox`. */
export interface RoutedRequest {
  decision: Decision;
  /** Add to what is recorded when the response has ended: usage, served model, finish reason, ... */
  record(result: CallResult): void;
}

/** How a server's requests are routed. */
export interface HttpRoutingOptions<Request extends HttpRequest = HttpRequest> {
  router: DecidingRouter;
  /** Whether a POST body is a model call; one with `messages`, `contents`, `input` or `prompt` when absent. */
  isModelCall?: (body: unknown, request: Request) => boolean;
  /** Conversation id; the body's own when absent. */
  sessionOf?: (request: Request) => string | null | undefined;
  /** Facts for rules and slices, from what the server knows of its caller. Those in a body are not believed. */
  metaOf?: (request: Request) => RouteRequest["meta"];
  /** Limits that the server sets: allowed models, regions, retention, cost. Those in a body are not believed. */
  limitsOf?: (
    request: Request,
  ) => Pick<RouteRequest, "allowModels" | "denyModels" | "regions" | "retention" | "maxCostUsd">;
  /** Whether the decision is told to the caller in `x-signalbox-*` headers; true when absent. */
  sendHeaders?: boolean;
}
