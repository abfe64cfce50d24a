import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Router } from "@signalbox/runtime";
import { HttpError } from "./http-error.js";
import { listen } from "./listen.js";
import { keepRecentDecisions } from "./recent-decisions.js";
import type { Exchange, Reply, Route, ServerState } from "./route.js";
import { findRoute } from "./routes.js";
import { openServerMetrics } from "./server-metrics.js";

/** What a server is told. */
export interface DecisionServerOptions {
  router: Router;
  host: string;
  /** 0 = a free one. */
  port: number;
  maxBodyBytes: number;
  /** Requests that are answered at the same time; beyond it 503. */
  maxConcurrency: number;
  failsOpen: boolean;
  /** How long a caller may take over its headers, and over its whole request. */
  headersTimeoutMs?: number;
  requestTimeoutMs?: number;
  clock?: () => number;
}

/** A server that listens. */
export interface DecisionServer {
  url: string;
  /** Take no more connections, finish what is being answered, log what waits.
   * @returns whether all that was in time; otherwise connections were cut */
  stop(deadlineMs: number): Promise<boolean>;
}

// Half of what the file log queues: all of them are written at once when the server stops.
const decisionsWaiting = 5_000;
const longestWaitMs = 600_000;

/** Start a sidecar that decides over HTTP; docs/serve.md has its routes. No request's content goes to a log. */
export async function startDecisionServer(options: DecisionServerOptions): Promise<DecisionServer> {
  const { router, host, port, clock = Date.now } = options;
  const state: ServerState = {
    router,
    recent: keepRecentDecisions({
      capacity: decisionsWaiting,
      maxAgeMs: longestWaitMs,
      clock,
      onLeft: (decision) => router.record(decision),
    }),
    metrics: openServerMetrics(),
    maxBodyBytes: options.maxBodyBytes,
    failsOpen: options.failsOpen,
    isStopping: false,
    inFlight: 0,
  };
  const server = createServer({
    headersTimeout: options.headersTimeoutMs ?? 10_000,
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    connectionsCheckingInterval: Math.min(1_000, options.headersTimeoutMs ?? 1_000),
    keepAliveTimeout: 65_000,
  });
  server.on("request", (request, response) => void answer(state, options.maxConcurrency, request, response));
  await listen(server, port, host);
  const { address, family, port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${taken}`,
    stop: (deadlineMs) => stop(server, state, deadlineMs),
  };
}

async function answer(
  state: ServerState,
  maxConcurrency: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = "/", ...search] = (request.url ?? "/").split("?");
  const query = new URLSearchParams(search.join("?"));
  const exchange = { request, path, query, requestId: readRequestId(request), state };
  state.inFlight += 1;
  const { route, reply } = await replyTo(exchange, maxConcurrency);
  state.inFlight -= 1;
  state.metrics.countRequest(route, reply.status);
  send(exchange, response, reply);
}

async function replyTo(exchange: Exchange, maxConcurrency: number): Promise<{ route: string; reply: Reply }> {
  const { request, path, requestId, state } = exchange;
  let route: Route | null = null;
  try {
    route = findRoute(request.method ?? "GET", path);
    if (state.inFlight > maxConcurrency && route.isAlways !== true) throw busy();
    return { route: route.path, reply: await route.handle(exchange) };
  } catch (error) {
    return { route: route?.path ?? "none", reply: refusal(error, requestId) };
  }
}

/** The caller's id, when a header and a log line can hold it. */
function readRequestId({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && /^[\x21-\x7e]{1,128}$/.test(given) ? given : randomUUID();
}

function busy(): HttpError {
  return new HttpError(503, "busy", "too many requests are being answered", { "retry-after": "1" });
}

function refusal(error: unknown, requestId: string): Reply {
  const known =
    error instanceof HttpError
      ? error
      : new HttpError(500, "internal", "the server failed; the router did not");
  return {
    status: known.status,
    json: { error: { code: known.code, message: known.message, requestId } },
    headers: known.headers,
  };
}

function send(
  { request, requestId, state }: Exchange,
  response: ServerResponse,
  { status, json, text, headers }: Reply,
): void {
  const body = json === undefined ? (text ?? "") : JSON.stringify(json);
  // What a caller still sends of a refused body would be taken for its next request.
  const mustClose = state.isStopping || !request.complete;
  response
    .writeHead(status, {
      "x-request-id": requestId,
      "cache-control": "no-store",
      "content-length": Buffer.byteLength(body),
      ...(json === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
      ...headers,
      ...(mustClose ? { connection: "close" } : {}),
    })
    .end(request.method === "HEAD" ? undefined : body);
  request.resume();
}

async function stop(server: Server, state: ServerState, deadlineMs: number): Promise<boolean> {
  state.isStopping = true;
  const closed = new Promise<boolean>((resolve) => server.close(() => resolve(true)));
  server.closeIdleConnections();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), deadlineMs);
  });
  const inTime = await Promise.race([closed, late]);
  server.closeAllConnections();
  state.recent.clear();
  const flushed = state.router.flush().then(() => true);
  const isWhole = await Promise.race([flushed, late]);
  clearTimeout(timer);
  return inTime && isWhole;
}
