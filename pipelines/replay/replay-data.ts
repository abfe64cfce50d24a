/** A replayed log in memory: the tables `replay` and `replay_models` as columns, place = `row`. Counterfactuals are pure functions of it.
 * Texts of few values are numbers into lists; a text that is not logged is -1. Whole numbers: -1 = unknown; doubles: NaN = unknown. */
export interface ReplayData {
  rows: number;
  /** The policy's models, ascending in cost; the last is the strong one. Places in `served`, `chosen`, `usd` and `sufficiency`. */
  models: readonly string[];
  /** Number of the session, from 0; intervals are clustered by it. */
  session: Int32Array;
  sessions: number;
  /** Number of the logical request, which joins retries and fallbacks, from 0. */
  logical: Int32Array;
  /** 1 for the first attempt of a logical request. */
  attemptNo: Int32Array;
  /** When the attempt was sent, microseconds since 1970 UTC. */
  createdAt: Float64Array;
  /** 1 = the router decided it and it is priced on every model; 0 = left as billed, or unknown. */
  isReplayed: Uint8Array;
  /** 1 = it was or may have been charged and has no known price: it is in no total. */
  isUnknown: Uint8Array;
  /** Place of the model that answered, -1 = outside the policy. */
  served: Int32Array;
  /** Place of the router's model, -1 = not replayed. */
  chosen: Int32Array;
  /** Difficulty 0, 1 or 2. */
  tier: Int32Array;
  /** 1 = the router thinks that errors are expensive. */
  stakes: Int32Array;
  confidence: Float64Array;
  isSuccess: Uint8Array;
  isStream: Uint8Array;
  isBatch: Uint8Array;
  hasTools: Uint8Array;
  inputTokens: Int32Array;
  cacheReadTokens: Int32Array;
  cacheWriteTokens: Int32Array;
  outputTokens: Int32Array;
  userChars: Int32Array;
  /** USD as billed, else at list price. */
  billed: Float64Array;
  /** Milliseconds to the last token, and to the first. */
  latency: Float64Array;
  ttft: Float64Array;
  /** Numbers of equal prompts in the same scope; -1 = the prompt is not in the log or can't be repeated. */
  prompt: Int32Array;
  user: Int32Array;
  app: Int32Array;
  apps: readonly string[];
  tenant: Int32Array;
  tenants: readonly string[];
  endpoint: Int32Array;
  endpoints: readonly string[];
  errorClass: Int32Array;
  errorClasses: readonly string[];
  finishReason: Int32Array;
  finishReasons: readonly string[];
  /** USD of each replayed attempt on each model: place model * rows + row; NaN where it is not replayed. As billed on the model that
   * answered, else logged tokens at list price, logged cache reads priced as uncached, and what the gateway adds where that is known. */
  usd: Float64Array;
  /** Calibrated probability that the model's answer is not worse than the strong one's; places as in `usd`. */
  sufficiency: Float64Array;
}
