import type { RoutableCall } from "./read-call.js";
import { rewriteField } from "./rewrite-body.js";

/** Ask for usage in a chat stream on the caller's behalf. A caller that gives `stream_options` of its own has decided; without a stream
 * providers refuse them.
 * @returns the call itself where there is nothing to ask for */
export function askForUsage(call: RoutableCall): RoutableCall {
  const { api, body, text } = call;
  if (api !== "chat" || body.stream !== true || body.stream_options !== undefined) return call;
  const asking = rewriteField(text, "stream_options", { include_usage: true });
  return { ...call, text: asking, rawBody: asking };
}
