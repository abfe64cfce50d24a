import type { ErrorClass } from "@signalbox/runtime";
import type { LostPart } from "./lost-part.js";
import type { StaticModel } from "./static-policy.js";

const statusesOf: Partial<Record<ErrorClass, number[]>> = {
  rate_limited: [429],
  overloaded: [500, 502, 503, 529],
  timeout: [408, 504],
  auth: [401, 403],
};

/** HTTP statuses after which a gateway that knows nothing finer goes to another model, and the order it does so in.
 * @param model whose failures are meant */
export function statusFallbacks({ fallbacks }: StaticModel): { statuses: number[]; models: string[] } {
  const classes = (Object.keys(statusesOf) as ErrorClass[]).filter((name) => fallbacks[name].length > 0);
  return {
    statuses: classes.flatMap((name) => statusesOf[name]!),
    models: fallbacks[classes[0] ?? "overloaded"],
  };
}

/** What of the fallbacks gets lost where only statuses are seen. */
export function lostFallbacks(models: readonly StaticModel[]): LostPart[] {
  const differs = models.some((model) => {
    const lists = Object.keys(statusesOf).map((name) => model.fallbacks[name as ErrorClass]);
    return new Set(lists.filter((list) => list.length > 0).map(String)).size > 1;
  });
  const byStatus400 = models.some(
    ({ fallbacks }) => fallbacks.context_length.length > 0 || fallbacks.content_filter.length > 0,
  );
  return [
    ...(differs
      ? [{ what: "an order of fallbacks per class of error", why: "one order holds for every status" }]
      : []),
    ...(byStatus400
      ? [
          {
            what: "fallbacks after too long a context or a content filter",
            why: "both come as status 400, as requests do that no model can answer",
          },
        ]
      : []),
  ];
}
