import type { Route } from "./route.js";

/** GET /metrics: counts for Prometheus. */
export const metricsRoute: Route = {
  method: "GET",
  path: "/metrics",
  isAlways: true,
  handle: ({ state: { router, metrics, recent, inFlight } }) => ({
    status: 200,
    text: metrics.text({
      stats: router.stats(),
      artifact: router.artifact,
      inFlight,
      waiting: recent.size(),
    }),
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
  }),
};
