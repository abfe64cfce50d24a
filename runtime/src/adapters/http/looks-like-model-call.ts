import { recordOf } from "../../request/request-fields.js";

/** Whether a parsed body has the shape of a model call: OpenAI chat or responses, Anthropic, Gemini, or `{ prompt }`. */
export function looksLikeModelCall(body: unknown): boolean {
  const { messages, contents, input, prompt } = recordOf(body);
  return (
    [messages, contents, input].some((turns) => Array.isArray(turns) && turns.length > 0) ||
    [input, prompt].some((text) => typeof text === "string")
  );
}
