import type { Message, RouteRequest } from "@signalbox/runtime";
import type { TrafficRow } from "./traffic-row.js";

/** What production would have handed to the router. Tools and images are known by number only. */
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
      ? [{ type: "text", text: row.user_text! }, ...Array.from({ length: row.n_images! }, () => image)]
      : row.user_text!;
  return {
    system: row.system_text,
    messages: [...history, { role: "user", content }],
    tools: (row.n_tools ?? 0) > 0 ? Array.from({ length: row.n_tools! }, () => ({})) : null,
    responseFormat: row.has_json_schema ? { type: "json_schema" } : undefined,
    maxTokens: row.max_tokens,
    sessionId: row.session_id,
  };
}
