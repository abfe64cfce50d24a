/** One part of a multi-part message, in any of the providers' spellings; unknown parts are counted, not read. */
export interface ContentPart {
  type?: string;
  text?: string;
  [key: string]: unknown;
}

/** One turn of a conversation, OpenAI or Anthropic shaped. */
export interface Message {
  role: string;
  content?: string | ReadonlyArray<ContentPart | string> | null;
  [key: string]: unknown;
}

/** What a caller knows about a request before it is sent. Everything is optional: a router must cope with whatever it is
 * given. Either `messages`, or the shorthand `prompt` (and `system`). */
export interface RouteRequest {
  messages?: ReadonlyArray<Message>;
  /** Shorthand for one user turn. */
  prompt?: string;
  /** System prompt, when it isn't a message (Anthropic, Gemini, OpenAI `instructions`). */
  system?: string | ReadonlyArray<ContentPart | string> | null;
  tools?: ReadonlyArray<unknown> | null;
  /** `response_format` of the call; a JSON schema or JSON mode is a hard constraint on the model. */
  responseFormat?: unknown;
  /** Output cap of the call, in tokens. */
  maxTokens?: number | null;
  /** Conversation id: follow-up turns inherit its model, and the shadow sample keeps it whole. */
  sessionId?: string | null;
  /** The caller's id of this request, which joins the decision log to other logs. */
  requestId?: string | null;
  /** Models that may be called for this request, and that may not. */
  allowModels?: readonly string[] | null;
  denyModels?: readonly string[] | null;
  /** Regions of which the model must be served in one. */
  regions?: readonly string[] | null;
  /** Setting of the budget dial for this request: a retention among the policy's dial points; the nearest stricter one is taken. */
  retention?: number | null;
  /** Most that the call may be expected to cost, USD. */
  maxCostUsd?: number | null;
  /** Facts that rules and slices may use: app, plan, locale, ... */
  meta?: Readonly<Record<string, string | number | boolean | null | undefined>>;
}
