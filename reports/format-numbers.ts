import type { OpenEstimate } from "../datasets/open-estimate.js";
import type { Money } from "../datasets/results.js";

/** What is printed where a number isn't known. Never "0". */
export const unknown = "unknown";

/** "$1,234.56"; below ten cents three significant digits, so that a price per request stays legible. */
export function formatUsd(usd: number | null | undefined): string {
  if (!isNumber(usd)) return unknown;
  const size = Math.abs(usd);
  const text =
    size > 0 && size < 0.1
      ? size.toLocaleString("en-US", { maximumSignificantDigits: 3, maximumFractionDigits: 20 })
      : size.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `${usd < 0 ? minus : ""}$${text}`;
}

/** "12.3 %" of a share, with a space that doesn't break. */
export function formatShare(share: number | null | undefined): string {
  return isNumber(share) ? `${signed(share * 100, 1)}\u00a0%` : unknown;
}

/** A whole number with thousands separators. */
export function formatCount(count: number | null | undefined): string {
  return isNumber(count) ? signed(count, 0) : unknown;
}

/** "1 request", "2,000 requests". */
export function formatCountOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** A number without a unit, such as a probability or a threshold. */
export function formatNumber(value: number | null | undefined, digits = 3): string {
  return isNumber(value) ? signed(value, digits) : unknown;
}

/** "420 ms", "3.20 s". */
export function formatMilliseconds(ms: number | null | undefined): string {
  if (!isNumber(ms)) return unknown;
  return ms < 1000 ? `${signed(ms, ms < 10 ? 1 : 0)} ms` : `${signed(ms / 1000, 2)} s`;
}

/** "1.5 MB". */
export function formatBytes(bytes: number | null | undefined): string {
  if (!isNumber(bytes)) return unknown;
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${signed(bytes / 1e3, 1)} kB` : `${signed(bytes / 1e6, 1)} MB`;
}

/** A sum that says so when it can't be whole: "at least $12.00" while some requests have no price, "unknown" while none has. */
export function formatMoney(money: Money): string {
  if (money.unpriced_requests === 0) return formatUsd(money.usd);
  return money.priced_requests === 0 ? unknown : `at least ${formatUsd(money.usd)}`;
}

/** "48.2 % to 54.0 %", or null where the estimate has no interval. */
export function formatInterval(estimate: OpenEstimate, format: (value: number) => string): string | null {
  return isNumber(estimate.low) && isNumber(estimate.high)
    ? `${format(estimate.low)} to ${format(estimate.high)}`
    : null;
}

/** Day part of an ISO time; the text itself when it isn't one. */
export function formatDay(time: string | null): string {
  if (time === null) return unknown;
  return /^\d{4}-\d{2}-\d{2}/.exec(time)?.[0] ?? time;
}

const minus = "−";

function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return value < 0 && Number(text.replaceAll(",", "")) !== 0 ? `${minus}${text}` : text;
}
