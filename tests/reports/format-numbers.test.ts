import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCountOf,
  formatDay,
  formatInterval,
  formatMilliseconds,
  formatMoney,
  formatShare,
  formatUsd,
} from "../../reports/format-numbers.js";

describe("formatUsd", () => {
  it.each([
    [18_412.366, "$18,412.37"],
    [0, "$0.00"],
    [-812.4, "−$812.40"],
    [0.0031234, "$0.00312"],
    [0.00000012345, "$0.000000123"],
    [null, "unknown"],
    [undefined, "unknown"],
    [Number.NaN, "unknown"],
    [Number.POSITIVE_INFINITY, "unknown"],
  ])("prints %s as %s", (usd, text) => {
    expect(formatUsd(usd)).toBe(text);
  });
});

describe("formatMoney", () => {
  it("is a lower bound while some requests have no price", () => {
    expect(formatMoney({ usd: 12, priced_requests: 3, unpriced_requests: 1 })).toBe("at least $12.00");
  });
  it("is unknown while no request has a price", () => {
    expect(formatMoney({ usd: 0, priced_requests: 0, unpriced_requests: 4 })).toBe("unknown");
  });
  it("is the sum when every request has a price, and zero for no requests", () => {
    expect(formatMoney({ usd: 12, priced_requests: 3, unpriced_requests: 0 })).toBe("$12.00");
    expect(formatMoney({ usd: 0, priced_requests: 0, unpriced_requests: 0 })).toBe("$0.00");
  });
});

describe("other numbers", () => {
  it("print shares with a space that doesn't break and no negative zero", () => {
    expect(formatShare(0.5034)).toBe("50.3\u00a0%");
    expect(formatShare(-0.351)).toBe("−35.1\u00a0%");
    expect(formatShare(-0.00001)).toBe("0.0\u00a0%");
    expect(formatShare(null)).toBe("unknown");
  });
  it("print counts, times, sizes and days", () => {
    expect(formatCountOf(1, "call")).toBe("1 call");
    expect(formatCountOf(2_000, "call")).toBe("2,000 calls");
    expect(formatMilliseconds(420.4)).toBe("420 ms");
    expect(formatMilliseconds(3_204)).toBe("3.20 s");
    expect(formatBytes(1_500_000)).toBe("1.5 MB");
    expect(formatDay("2025-06-01T00:00:12.113Z")).toBe("2025-06-01");
    expect(formatDay("2025-06-01 00:00:12")).toBe("2025-06-01");
    expect(formatDay(null)).toBe("unknown");
  });
  it("have no interval where a bound is missing", () => {
    const estimate = { value: 1, low: Number.NaN, high: 2, method: "", n: 1 };
    expect(formatInterval(estimate, formatUsd)).toBeNull();
  });
});
