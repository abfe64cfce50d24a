import { listPrice } from "../../../prices/price-book.js";
import { canonicalProvider } from "../../../prices/provider-names.js";
import { normaliseUsage } from "../../../tokens/normalise-usage.js";
import { readStatus } from "../../canonical/read-status.js";
import { messageText, readConversation } from "../../conversation.js";
import { asRecord, printed } from "../../json-access.js";
import { readAnswer } from "../../provider/answer.js";
import { readFlag } from "../../read-flag.js";
import type { MappingFieldName } from "../mapping-fields.js";
import { readNumber } from "../read-value.js";
import type { Verdict } from "./judge-time.js";

const context = { decimal: "." } as const;

/** Whether the values of a column can be those of a field that has no unit; null when they can't. */
export function judgeValues(field: MappingFieldName, values: readonly unknown[]): Verdict | null {
  const share = (test: (value: unknown) => boolean) => values.filter(test).length / values.length;
  const require = (test: (value: unknown) => boolean, why: string, fit = 1): Verdict | null =>
    share(test) >= 0.8 ? { fit, why } : null;
  switch (field) {
    case "model":
    case "model_requested":
    case "model_served":
      return judgeModel(values);
    case "provider":
      return require((value) =>
        isText(value) &&
        String(value).length <
          60, `${share(isKnownProvider) >= 0.5 ? "names of providers" : "short texts"}`, share(
        isKnownProvider,
      ) >= 0.5
        ? 1
        : 0.7);
    case "request":
      return require((value) =>
        asRecord(value) !== null && readConversation(value).messages.length > 0, "request bodies");
    case "response":
      return require((value) => asRecord(value) !== null && readAnswer(value).isAnswer, "response bodies");
    case "messages":
      return require((value) =>
        Array.isArray(value) &&
        readConversation({ messages: value }).messages.length > 0, "lists of messages");
    case "usage":
      return require(isWholeUsage, "usage objects");
    case "status":
      return require((value) =>
        typeof value !== "object" &&
        typeof readStatus({ status: value }) !== "string", "known words of an outcome");
    case "http_status":
      return require((value) =>
        isCount(value) && Number(value) >= 100 && Number(value) < 600, "HTTP statuses");
    case "is_stream":
    case "is_batch":
      return require((value) => readFlag(value) !== null, "yes or no");
    case "temperature":
      return require((value) => isNumber(value) && Number(value) >= 0 && Number(value) <= 2, "0 to 2");
    case "feedback_score":
      return require((value) => isNumber(value) && Number(value) >= 0 && Number(value) <= 1, "0 to 1");
    case "cache_status":
      return require((value) =>
        /^(hit|miss|semantic[ _-]?hit|true|false|disabled|bypass)$/i.test(printed(value)), "hit or miss");
    case "error":
      return require((value) => typeof value === "string" || asRecord(value) !== null, "texts");
    case "output_text":
      return require((value) => isProse(value) || isAnswerList(value), "texts");
    case "user_text":
    case "system_text":
      return require(isProse, "texts");
    case "input_tokens":
    case "output_tokens":
    case "total_tokens":
    case "max_tokens":
    case "input_cache_read_tokens":
    case "input_cache_write_5m_tokens":
    case "output_reasoning_tokens":
      return require(isCount, "whole numbers");
    case "request_id":
      return new Set(values.map(printed)).size > 0.9 * values.length
        ? require(isText, "texts, each once")
        : null;
    default:
      return require((value) => isText(value) && String(value).length <= 300, "texts");
  }
}

function judgeModel(values: readonly unknown[]): Verdict | null {
  const names = [
    ...new Set(values.filter((value): value is string => typeof value === "string" && value.length < 200)),
  ];
  if (names.length === 0 || names.length > 200) return null;
  const priced = names.filter(
    (name) =>
      listPrice(name, null, now) !== null || listPrice(name.replace(/^[^/]+\//, ""), null, now) !== null,
  );
  if (priced.length > 0)
    return {
      fit: 1,
      why: `the price book knows ${priced.length} of ${names.length} names, such as ${priced[0]}`,
    };
  return names.every((name) => /[a-z]/i.test(name) && !/\s{2,}|[\n{]/.test(name))
    ? { fit: 0.7, why: `short texts, such as ${names[0]}; the price book knows none of them` }
    : null;
}

/** Any recent moment: only whether a model is listed matters here. */
const now = Date.UTC(2026, 0, 1) * 1000;

function isProse(value: unknown): boolean {
  return typeof value === "string" && /\p{L}/u.test(value);
}

/** A list of messages of which one has text. */
function isAnswerList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    readConversation(value).messages.some(({ content }) => messageText(content) !== "")
  );
}

/** A usage object of which nothing would be lost: its cache and reasoning counts are understood. */
function isWholeUsage(value: unknown): boolean {
  const usage = normaliseUsage(value);
  if (asRecord(value) === null || usage === null || "error" in usage) return false;
  const { inputCacheRead, inputCacheWrite5m, inputCacheWrite1h, outputReasoning } = usage.usage;
  const isKept = (names: RegExp, count: number) =>
    count > 0 || !new RegExp(`"[^"]*(${names.source})[^"]*":"?[1-9]`, "i").test(printed(value));
  return (
    isKept(/cache/, inputCacheRead + inputCacheWrite5m + inputCacheWrite1h) &&
    isKept(/reason|think|thought/, outputReasoning)
  );
}

function isKnownProvider(value: unknown): boolean {
  const name = typeof value === "string" ? canonicalProvider(value) : null;
  return (
    name !== null &&
    /^(openai|anthropic|google|azure|aws|mistral|cohere|groq|x-ai|deepseek|openrouter|together|fireworks|perplexity|cerebras|ollama|vllm|moonshotai)$/.test(
      name,
    )
  );
}

function isText(value: unknown): boolean {
  return (
    (typeof value === "string" && value !== "") || typeof value === "number" || typeof value === "bigint"
  );
}

function isNumber(value: unknown): boolean {
  return typeof value !== "boolean" && readNumber(value, context) !== null;
}

function isCount(value: unknown): boolean {
  const number = typeof value === "boolean" ? null : readNumber(value, context);
  return number !== null && Number.isInteger(number) && number >= 0;
}
