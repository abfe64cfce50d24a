import pLimit from "p-limit";
import { InputError } from "../../datasets/errors.js";
import { checkEndpoint } from "./apis/endpoint.js";
import type { JudgeApi } from "./apis/judge-api.js";
import { type Judge, type JudgeCall, JudgeMode } from "./judge.js";

/** A judge that is asked call by call. The SDKs retry 408, 409, 429 and 5xx with backoff and honour Retry-After.
 *
 * A call whose reply was on its way when the process was killed is asked again: at most `concurrency` calls can be paid twice.
 * Their key travels as Idempotency-Key for endpoints that know it. */
export function createChatJudge(api: JudgeApi, { concurrency }: { concurrency: number }): Judge {
  return {
    mode: JudgeMode.chat,
    recover: async (log) => {
      const open = log.openBatches(api.url, api.name).length;
      if (open > 0) {
        throw new InputError(
          `${open} batches of an earlier run are still open at ${api.url}; collect them first with --mode batch, stop them with signalbox label cancel, or give them up with --no-resume`,
        );
      }
      await checkEndpoint(api.url);
    },
    ask: async (calls, log) => {
      const limit = pLimit(concurrency);
      let fatal: Error | null = null;
      const askOne = async (call: JudgeCall): Promise<void> => {
        if (fatal || !log.allows(call)) return;
        log.intend([call]);
        try {
          log.answer([await api.complete(call)]);
        } catch (error) {
          fatal ??= api.fatalError(error) ?? (error as Error);
        }
      };
      await Promise.all(calls.map((call) => limit(askOne, call)));
      if (fatal) throw fatal;
    },
  };
}
