import OpenAI from "openai";
import { InputError } from "../../datasets/errors.js";
import type { JudgeCall, JudgeReply } from "./judge.js";

/** A client for an OpenAI-compatible endpoint. The key comes from OPENAI_API_KEY and from nowhere else; endpoints that need
 * none get a placeholder.
 * @throws {InputError} if the URL is not one */
export function openEndpoint(url: string): OpenAI {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new InputError(
      `--judge-url ${url}: not an http(s) URL; for OpenAI it is https://api.openai.com/v1`,
    );
  }
  return new OpenAI({
    baseURL: url,
    apiKey: process.env.OPENAI_API_KEY || "none",
    organization: null,
    project: null,
    maxRetries: 6,
    timeout: 120_000,
    logLevel: "off",
  });
}

/** Make sure that something answers at the URL, whatever it says, before any text is sent.
 * @throws {InputError} if nothing does */
export async function checkEndpoint(url: string): Promise<void> {
  try {
    await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    throw unreachable(url, error);
  }
}

/** The body of a chat completion request for a call. */
export function chatBody(call: JudgeCall): OpenAI.ChatCompletionCreateParamsNonStreaming {
  return {
    model: call.model,
    messages: [...call.messages],
    max_completion_tokens: call.maxTokens,
    ...(call.temperature === null ? {} : { temperature: call.temperature }),
    ...(call.schema
      ? { response_format: { type: "json_schema", json_schema: { ...call.schema, strict: true } } }
      : {}),
  };
}

/** Read a chat completion, trusting nothing about its shape.
 * @param completion body of the answer, as an endpoint sent it */
export function replyOf(key: string, completion: unknown, isBatch: boolean): JudgeReply {
  const body = (completion ?? {}) as Partial<OpenAI.ChatCompletion>;
  const choice = body.choices?.[0];
  const text = typeof choice?.message?.content === "string" ? choice.message.content : null;
  const usage = body.usage;
  const isCounted = Number.isFinite(usage?.prompt_tokens) && Number.isFinite(usage?.completion_tokens);
  return {
    key,
    text,
    finishReason: choice?.finish_reason ?? null,
    model: body.model ?? null,
    callId: body.id ?? null,
    isSimulated: /simulat/i.test(`${body.system_fingerprint ?? ""} ${body.model ?? ""}`),
    usage: isCounted
      ? {
          inputTokens: usage!.prompt_tokens,
          cachedTokens: usage!.prompt_tokens_details?.cached_tokens ?? 0,
          outputTokens: usage!.completion_tokens,
        }
      : null,
    isBatch,
    error:
      text !== null
        ? null
        : choice?.message?.refusal || choice?.finish_reason === "content_filter"
          ? "refused"
          : "no_text",
  };
}

/** A reply that says why there is none. */
export function failedReply(key: string, error: string, isBatch: boolean): JudgeReply {
  return {
    key,
    text: null,
    finishReason: null,
    model: null,
    callId: null,
    isSimulated: false,
    usage: null,
    isBatch,
    error,
  };
}

/** The error as the user's to fix, when no call to this endpoint can succeed; null when only this one failed. */
export function fatalError(error: unknown, url: string): InputError | null {
  if (error instanceof OpenAI.APIConnectionError) return unreachable(url, error);
  if (!(error instanceof OpenAI.APIError)) return null;
  if (error.status === 401 || error.status === 403) {
    return new InputError(`${url}: the judge refused the key (${error.status}); set OPENAI_API_KEY`, {
      cause: error,
    });
  }
  if (error.status === 404)
    return new InputError(`${url}: ${error.message}; check --judge-url and the models' names`, {
      cause: error,
    });
  return null;
}

function unreachable(url: string, cause: unknown): InputError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InputError(
    `${url}: the judge can't be reached (${reason}); check --judge-url, then run the same command to go on`,
    { cause },
  );
}
