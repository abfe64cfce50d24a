import type { ConditionalPrice, ModelInfo, ModelPrice } from "@pydantic/genai-prices";
import type { Rates, TokenRates } from "./rate-card.js";

/** Rates and the window in which they hold: microseconds since 1970, UTC; -Infinity and Infinity where it is open. */
export interface DatedRates {
  rates: Rates;
  from: number;
  to: number;
}

/** The rates of a model of genai-prices at a moment, read off its data: the same answers as its calcPrice (1-hour cache writes of Claude
 * apart), as plain numbers.
 * Prices by date and by time of day are chosen as it does: the last entry whose condition holds.
 * @param at microseconds since 1970, UTC */
export function genaiRatesAt({ id, prices }: ModelInfo, at: number): DatedRates {
  const isClaude = /claude/i.test(id);
  if (!Array.isArray(prices)) return { rates: ratesOf(prices, isClaude), from: -Infinity, to: Infinity };
  const holding = prices.findLast(({ constraint }) => holds(constraint, at)) ?? prices[0]!;
  const changes = prices.flatMap(({ constraint }) => changesNear(constraint, at));
  return {
    rates: ratesOf(holding.prices, isClaude),
    from: Math.max(-Infinity, ...changes.filter((change) => change <= at)),
    to: Math.min(Infinity, ...changes.filter((change) => change > at)),
  };
}

type Constraint = ConditionalPrice["constraint"];

const SECOND_US = 1_000_000;
const DAY_US = 86_400 * SECOND_US;

function holds(constraint: Constraint, at: number): boolean {
  if (constraint === undefined) return true;
  if (constraint.type === "start_date") return at >= Date.parse(constraint.start_date) * 1000;
  const time = at - Math.floor(at / DAY_US) * DAY_US;
  const start = timeOfDay(constraint.start_time);
  const end = timeOfDay(constraint.end_time);
  return end < start ? time >= start || time < end : time >= start && time < end;
}

function changesNear(constraint: Constraint, at: number): number[] {
  if (constraint === undefined) return [];
  if (constraint.type === "start_date") return [Date.parse(constraint.start_date) * 1000];
  const midnight = Math.floor(at / DAY_US) * DAY_US;
  const times = [timeOfDay(constraint.start_time), timeOfDay(constraint.end_time)];
  return [-DAY_US, 0, DAY_US].flatMap((day) => times.map((time) => midnight + day + time));
}

/** "16:30:00Z" or "08:00:00+08:00" as microseconds after midnight UTC. */
function timeOfDay(text: string): number {
  const [, hours, minutes, seconds, sign, zoneHours = "0", zoneMinutes = "0"] =
    /^(\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)(?:Z|([+-])(\d{2}):(\d{2}))$/.exec(text) ?? [];
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60 * (sign === "-" ? -1 : 1);
  const utc = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) - zone;
  return Math.round(((utc + 86_400) % 86_400) * SECOND_US);
}

const compiled = new WeakMap<ModelPrice, Rates>();

function ratesOf(price: ModelPrice, isClaude: boolean): Rates {
  const known = compiled.get(price);
  if (known !== undefined) return known;
  const lacksWrite1h =
    isClaude && price.cache_write_mtok !== undefined && price.cache_write_1h_mtok === undefined;
  const starts = Object.values(price).flatMap((value) =>
    typeof value === "object" ? value.tiers.map(({ start }) => start + 1) : [],
  );
  const rates: Rates = {
    perRequestUsd: perThousand(price.requests_kcount) ?? 0,
    perWebSearchUsd: perThousand(price.web_searches_kcount),
    tiers: [...new Set([0, ...starts])]
      .sort((a, b) => a - b)
      .map((minInputTokens) => ({
        minInputTokens,
        usdPerMTok: tokenRates(price, minInputTokens, lacksWrite1h),
      })),
    ...(lacksWrite1h && { isWrite1hDerived: true }),
  };
  compiled.set(price, rates);
  return rates;
}

function perThousand(price: ModelPrice[string]): number | null {
  const value = valueAt(price, 0);
  return value === null ? null : value / 1000;
}

/** A kind without a price of its own is charged at the price of the kind that it is part of, but for Claude's 1-hour cache writes, which
 * cost twice the input wherever Claude is served (the 5-minute price would be 37 % too low). */
function tokenRates(price: ModelPrice, inputTokens: number, lacksWrite1h: boolean): TokenRates {
  const at = (key: string) => valueAt(price[key], inputTokens);
  const input = at("input_mtok");
  const output = at("output_mtok");
  const cacheWrite = at("cache_write_mtok") ?? input;
  return {
    input,
    cacheRead: at("cache_read_mtok") ?? input,
    cacheWrite5m: at("cache_write_5m_mtok") ?? cacheWrite,
    cacheWrite1h: lacksWrite1h && input !== null ? input * 2 : (at("cache_write_1h_mtok") ?? cacheWrite),
    output,
    reasoning: at("output_reasoning_mtok") ?? output,
    inputAudio: at("input_audio_mtok"),
    cacheReadAudio: at("cache_audio_read_mtok"),
    inputImage: at("input_image_mtok"),
    outputAudio: at("output_audio_mtok"),
    outputImage: at("output_image_mtok"),
  };
}

function valueAt(value: ModelPrice[string], inputTokens: number): number | null {
  if (value === undefined) return null;
  if (typeof value === "number") return value;
  const reached = value.tiers.filter(({ start }) => inputTokens > start).sort((a, b) => b.start - a.start);
  return reached[0]?.price ?? value.base;
}
