import type { JudgeSchema } from "./judge-prompts.js";

/** One message of a call. */
export interface CallMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

/** One call to make: a question to the judge, or a request to a candidate model. */
export interface JudgeCall {
  /** Idempotency key, 64 hex digits: the same question to the same model has the same key in every run. */
  key: string;
  model: string;
  messages: readonly CallMessage[];
  /** Structured output that is demanded; null for a candidate's free answer. */
  schema: JudgeSchema | null;
  /** Cap on the output, reasoning included. */
  maxTokens: number;
  /** Cap of a second try when the first cap cut the answer; absent = a cut answer stays as it is. */
  retryTokens?: number;
  /** Null leaves it to the model: reasoning models refuse a temperature. */
  temperature: number | null;
}

/** What came back for one call, or why nothing did. */
export interface JudgeReply {
  key: string;
  text: string | null;
  finishReason: string | null;
  /** Model name as the server answered it. */
  model: string | null;
  /** The provider's id of the call. */
  callId: string | null;
  /** The server said that it is a simulation. */
  isSimulated: boolean;
  /** Input tokens include cached ones; null when the server sent no usage. */
  usage: { inputTokens: number; cachedTokens: number; outputTokens: number } | null;
  /** Whether it went through a batch API, which is billed at another price. */
  isBatch: boolean;
  /** Why there is no text; null when there is one. A call that failed is asked again by the next run. */
  error: string | null;
}

/** A batch on its way through a provider; `batchId` is null until its creation was confirmed. */
export interface BatchRecord {
  /** Names the batch: the same calls of the same run and round have the same key. */
  batchKey: string;
  /** Endpoint that it was sent to. */
  url: string;
  /** Protocol of that endpoint; journals of before there were two have none, and mean openai. */
  api?: JudgeApiName;
  keys: readonly string[];
  /** Newest batch at the provider when this one was intended: if this one was created, it came later. Null or absent = unknown. */
  cursor?: string | null;
  batchId: string | null;
  /** Collected and cancelled batches are closed, lost ones never reached the provider; `uploaded` is only in old journals. */
  stage: "intended" | "uploaded" | "created" | "collected" | "cancelled" | "lost";
}

/** The durable record that a judge keeps while it works. A record survives the process from when its method returns. */
export interface CallLog {
  /** Reserve the budget of a call; false when it doesn't fit any more, then it must not be sent. */
  allows(call: JudgeCall): boolean;
  /** Say what is about to be sent. */
  intend(calls: readonly JudgeCall[]): void;
  /** Record replies; each call is answered once. */
  answer(replies: readonly JudgeReply[]): void;
  recordBatch(batch: BatchRecord): void;
  /** Batches that an earlier run left open at an endpoint. */
  openBatches(url: string, api: JudgeApiName): BatchRecord[];
}

/** A way to get calls answered: {@link createChatJudge} or {@link createBatchJudge}, over any {@link JudgeApi}. */
export interface Judge {
  readonly mode: JudgeMode;
  /** Make sure that the endpoint is there, and fetch what an earlier run submitted and did not collect. Call it once, before `ask`. */
  recover(log: CallLog): Promise<void>;
  /** Get all calls answered, in any order, through `log.answer`. A call that the log doesn't allow is left out.
   * @throws {InputError} if the endpoint can't be used at all: unreachable, wrong key, unknown model */
  ask(calls: readonly JudgeCall[], log: CallLog): Promise<void>;
}

/** How the judge is asked: one call at a time, or in batches. */
export const JudgeMode = { chat: "chat", batch: "batch" } as const;
export type JudgeMode = (typeof JudgeMode)[keyof typeof JudgeMode];

/** Protocol that an endpoint speaks. */
export const JudgeApiName = { openai: "openai", anthropic: "anthropic" } as const;
export type JudgeApiName = (typeof JudgeApiName)[keyof typeof JudgeApiName];
