import type { HttpRequest, HttpResponse, HttpRoutingOptions, RoutedRequest } from "./http-shapes.js";
import { routeHttpRequest } from "./route-http-request.js";

export type { HttpRequest, HttpResponse, HttpRoutingOptions, RoutedRequest } from "./http-shapes.js";

/** Make a middleware for Express that decides for each POST whose JSON body is a model call. The handler finds the decision as
 * `request.signalbox`; what it passes to `request.signalbox.record` is logged with it when the response has ended. Mount it behind
 * `express.json()`. No request fails because of it: one that it can't route goes on without `signalbox`. */
export function expressRouting<Request extends HttpRequest>(
  options: HttpRoutingOptions<Request>,
): (
  request: Request & { signalbox?: RoutedRequest },
  response: HttpResponse,
  next: (error?: unknown) => void,
) => void {
  return (request, response, next) => {
    const routed = routeHttpRequest(options, request, response);
    if (routed !== null) request.signalbox = routed;
    next();
  };
}
