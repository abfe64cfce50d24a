import pLimit from "p-limit";
import { InputError } from "../../datasets/errors.js";
import { checkEndpoint } from "./apis/endpoint.js";
import type { JudgeApi } from "./apis/judge-api.js";
import { asCutFailure, isCutShort, withMoreRoom } from "./cut-reply.js";
import { type CallLog, type Judge, type JudgeCall, JudgeMode, type JudgeReply } from "./judge.js";

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
      let failedInARow = 0;
      const askOne = async (call: JudgeCall): Promise<void> => {
        if (fatal || !log.allows(call)) return;
        log.intend([call]);
        try {
          const reply = await answerWhole(api, call, log);
          failedInARow = reply.error === null ? 0 : failedInARow + 1;
          if (failedInARow >= mostFailures + concurrency) fatal ??= nothingWorks(api.url, reply);
        } catch (error) {
          fatal ??= api.fatalError(error) ?? (error as Error);
        }
      };
      await Promise.all(calls.map((call) => limit(askOne, call)));
      if (fatal) throw fatal;
    },
  };
}

/** Get a call answered and recorded; one that its cap cut is tried once more with a larger one, if the budget allows. */
async function answerWhole(api: JudgeApi, call: JudgeCall, log: CallLog): Promise<JudgeReply> {
  const reply = await api.complete(call);
  const first = isCutShort(call, reply) ? asCutFailure(reply) : reply;
  log.answer([first]);
  const larger = withMoreRoom(call);
  if (first === reply || !log.allows(larger)) return first;
  log.intend([larger]);
  const second = await api.complete(larger);
  log.answer([second]);
  return second;
}

/** Failures in a row, beside those under way, after which it isn't the calls: an empty account, a wrong parameter. */
const mostFailures = 20;

function nothingWorks(url: string, { error }: JudgeReply): InputError {
  return new InputError(
    `${url}: more than ${mostFailures} calls in a row failed, the last with ${error}; see to the account and the models' names, then run the same command to go on`,
  );
}
