import type { RouteRequest } from "../request/request.js";
import { configOf, recordOf } from "../request/request-fields.js";
import { modelFamily } from "../router/model-family.js";
import { readConversation } from "./cache-conversation.js";
import { hashExact, hashScope, type ScopePart } from "./cache-scope.js";
import { readSettings } from "./cache-settings.js";
import { NeverCache, neverCacheReasons } from "./cacheability.js";
import { canonicalJson } from "./canonical-json.js";

/** Under what to keep an answer, and whether to. */
export interface CacheKey {
  /** SHA-256, in hex, of all that the answer depends on besides the prompt; answers are only ever compared inside one scope. */
  scope: string;
  /** SHA-256, in hex, of scope and prompt: the key of the exact tier. */
  exact: string;
  /** Text of the last user turn: what the semantic tier embeds. */
  prompt: string;
  /** Whether an answer may be stored and served; equal to `reasons` being empty. */
  isCacheable: boolean;
  reasons: NeverCache[];
}

/** What the caller knows beyond the request. */
export interface CacheKeyOptions {
  /** Model that answers, in place of the request's. */
  model?: string | null;
  /** Whose traffic it is; default `meta.tenant`. Without one the answers are shared by all who name none. */
  tenant?: string | number | null;
  /** Default `meta.app`. */
  app?: string | number | null;
  /** Default `meta.locale`. */
  locale?: string | number | null;
  /** Whatever else the answer depends on, such as the version of the documents behind it. */
  extra?: string | number | null;
  /** Parts to leave out of the scope. */
  without?: readonly ScopePart[];
  /** Fields of the request's body without influence on the answer, such as a trace id. */
  ignoredFields?: readonly string[];
  /** Highest temperature whose answers may be shared; default 1. */
  maxTemperature?: number;
}

/** Read a request's cache key, whatever provider's shape it came in; the same request in another shape has the same key.
 *
 * Never throws: a request that can't be read in full gets a key that no other has, and the reason `unreadable`. So does every
 * request when an option is wrong.
 * @see docs/cache-key.md for what is in the key */
export function cacheKey(request: RouteRequest, options: CacheKeyOptions = {}): CacheKey {
  try {
    return readKey(request, options);
  } catch {
    const scope = hashScope({ extra: `unreadable ${crypto.randomUUID()}` });
    return {
      scope,
      exact: hashExact(scope, ""),
      prompt: "",
      isCacheable: false,
      reasons: [NeverCache.unreadable],
    };
  }
}

function readKey(request: RouteRequest, options: CacheKeyOptions): CacheKey {
  const fields = recordOf(request);
  const meta = recordOf(fields.meta);
  const { prompt, system, events, nToolResults, nAttachments } = readConversation(fields);
  const { ignoredFields = [], without = [], maxTemperature } = options;
  const { tools, format, params, temperature } = readSettings(fields, configOf(fields), ignoredFields);
  const model = options.model ?? fields.model;
  const parts = {
    tenant: options.tenant ?? labelOf(meta.tenant),
    app: options.app ?? labelOf(meta.app),
    model: typeof model === "string" ? modelFamily(model) : serialise(model ?? null),
    system: system === "" ? null : system,
    tools: serialise(tools),
    format: serialise(format),
    params: serialise(params),
    locale: options.locale ?? labelOf(meta.locale),
    history: canonicalJson(events),
    extra: options.extra,
  };
  const scope = hashScope(parts, without);
  const reasons = neverCacheReasons({
    text: prompt,
    temperature,
    hasToolResults: nToolResults > 0,
    nAttachments,
    maxTemperature,
  });
  return { scope, exact: hashExact(scope, prompt), prompt, isCacheable: reasons.length === 0, reasons };
}

function serialise(value: unknown): string | null {
  return value === null ? null : canonicalJson(value);
}

function labelOf(value: unknown): string | number | null {
  if (typeof value === "boolean") return String(value);
  return typeof value === "string" || typeof value === "number" ? value : null;
}
