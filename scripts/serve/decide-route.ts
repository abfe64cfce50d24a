import { type Decision, decisionHeaders, type RouteRequest } from "@signalbox/runtime";
import { checkDecideBody } from "./check-decide-body.js";
import { readJsonBody } from "./read-json-body.js";
import type { Exchange, Reply, Route, ServerState } from "./route.js";

/** POST /decide: the body of a model call, in any provider's shape, or `{ prompt }`; answers the decision. */
export const decideRoute: Route = {
  method: "POST",
  path: "/decide",
  async handle({ request, query, requestId, state }: Exchange): Promise<Reply> {
    const body: RouteRequest = await readJsonBody(request, state.maxBodyBytes);
    checkDecideBody(body);
    const decision = decideAndKeep(state, { requestId, ...body });
    const isExplained = ["1", "true"].includes(query.get("explain") ?? "");
    const json = isExplained ? { ...decision, explanation: explain(decision) } : decision;
    return { status: 200, json, headers: decisionHeaders(decision, "x-signalbox-model") };
  },
};

/** Decide, count, and keep the decision for its result. */
export function decideAndKeep({ router, metrics, recent }: ServerState, request: RouteRequest): Decision {
  const decision = router.decide(request);
  metrics.countDecision(decision);
  recent.add(decision);
  return decision;
}

/** What each model had to say for itself, best choice first. */
function explain({ model, fallbacks, sufficiency, reasons }: Decision) {
  const models = [...new Set([model, ...fallbacks, ...Object.keys(sufficiency)])];
  return {
    models: models.map((name) => ({
      model: name,
      chosen: name === model,
      fallback: fallbacks.indexOf(name) + 1 || null,
      sufficiency: sufficiency[name] ?? null,
    })),
    reasons: reasons.map((reason) => {
      const [code, ...detail] = reason.split(":");
      return { code, detail: detail.length === 0 ? null : detail.join(":") };
    }),
  };
}
