import type { HttpRequest, HttpResponse, HttpRoutingOptions, RoutedRequest } from "./http-shapes.js";
import { routeHttpRequest } from "./route-http-request.js";

export type { HttpRequest, HttpResponse, HttpRoutingOptions, RoutedRequest } from "./http-shapes.js";

/** The part of a Fastify reply that is used. */
export interface FastifyReplyShape {
  header(name: string, value: string): unknown;
  raw: Pick<HttpResponse, "statusCode" | "writableFinished" | "once">;
}

/** The part of a Fastify instance that is used. */
export interface FastifyShape<Request> {
  decorateRequest(name: "signalbox", value: null): unknown;
  addHook(
    name: "preHandler",
    hook: (request: Request, reply: FastifyReplyShape, done: () => void) => void,
  ): unknown;
}

/** Make a plugin for Fastify that decides for each POST whose JSON body is a model call: `app.register(fastifyRouting({ router }))`. It
 * applies to every route that is added after it, as a plugin wrapped by fastify-plugin does. The handler finds the decision as
 * `request.signalbox`, null where there is none; what it passes to `request.signalbox.record` is logged with it when the response has
 * ended. No request fails because of it. */
export function fastifyRouting<Request extends HttpRequest>(
  options: HttpRoutingOptions<Request>,
): (fastify: FastifyShape<Request>, pluginOptions: unknown, done: () => void) => void {
  const plugin = (fastify: FastifyShape<Request>, _: unknown, done: () => void) => {
    fastify.decorateRequest("signalbox", null);
    fastify.addHook("preHandler", (request, reply, next) => {
      const routed = routeHttpRequest(options, request, responseOf(reply));
      if (routed !== null) (request as Request & { signalbox: RoutedRequest }).signalbox = routed;
      next();
    });
    done();
  };
  return Object.assign(plugin, { [Symbol.for("skip-override")]: true });
}

function responseOf(reply: FastifyReplyShape): HttpResponse {
  const { raw } = reply;
  return {
    get statusCode() {
      return raw.statusCode;
    },
    get writableFinished() {
      return raw.writableFinished;
    },
    setHeader: (name, value) => reply.header(name, value),
    once: (event, listener) => raw.once(event, listener),
  };
}
