import { decisionHeaders, isOptedOut, looksLikeModelCall, type RouteRequest } from "@signalbox/runtime";
import { checkDecideBody } from "./check-decide-body.js";
import { decideAndKeep } from "./decide-route.js";
import { readBytes } from "./read-json-body.js";
import type { Exchange, Reply, Route } from "./route.js";

/** /envoy/*: an authorisation service for Envoy's `ext_authz` filter over HTTP. Envoy sends the request's method, path, headers and, with
 * `with_request_body`, its body; it is always told to go on, with the decision in `x-signalbox-*` headers where there is one, since
 * any other status would fail the user's request.
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/ext_authz/v3/ext_authz.proto */
export const envoyRoute: Route = {
  method: "*",
  path: "/envoy/*",
  async handle(exchange): Promise<Reply> {
    const { request, requestId, state } = exchange;
    const body = await readBody(exchange);
    if (body === null || request.method !== "POST" || isOptedOut(request.headers)) return { status: 200 };
    return {
      status: 200,
      headers: decisionHeaders(decideAndKeep(state, { requestId, ...body }), "x-signalbox-model"),
    };
  },
};

/** The body of a model call; null for anything else, such as one that Envoy cut off. */
async function readBody({ request, state }: Exchange): Promise<RouteRequest | null> {
  try {
    const body: RouteRequest = JSON.parse((await readBytes(request, state.maxBodyBytes)).toString("utf8"));
    if (!looksLikeModelCall(body)) return null;
    checkDecideBody(body);
    return body;
  } catch {
    return null;
  }
}
