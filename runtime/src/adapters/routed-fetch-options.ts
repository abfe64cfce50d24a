import type { RouteRequest } from "../request/request.js";
import type { Fields } from "../request/request-fields.js";
import type { Router } from "../router/router.js";
import type { ResponseShadow } from "../shadow/response-shadow.js";
import type { Api, Protocol } from "./detect-api.js";

/** A function that is called as `fetch` is. */
export type FetchFunction = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** What a routed fetch needs of a router. */
export type RoutingRouter = Pick<Router, "decide" | "record" | "fallbacksAfter" | "policy">;

/** Where a model is served, when not where the caller's SDK points. */
export interface Endpoint {
  protocol: Protocol;
  /** As the vendor's SDK takes it: `https://host/v1` for OpenAI's protocol, `https://host` for Anthropic's. The call's own when absent. */
  baseUrl?: string;
  /** Set over the call's headers, such as `authorization`. To another origin the call's credentials don't go along. */
  headers?: Readonly<Record<string, string>>;
}

/** A call that may be routed, as `sessionOf` and `metaOf` see it. Read it, don't change it. */
export interface RoutableRequest {
  api: Api;
  url: string;
  /** Without the headers that are meant for the router. */
  headers: Headers;
  body: Readonly<Fields>;
}

/** How calls are routed. */
export interface RoutedFetchOptions {
  router: RoutingRouter;
  /** Makes the calls; the global `fetch` when absent. */
  fetch?: FetchFunction;
  /** "serve" (default) sends each call to the model that the router chooses; "observe" changes nothing and logs what it would choose. */
  mode?: "serve" | "observe";
  /** Models that the caller's own endpoint serves; all when absent. */
  models?: readonly string[];
  /** Models that are served elsewhere. */
  endpoints?: Readonly<Record<string, Endpoint>>;
  /** Most calls of one request to models of the router's choice, 1 or more; 2 when absent. The caller's own model comes on top. */
  maxAttempts?: number;
  /** Milliseconds that a model other than the caller's own has until its response starts; then the next one is tried. No limit when absent. */
  attemptTimeoutMs?: number;
  /** Session of a call; the header `x-signalbox-session` goes before it. */
  sessionOf?: (request: RoutableRequest) => string | null | undefined;
  /** Facts for rules and slices; headers `x-signalbox-meta-NAME` go before them. */
  metaOf?: (request: RoutableRequest) => RouteRequest["meta"];
  /** Ask for usage in chat streams whose caller didn't, and take the extra chunk out again; false when absent. */
  includeUsage?: boolean;
  /** Switch models even where a request leans on what the provider keeps (`previous_response_id`, ...); false when absent. */
  switchesState?: boolean;
  /** Calls the other model of sampled requests after the user was served. */
  shadow?: ResponseShadow;
}

/** Why a call went through as it was. */
export type PassReason =
  /** No chat completion, response or message. */
  | "other_call"
  /** The caller said `x-signalbox-route: off`. */
  | "opted_out"
  /** A body that can be read only once, or isn't a JSON object that names a model. */
  | "unreadable_body"
  /** The router or this adapter failed. */
  | "fault";

/** Counts since the routed fetch was made. */
export interface RoutedFetchStats {
  /** Calls that the router was asked about. */
  routed: number;
  /** Of these, calls whose first model was another than the caller's. */
  switched: number;
  /** Calls of further models after a failure. */
  fallbacks: number;
  /** Requests that no model answered. */
  failed: number;
  /** Requests that the caller gave up. */
  aborted: number;
  passed: Record<PassReason, number>;
}
