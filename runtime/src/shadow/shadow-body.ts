import type { Api } from "../adapters/detect-api.js";
import { readRequest } from "../request/read-request.js";
import type { Fields } from "../request/request-fields.js";
import type { TokenEstimate } from "./shadow-budget.js";

/** Body of a call that nobody is served by: one answer, not streamed, not kept by the provider.
 * @param body the caller's; it isn't changed */
export function shadowBody(api: Api, body: Fields, model: string): Fields {
  const { stream, stream_options, n, store, ...kept } = body;
  return { ...kept, model, ...(api === "responses" ? { store: false } : {}) };
}

/** An answer without a cap is taken to be no longer than this. */
const uncappedOutputTokens = 4_096;
/** An image or file in the body is taken for this many characters. */
const attachmentChars = 8_000;

/** Tokens that a call may take: two bytes of the body per token, which hardly any text exceeds, and the output's cap. */
export function estimateTokens(body: Fields): TokenEstimate {
  const json = JSON.stringify(body, (_, value) => (isEncoded(value) ? "x".repeat(attachmentChars) : value));
  const { maxTokens } = readRequest(body as object);
  return {
    inputTokens: Math.ceil(new TextEncoder().encode(json).length / 2),
    outputTokens: maxTokens ?? uncappedOutputTokens,
  };
}

function isEncoded(value: unknown): boolean {
  return typeof value === "string" && value.length > attachmentChars && /^[\w+/=,:;-]{4096}/.test(value);
}
