import { type Fields, recordOf } from "../request/request-fields.js";
import type { Api } from "./detect-api.js";

const heldFields: Readonly<Record<Api, readonly string[]>> = {
  chat: [],
  responses: ["previous_response_id", "conversation", "prompt"],
  messages: ["container"],
};

/** Whether a request leans on what the provider keeps: an earlier response or conversation, a stored prompt, items by their id, a
 * container. Another model may refuse it or answer without it. */
export function needsServerState(api: Api, body: Fields): boolean {
  if (heldFields[api].some((name) => body[name] !== undefined && body[name] !== null)) return true;
  return (
    api === "responses" &&
    Array.isArray(body.input) &&
    body.input.some((item) => recordOf(item).type === "item_reference")
  );
}
