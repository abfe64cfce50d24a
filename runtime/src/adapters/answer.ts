import type { ErrorClass } from "../artifact/operating-policy.js";
import { type Fields, recordOf } from "../request/request-fields.js";
import { classifyError } from "../router/classify-error.js";

/** What an answer said about itself, as far as it was read. */
export interface Answer {
  /** The provider's name of the model that answered. */
  model: string | null;
  /** The provider's usage object, under its own names. */
  usage: Fields | null;
  /** In the provider's words. */
  finishReason: string | null;
  /** By the provider's own word; null when it doesn't say. */
  isRefusal: boolean | null;
  /** Text and calls of tools, where they are kept; else null. */
  text: string | null;
  /** Code of an error that came inside the answer, and its class. */
  error: string | null;
  errorClass: ErrorClass | null;
  /** Whether a token of the answer has come. */
  hasContent: boolean;
}

/** An answer of which nothing has come.
 * @param keepsText whether its text is kept */
export function emptyAnswer(keepsText: boolean): Answer {
  return {
    model: null,
    usage: null,
    finishReason: null,
    isRefusal: null,
    text: keepsText ? "" : null,
    error: null,
    errorClass: null,
    hasContent: false,
  };
}

/** Add a piece of text; nothing for what isn't one. */
export function addText(answer: Answer, text: unknown): void {
  if (typeof text !== "string" || text === "") return;
  answer.hasContent = true;
  if (answer.text !== null) answer.text += text;
}

/** Add the start of a tool's call; its arguments follow as text. */
export function addCall(answer: Answer, name: unknown): void {
  if (typeof name !== "string" || name === "") return;
  addText(answer, `${answer.text ? "\n" : ""}[tool] ${name} `);
}

/** Note an error that the provider reports inside an answer. */
export function addError(answer: Answer, error: unknown): void {
  const { code, type } = recordOf(error);
  answer.error = String(code ?? type ?? "error").slice(0, 100);
  answer.errorClass = classifyError(error);
}

/** Add usage that came later to what was known: counts of a stream are cumulative, so that later ones stand in place of earlier. */
export function addUsage(answer: Answer, usage: unknown): void {
  const given = Object.entries(recordOf(usage)).filter(([, value]) => value !== null);
  if (given.length > 0) answer.usage = { ...answer.usage, ...Object.fromEntries(given) };
}

/** Note the model; nothing for what isn't a name. */
export function addModel(answer: Answer, model: unknown): void {
  if (typeof model === "string" && model !== "") answer.model = model;
}

/** Note why the answer ended; nothing while it goes on. */
export function addFinish(answer: Answer, reason: unknown): void {
  if (typeof reason === "string" && reason !== "") answer.finishReason = reason;
}
