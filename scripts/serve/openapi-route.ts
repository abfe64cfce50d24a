import { openApiDocument } from "./openapi-document.js";
import type { Route } from "./route.js";

/** GET /openapi.json: what the server answers, for programs. */
export const openApiRoute: Route = {
  method: "GET",
  path: "/openapi.json",
  isAlways: true,
  handle: () => ({ status: 200, json: openApiDocument }),
};
