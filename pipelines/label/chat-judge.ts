import OpenAI from "openai";
import pLimit from "p-limit";
import { InputError } from "../../datasets/errors.js";
import { type Judge, type JudgeCall, JudgeMode } from "./judge.js";
import { chatBody, checkEndpoint, failedReply, fatalError, openEndpoint, replyOf } from "./open-endpoint.js";

/** A judge behind any OpenAI-compatible chat endpoint. The SDK retries 408, 409, 429 and 5xx with backoff and honours Retry-After.
 *
 * A call whose reply was on its way when the process was killed is asked again: at most `concurrency` calls can be paid twice.
 * Their key travels as Idempotency-Key for endpoints that know it. */
export function createChatJudge({ url, concurrency }: { url: string; concurrency: number }): Judge {
  const client = openEndpoint(url);
  return {
    mode: JudgeMode.chat,
    recover: async (log) => {
      const open = log.openBatches(url).length;
      if (open > 0) {
        throw new InputError(
          `${open} batches of an earlier run are still open at ${url}; collect them first with --mode batch, or give them up with --no-resume`,
        );
      }
      await checkEndpoint(url);
    },
    ask: async (calls, log) => {
      const limit = pLimit(concurrency);
      let fatal: Error | null = null;
      const askOne = async (call: JudgeCall): Promise<void> => {
        if (fatal || !log.allows(call)) return;
        log.intend([call]);
        try {
          log.answer([await complete(client, call)]);
        } catch (error) {
          fatal ??= fatalError(error, url) ?? (error as Error);
        }
      };
      await Promise.all(calls.map((call) => limit(askOne, call)));
      if (fatal) throw fatal;
    },
  };
}

async function complete(client: OpenAI, call: JudgeCall): Promise<ReturnType<typeof replyOf>> {
  try {
    const completion = await client.chat.completions.create(chatBody(call), {
      headers: { "Idempotency-Key": call.key },
    });
    return replyOf(call.key, completion, false);
  } catch (error) {
    const isItsOwn =
      error instanceof OpenAI.APIError &&
      error.status !== undefined &&
      ![401, 403, 404].includes(error.status);
    if (!isItsOwn) throw error;
    return failedReply(call.key, `http_${error.status}`, false);
  }
}
