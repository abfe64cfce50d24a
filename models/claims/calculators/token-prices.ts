import type { CheckedFields } from "../../../datasets/checked-fields.js";
import { Exact } from "../../pricing/exact.js";
import { formatExact, formatPercent, formatUsd } from "../../pricing/format-exact.js";
import type { ClaimKind } from "../claim-kind.js";

const million = 1_000_000;

/** Calls of equal size at one price per token. */
export const tokenBill: ClaimKind = {
  about: "usd = calls x tokens a call x price per million tokens",
  compute(inputs) {
    const calls = Exact.of(inputs.number("calls", { above: 0 }));
    const tokens = Exact.of(inputs.number("tokens_per_call", { above: 0 }));
    const price = Exact.of(inputs.number("usd_per_mtok", { from: 0 }));
    const usd = calls.times(tokens).times(price).over(million);
    return {
      outputs: {
        usd: {
          value: usd,
          how: `${formatExact(calls)} x ${formatExact(tokens)} tokens x ${formatUsd(price)} / 1,000,000 = ${formatUsd(usd)}`,
        },
        usd_per_call: {
          value: usd.over(calls),
          how: `${formatExact(tokens)} tokens x ${formatUsd(price)} / 1,000,000 = ${formatUsd(usd.over(calls))}`,
        },
      },
      readings: [
        { output: "usd", value: usd.over(12), label: "a year's bill shared over 12 months" },
        { output: "usd", value: usd.times(12), label: "12 times the period's bill" },
      ],
    };
  },
};

/** One call at prices for input and output. Where only the sum of tokens is known, any price between all input and all output will do. */
export const callPrice: ClaimKind = {
  about: "usd_per_call of input_tokens and output_tokens, or of total_tokens, which leaves a range",
  compute(inputs, stated) {
    const input = Exact.of(inputs.number("input_usd_per_mtok", { from: 0 })).over(million);
    const output = Exact.of(inputs.number("output_usd_per_mtok", { from: 0 })).over(million);
    if (!inputs.has("total_tokens")) {
      const tokensIn = Exact.of(inputs.number("input_tokens", { from: 0 }));
      const tokensOut = Exact.of(inputs.number("output_tokens", { from: 0 }));
      const value = tokensIn.times(input).plus(tokensOut.times(output));
      const how = `${formatExact(tokensIn)} tokens in + ${formatExact(tokensOut)} out = ${formatUsd(value)}`;
      return { outputs: { usd_per_call: { value, how } } };
    }
    const total = Exact.of(inputs.number("total_tokens", { above: 0 }));
    const [low, high] = [input, output].map((price) => total.times(price)).sort((a, b) => a.compare(b)) as [
      Exact,
      Exact,
    ];
    const figure = stated.get("usd_per_call") ?? low;
    const value = figure.compare(low) < 0 ? low : figure.compare(high) > 0 ? high : figure;
    const how = `${formatExact(total)} tokens cost from ${formatUsd(low)} to ${formatUsd(high)}, as they are input or output`;
    return { outputs: { usd_per_call: { value, how } } };
  },
};

/** Tokens split over prices. */
export const blendedCost: ClaimKind = {
  about: "usd_per_mtok of a mix, price_ratio (dearest / cheapest), saved_percent against a baseline price",
  compute(inputs) {
    const parts = inputs.objects("parts").map((part) => {
      const row = readPart(part);
      part.end();
      return row;
    });
    const prices = parts.map(({ price }) => price).sort((a, b) => a.compare(b));
    const [cheapest, dearest] = [prices[0]!, prices.at(-1)!];
    const given = inputs.optionalNumber("baseline_usd_per_mtok", { above: 0 });
    const baseline = given === null ? dearest : Exact.of(given);
    const blended = Exact.sum(parts.map(({ share, price }) => share.times(price).over(100)));
    const mean = Exact.sum(prices).over(prices.length);
    if (baseline.equals(0)) throw new RangeError("no price is above 0");
    const savedFrom = (price: Exact) => baseline.minus(price).over(baseline).times(100);
    return {
      outputs: {
        usd_per_mtok: {
          value: blended,
          how: `${parts.map(({ share, price }) => `${formatPercent(share)} x ${formatUsd(price)}`).join(" + ")} = ${formatUsd(blended)}`,
        },
        saved_percent: {
          value: savedFrom(blended),
          how: `(${formatUsd(baseline)} - ${formatUsd(blended)}) / ${formatUsd(baseline)} = ${formatPercent(savedFrom(blended))}`,
        },
        ...(cheapest.compare(0) > 0 && {
          price_ratio: {
            value: dearest.over(cheapest),
            how: `${formatUsd(dearest)} / ${formatUsd(cheapest)} = ${formatExact(dearest.over(cheapest))}`,
          },
        }),
      },
      readings: [
        { output: "usd_per_mtok", value: mean, label: "the mean of the prices, whatever the shares" },
        {
          output: "saved_percent",
          value: savedFrom(mean),
          label: "the mean of the prices, whatever the shares",
        },
        { output: "saved_percent", value: savedFrom(cheapest), label: "the cheapest price for everything" },
      ],
      contradictions: wholeOf(parts),
    };
  },
};

/** Calls split over routes, some with a second pass that checks the answer. */
export const routedMix: ClaimKind = {
  about:
    "baseline_usd, routed_usd, saved_usd, saved_percent, and route:NAME for each route; verification_factor multiplies a route",
  compute(inputs) {
    const tokens = Exact.of(inputs.number("calls", { above: 0 })).times(
      inputs.number("tokens_per_call", { above: 0 }),
    );
    const price = Exact.of(inputs.number("baseline_usd_per_mtok", { above: 0 }));
    const routes = inputs.objects("routes").map((route) => {
      const row = {
        ...readPart(route),
        name: route.text("name"),
        factor: Exact.of(route.optionalNumber("verification_factor", { from: 1 }) ?? 1),
      };
      route.end();
      return row;
    });
    const baseline = tokens.times(price).over(million);
    const plain = routes.map((route) => tokens.times(route.share).over(100).times(route.price).over(million));
    const costs = routes.map(({ factor }, i) => plain[i]!.times(factor));
    const routed = Exact.sum(costs);
    const percentSaved = (usd: Exact) => baseline.minus(usd).over(baseline).times(100);
    const unverified = Exact.sum(plain);
    return {
      outputs: {
        baseline_usd: {
          value: baseline,
          how: `${formatExact(tokens)} tokens x ${formatUsd(price)} / 1,000,000 = ${formatUsd(baseline)}`,
        },
        routed_usd: {
          value: routed,
          how: `${costs.map(formatUsd).join(" + ")} = ${formatUsd(routed)}`,
        },
        saved_usd: {
          value: baseline.minus(routed),
          how: `${formatUsd(baseline)} - ${formatUsd(routed)} = ${formatUsd(baseline.minus(routed))}`,
        },
        saved_percent: {
          value: percentSaved(routed),
          how: `${formatUsd(baseline.minus(routed))} / ${formatUsd(baseline)} = ${formatPercent(percentSaved(routed))}`,
        },
        ...Object.fromEntries(
          routes.map(({ name, share, price: own, factor }, i) => [
            `route:${name}`,
            {
              value: costs[i]!,
              how: `${formatPercent(share)} at ${formatUsd(own)} = ${formatUsd(plain[i]!)}${factor.equals(1) ? "" : ` x ${formatExact(factor)} = ${formatUsd(costs[i]!)}`}`,
            },
          ]),
        ),
      },
      readings: [
        { output: "routed_usd", value: unverified, label: "the verification pass left out" },
        {
          output: "saved_percent",
          value: percentSaved(unverified),
          label: "the verification pass left out",
        },
        {
          output: "saved_percent",
          value: routed.over(baseline).times(100),
          label: "what remains of the baseline",
        },
        { output: "saved_usd", value: routed, label: "the bill, not what is saved of it" },
      ],
      contradictions: wholeOf(routes),
    };
  },
};

function readPart(part: CheckedFields): { share: Exact; price: Exact } {
  return {
    share: Exact.of(part.number("percent", { from: 0, to: 100 })),
    price: Exact.of(part.number("usd_per_mtok", { from: 0 })),
  };
}

function wholeOf(parts: ReadonlyArray<{ share: Exact }>): string[] {
  const whole = Exact.sum(parts.map(({ share }) => share));
  return whole.equals(100) ? [] : [`the shares add up to ${formatPercent(whole)}, not to 100 %`];
}
