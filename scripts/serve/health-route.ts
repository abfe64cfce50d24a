import type { Route } from "./route.js";

/** GET /health: whether requests should be sent here. 503 while stopping, and without an artifact unless the server fails open. */
export const healthRoute: Route = {
  method: "GET",
  path: "/health",
  isAlways: true,
  handle({ state }) {
    const { router, isStopping, failsOpen } = state;
    const isReady = !isStopping && (router.artifact !== null || failsOpen);
    const status = isStopping ? "stopping" : router.artifact !== null ? "ok" : "no_artifact";
    return {
      status: isReady ? 200 : 503,
      json: { status, live: true, ready: isReady, artifact: router.artifact },
    };
  },
};
