import { isUserSpecific } from "../features/user-words.js";
import { hasPersonalData } from "./personal-data.js";
import { isTimeSensitive } from "./time-words.js";

/** Why an answer must not be shared. Stable codes. */
export const NeverCache = {
  /** Sampled above the bound: the user asked for another answer each time. */
  temperature: "temperature",
  /** A tool was called: the answer tells the state of something that changes. */
  toolResults: "tool_results",
  /** The prompt holds a mailbox, a phone, card or account number, or a placeholder of one. */
  personalData: "personal_data",
  /** The prompt asks about now, or about a date. */
  timeSensitive: "time_sensitive",
  /** The prompt asks about this user's own affairs. */
  userSpecific: "user_specific",
  /** The conversation holds images or files. */
  attachments: "attachments",
  noText: "no_text",
  /** The prompt is longer than is read. */
  tooLong: "too_long",
  /** The request couldn't be read in full, so no key stands for it. */
  unreadable: "unreadable",
} as const;
export type NeverCache = (typeof NeverCache)[keyof typeof NeverCache];

/** What decides whether an answer may be shared. */
export interface CacheableParts {
  /** Last user turn. */
  text: string;
  /** As asked for; null or absent = the provider's default. */
  temperature?: number | null;
  hasToolResults?: boolean;
  nAttachments?: number;
  /** Highest temperature whose answers may be shared, 1 by default. */
  maxTemperature?: number;
}

/** Longest prompt that is read, in UTF-16 units. */
const longest = 32_768;
const defaultMaxTemperature = 1;

/** Why an answer must not be shared between requests, most decisive first; empty when it may be.
 *
 * The default bound on temperature lets an omitted one pass, for the providers' defaults are at most 1 and most users never set
 * it: then variety was not asked for. The texts are read by rules in English, German, French, Spanish and Portuguese, in time
 * linear in their length. They find what says so in words; a prompt without a reason may still be private. */
export function neverCacheReasons(parts: CacheableParts): NeverCache[] {
  const { temperature = null, maxTemperature = defaultMaxTemperature, text } = parts;
  const isHot = temperature !== null && !(temperature <= maxTemperature);
  const isTooLong = text.length > longest;
  const read = isTooLong ? "" : text.normalize("NFKC");
  const lower = read.toLowerCase().replaceAll("\u2019", "'");
  const found: ReadonlyArray<[boolean, NeverCache]> = [
    [text.trim() === "", NeverCache.noText],
    [isTooLong, NeverCache.tooLong],
    [parts.hasToolResults === true, NeverCache.toolResults],
    [hasPersonalData(read), NeverCache.personalData],
    [isUserSpecific(lower), NeverCache.userSpecific],
    [isTimeSensitive(lower), NeverCache.timeSensitive],
    [(parts.nAttachments ?? 0) > 0, NeverCache.attachments],
    [isHot, NeverCache.temperature],
  ];
  return found.filter(([isFound]) => isFound).map(([, code]) => code);
}
