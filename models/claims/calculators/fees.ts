import type { CheckedFields } from "../../../datasets/checked-fields.js";
import { Exact } from "../../pricing/exact.js";
import { formatExact, formatPercent, formatUsd } from "../../pricing/format-exact.js";
import type { ClaimKind, ClaimOutput } from "../claim-kind.js";

/** What a mark-up on a monthly bill adds up to. */
export const markupYear: ClaimKind = {
  about: "month_usd and year_usd = markup_percent of monthly_usd",
  compute(inputs) {
    const bill = Exact.of(inputs.number("monthly_usd", { above: 0 }));
    const percent = Exact.of(inputs.number("markup_percent", { above: 0 }));
    const month = bill.times(percent).over(100);
    const year = month.times(12);
    const inside = bill.times(percent).over(percent.plus(100));
    return {
      outputs: {
        month_usd: {
          value: month,
          how: `${formatUsd(bill)} x ${formatPercent(percent)} = ${formatUsd(month)}`,
        },
        year_usd: { value: year, how: `${formatUsd(month)} x 12 = ${formatUsd(year)}` },
      },
      readings: [
        { output: "month_usd", value: inside, label: "the mark-up being part of the bill already" },
        { output: "year_usd", value: inside.times(12), label: "the mark-up being part of the bill already" },
        { output: "year_usd", value: month, label: "one month's mark-up, not a year's" },
        { output: "month_usd", value: year, label: "a year's mark-up, not a month's" },
      ],
    };
  },
};

/** What a user pays a day under a fixed fee for every call. */
export const perCallFee: ClaimKind = {
  about: "usd_per_day (and saved_percent against before_usd_per_day) under a fee for every call",
  compute(inputs, stated) {
    const calls = Exact.of(inputs.number("calls_per_day", { above: 0 }));
    const fee = Exact.of(inputs.number("usd_per_call", { above: 0 }));
    const before = inputs.optionalNumber("before_usd_per_day", { above: 0 });
    const day = calls.times(fee);
    const arithmetic = `${formatExact(calls)} calls x ${formatUsd(fee)} = ${formatUsd(day)} a day`;
    const figure = stated.get("usd_per_day");
    const saved = before === null ? null : Exact.of(before).minus(day).over(before).times(100);
    return {
      outputs: {
        usd_per_day: { value: day, how: arithmetic },
        ...(saved !== null && {
          saved_percent: {
            value: saved,
            how: `${arithmetic}, of ${formatUsd(Exact.of(before!))} before: ${formatPercent(saved)} saved`,
          },
        }),
      },
      readings: [
        { output: "usd_per_day", value: day.times(30), label: "30 days' fees" },
        { output: "usd_per_day", value: day.over(24), label: "an hour's fees" },
      ],
      remarks: [
        ...(figure !== undefined && figure.compare(day) < 0
          ? [
              `${formatUsd(figure)} is ${formatUsd(figure.over(calls))} a call, less than the fee alone: it can be what the calls cost whoever takes the fee, not what the user pays`,
            ]
          : []),
        ...(saved !== null && saved.compare(0) <= 0
          ? [`the fee alone is no less than the ${formatUsd(Exact.of(before!))} paid before`]
          : []),
      ],
    };
  },
};

/** What one call costs under a subscription that is used so many times. */
export const subscriptionPerCall: ClaimKind = {
  about: "usd_per_call = subscription / calls in a month (calls are per day or per month)",
  compute(inputs, stated) {
    const price = Exact.of(inputs.number("usd_per_month", { above: 0 }));
    const calls = Exact.of(inputs.number("calls", { above: 0 }));
    const per = inputs.choice("per", ["day", "month"] as const);
    const days = Exact.of(inputs.optionalNumber("days_per_month", { above: 0, to: 31 }) ?? 30);
    const month = per === "day" ? calls.times(days) : calls;
    const value = price.over(month);
    const other = per === "day" ? price.over(calls) : price.over(calls.times(days));
    const figure = stated.get("usd_per_call");
    const needed = figure !== undefined && figure.compare(0) > 0 ? price.over(figure) : null;
    return {
      outputs: {
        usd_per_call: {
          value,
          how: `${formatUsd(price)} / ${per === "day" ? `(${formatExact(calls)} a day x ${formatExact(days)} days)` : formatExact(calls)} = ${formatUsd(value)} a call`,
        },
      },
      readings: [
        {
          output: "usd_per_call",
          value: other,
          label: `${formatExact(calls)} calls a ${per === "day" ? "month" : "day"}, not a ${per}`,
        },
      ],
      remarks:
        needed === null ? [] : [`${formatUsd(figure!)} a call needs ${formatExact(needed)} calls a month`],
    };
  },
};

/** How large a call has to be for a fixed fee to cost what its tokens would. */
export const tokenBreakEven: ClaimKind = {
  about: "output_tokens_per_call and input_tokens_per_call at which a fee per call equals prices per token",
  compute: (inputs) => ({ outputs: readSizes(inputs).sizes }),
};

/** From how many calls on a fixed fee for every call is cheaper than prices per token: of none, unless something else is fixed. */
export const breakEvenVolume: ClaimKind = {
  about:
    "calls_per_day from which a fee per call is cheaper than token_usd_per_call, with fixed_usd_per_month to earn back",
  compute(inputs) {
    const { fee, sizes } = readSizes(inputs);
    const fixed = Exact.of(inputs.optionalNumber("fixed_usd_per_month", { from: 0 }) ?? 0);
    const perCall = inputs.optionalNumber("token_usd_per_call", { above: 0 });
    const days = Exact.of(inputs.optionalNumber("days_per_month", { above: 0, to: 31 }) ?? 30);
    const margin = perCall === null ? null : Exact.of(perCall).minus(fee);
    if (fixed.equals(0) || margin === null || margin.compare(0) <= 0)
      return {
        outputs: { ...sizes, calls_per_day: null },
        contradictions: [
          whyNoVolume(fixed, margin),
          `the break-even is in tokens per call: ${sizes.output_tokens_per_call.how}, or ${sizes.input_tokens_per_call.how}`,
        ],
      };
    const value = fixed.over(margin).over(days);
    const how = `${formatUsd(fixed)} / (${formatUsd(Exact.of(perCall!))} - ${formatUsd(fee)}) / ${formatExact(days)} days = ${formatExact(value)} calls a day`;
    return { outputs: { ...sizes, calls_per_day: { value, how } } };
  },
};

function readSizes(inputs: CheckedFields) {
  const fee = Exact.of(inputs.number("usd_per_call", { above: 0 }));
  const sizeOf = (kind: "input" | "output"): ClaimOutput => {
    const price = Exact.of(inputs.number(`${kind}_usd_per_mtok`, { above: 0 }));
    const value = fee.times(1_000_000).over(price);
    const how = `${formatUsd(fee)} / ${formatUsd(price)} x 1,000,000 = ${formatExact(value)} ${kind} tokens a call`;
    return { value, how };
  };
  return {
    fee,
    sizes: { output_tokens_per_call: sizeOf("output"), input_tokens_per_call: sizeOf("input") },
  };
}

function whyNoVolume(fixed: Exact, margin: Exact | null): string {
  if (fixed.equals(0))
    return "both prices grow in proportion to the calls, so no number of calls turns the dearer into the cheaper";
  return margin === null
    ? "token_usd_per_call is not given, so no number of calls can be computed"
    : "the fee for a call is no less than its tokens, so a fixed part on top never pays";
}

/** What a cache with free hits saves, and what is then left to explain by cheaper misses. */
export const hitSaving: ClaimKind = {
  about:
    "saved_percent of a bill, hits_alone_percent, and miss_saved_percent: how much cheaper each miss must be when hits are free",
  compute(inputs) {
    const before = Exact.of(inputs.number("before_usd", { above: 0 }));
    const after = Exact.of(inputs.number("after_usd", { from: 0 }));
    const hits = Exact.of(inputs.number("hit_percent", { from: 0, below: 100 }));
    const calls = inputs.optionalNumber("calls", { above: 0 });
    const saved = before.minus(after).over(before).times(100);
    const misses = Exact.of(100).minus(hits);
    const missesBefore = before.times(misses).over(100);
    const missSaved = missesBefore.minus(after).over(missesBefore).times(100);
    return {
      outputs: {
        saved_percent: {
          value: saved,
          how: `(${formatUsd(before)} - ${formatUsd(after)}) / ${formatUsd(before)} = ${formatPercent(saved)}`,
        },
        hits_alone_percent: { value: hits, how: `free hits save their share: ${formatPercent(hits)}` },
        miss_saved_percent: {
          value: missSaved,
          how: `misses cost ${formatUsd(missesBefore)} before and ${formatUsd(after)} after: ${formatPercent(missSaved)} less each`,
        },
        ...(calls !== null && {
          before_usd_per_call: perCall(before, calls),
          after_usd_per_call: perCall(after, calls),
        }),
      },
    };
  },
};

function perCall(usd: Exact, calls: number): { value: Exact; how: string } {
  const value = usd.over(calls);
  return { value, how: `${formatUsd(usd)} / ${formatExact(Exact.of(calls))} = ${formatUsd(value)}` };
}
