import type { Answer } from "../adapters/answer.js";
import { elapsedMs } from "../adapters/elapsed-ms.js";
import { createAnswerReader } from "../adapters/read-answer.js";
import { classifyError } from "../router/classify-error.js";
import type { ShadowCall } from "./shadow-offer.js";

/** What came of a shadow's call. */
export interface OtherAnswer {
  answer: Answer | null;
  latencyMs: number;
  error: string | null;
  errorClass: string | null;
  isTimeout: boolean;
  /** Whether the provider refused the call, and so bills nothing. */
  isRefused: boolean;
}

/** Call the other model and read its answer. Never rejects, and is over after `timeoutMs`, whether or not the call heeds its signal. */
export async function callOther(
  call: Omit<ShadowCall, "signal">,
  send: (call: ShadowCall) => Promise<Response>,
  timeoutMs: number,
): Promise<OtherAnswer> {
  const startedAt = performance.now();
  const control = new AbortController();
  const end = { answer: null, error: null, errorClass: null, isTimeout: false, isRefused: false };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<"timeout">((resolve) => {
    timer = setTimeout(() => {
      resolve("timeout");
      control.abort();
    }, timeoutMs);
  });
  try {
    const asked = ask({ ...call, signal: control.signal }, send);
    const read = await Promise.race([asked, timeout]);
    const latencyMs = elapsedMs(startedAt);
    if (read === "timeout") {
      asked.catch(() => {});
      return { ...end, latencyMs, error: "timeout", errorClass: "timeout", isTimeout: true };
    }
    return { ...end, ...read, latencyMs };
  } catch (error) {
    const name = String((error as { name?: unknown } | null)?.name ?? "error").slice(0, 100);
    return { ...end, latencyMs: elapsedMs(startedAt), error: name, errorClass: classifyError(error) };
  } finally {
    clearTimeout(timer);
  }
}

type AskedAnswer = Pick<OtherAnswer, "answer" | "error" | "errorClass" | "isRefused">;

async function ask(call: ShadowCall, send: (call: ShadowCall) => Promise<Response>): Promise<AskedAnswer> {
  const response = await send(call);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!response.ok) {
    const errorClass = classifyError(new TextDecoder().decode(bytes), response.status);
    return { answer: null, error: String(response.status), errorClass, isRefused: true };
  }
  const reader = createAnswerReader(call.api, response.headers.get("content-type"), true);
  reader.take(bytes);
  reader.end();
  const { error, errorClass } = reader.answer;
  return {
    answer: reader.answer,
    error,
    errorClass: errorClass ?? (error === null ? null : "unknown"),
    isRefused: false,
  };
}
