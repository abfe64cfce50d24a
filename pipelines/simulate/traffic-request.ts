import type { Message, RouteRequest } from "@signalbox/runtime";
import type { TrafficRow } from "./traffic-row.js";

/** Tools and images that are made up for a row at most: a router asks whether there are any. */
const mostParts = 1_000;

/** What production would have handed to the router. Tools and images are known by number only.
 * @throws {SyntaxError | TypeError} when the earlier turns are no JSON list */
export function trafficRequest(
  row: Pick<
    TrafficRow,
    | "session_id"
    | "system_text"
    | "user_text"
    | "history_json"
    | "n_tools"
    | "n_images"
    | "has_json_schema"
    | "max_tokens"
  >,
): RouteRequest {
  const history = row.history_json === null ? [] : (JSON.parse(row.history_json) as Message[]);
  const image = { type: "image_url" };
  const content =
    (row.n_images ?? 0) > 0
      ? [{ type: "text", text: row.user_text! }, ...madeUp(row.n_images!, () => image)]
      : row.user_text!;
  return {
    system: row.system_text,
    messages: [...history, { role: "user", content }],
    tools: (row.n_tools ?? 0) > 0 ? madeUp(row.n_tools!, () => ({})) : null,
    responseFormat: row.has_json_schema ? { type: "json_schema" } : undefined,
    maxTokens: row.max_tokens,
    sessionId: row.session_id,
  };
}

function madeUp<Part>(count: number, make: () => Part): Part[] {
  return Array.from({ length: Math.min(count, mostParts) }, make);
}
