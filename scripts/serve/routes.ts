import { decideRoute } from "./decide-route.js";
import { envoyRoute } from "./envoy-route.js";
import { healthRoute } from "./health-route.js";
import { HttpError } from "./http-error.js";
import { metricsRoute } from "./metrics-route.js";
import { openApiRoute } from "./openapi-route.js";
import { recordRoute } from "./record-route.js";
import type { Route } from "./route.js";

/** Everything that the server answers. */
export const routes: readonly Route[] = [
  decideRoute,
  recordRoute,
  envoyRoute,
  healthRoute,
  metricsRoute,
  openApiRoute,
];

/** The route of a request.
 * @throws {HttpError} 404 with the list of routes, or 405 with the methods that the path takes */
export function findRoute(method: string, path: string): Route {
  const here = routes.filter((route) => isAt(route, path));
  if (here.length === 0) {
    const known = routes.map((route) => `${route.method === "*" ? "any" : route.method} ${route.path}`);
    throw new HttpError(404, "no_such_route", `nothing is here; there is ${known.join(", ")}`);
  }
  const found = here.find((route) => route.method === "*" || methodsOf(route).includes(method));
  if (found !== undefined) return found;
  const allow = here.flatMap(methodsOf).join(", ");
  throw new HttpError(405, "wrong_method", `this path takes ${allow}`, { allow });
}

function isAt({ path: pattern }: Route, path: string): boolean {
  return pattern.endsWith("/*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

function methodsOf({ method }: Route): string[] {
  return method === "GET" ? ["GET", "HEAD"] : [method];
}
