import type { IncomingMessage } from "node:http";
import type { Router } from "@signalbox/runtime";
import type { RecentDecisions } from "./recent-decisions.js";
import type { ServerMetrics } from "./server-metrics.js";

/** What the handlers of one server share. */
export interface ServerState {
  router: Router;
  recent: RecentDecisions;
  metrics: ServerMetrics;
  maxBodyBytes: number;
  /** Whether a router without an artifact may answer with its default model. */
  failsOpen: boolean;
  isStopping: boolean;
  /** Requests that are being answered. */
  inFlight: number;
}

/** One request. */
export interface Exchange {
  request: IncomingMessage;
  /** Without its query. */
  path: string;
  query: URLSearchParams;
  /** The caller's `x-request-id`, or one made up. */
  requestId: string;
  state: ServerState;
}

/** What is answered: a JSON document, a text, or headers alone. */
export interface Reply {
  status: number;
  json?: unknown;
  text?: string;
  headers?: Record<string, string>;
}

/** One thing that the server answers. */
export interface Route {
  /** "*" = whatever method. */
  method: "GET" | "POST" | "*";
  /** A path, or with `/*` at its end everything below it. */
  path: string;
  /** Whether it is answered however busy the server is. */
  isAlways?: boolean;
  handle(exchange: Exchange): Reply | Promise<Reply>;
}
