import type { InputError } from "../../../datasets/errors.js";
import type { BatchRecord, JudgeApiName, JudgeCall, JudgeReply } from "../judge.js";

/** What labelling needs of a provider: one call now, or many of them as a batch that is submitted, polled, collected and, if it
 * must be, cancelled. Implemented per protocol, each over the provider's own SDK; it keeps no state and knows no journal. */
export interface JudgeApi {
  readonly name: JudgeApiName;
  readonly url: string;
  /** What one batch may hold. */
  readonly limits: { calls: number; bytes: number };

  /** Answer one call at once. A call that fails for a reason of its own is a reply with an error.
   * @throws whatever the SDK throws when no call can succeed; see {@link JudgeApi.fatalError} */
  complete(call: JudgeCall): Promise<JudgeReply>;

  /** Size of a call in a batch. */
  bytesOf(call: JudgeCall): number;
  /** Id of the provider's newest batch, where an orphan can only be looked for among those that came later; else null. */
  newestBatch(): Promise<string | null>;
  /** Create the batch of a record, once: it is not tried again in here.
   * @returns the provider's id */
  submit(record: BatchRecord, calls: readonly JudgeCall[]): Promise<string>;
  /** Find the batch of a record whose creation was never confirmed. May wait, where a batch shows whose it is only when it ends.
   * @param wait pause between two looks
   * @returns its id, or null if it was never created */
  find(record: BatchRecord, wait: () => Promise<void>): Promise<string | null>;
  poll(batchId: string): Promise<BatchState>;
  /** Replies of a batch that ended, in any order; of a download that breaks off, those before the break. */
  collect(record: BatchRecord): Promise<JudgeReply[]>;
  /** Ask the provider to stop; what is finished can still be collected once the batch has ended. */
  cancel(batchId: string): Promise<void>;

  /** Whether a creation that failed like this may have taken effect, or may succeed when tried again. */
  isPassing(error: unknown): boolean;
  /** The error as the user's to fix, when no call to this endpoint can succeed; null when only this one failed. */
  fatalError(error: unknown): InputError | null;
}

/** How far a batch is. */
export interface BatchState {
  isEnded: boolean;
  isCancelled: boolean;
  /** Why the provider refused it as a whole; null when it didn't. */
  rejection: string | null;
  /** Calls that are through; 0 while the provider doesn't say. */
  done: number;
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

/** Reason of a call that was in a batch that was cancelled: it is not submitted again by itself. */
export const cancelledCall = "cancelled";
