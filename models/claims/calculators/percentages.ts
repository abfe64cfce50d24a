import { Exact } from "../../pricing/exact.js";
import { formatExact, formatPercent, formatUsd } from "../../pricing/format-exact.js";
import type { ClaimKind, ClaimReading } from "../claim-kind.js";

/** A percentage of a named base, such as a mark-up of a bill. With several bases the first is the claim's, the others are tried. */
export const percentOf: ClaimKind = {
  about: "value_usd = percent of a base; bases {name: usd}, the first is the one that is meant",
  compute(inputs, stated) {
    const percent = Exact.of(inputs.number("percent", { above: 0 }));
    const bases = inputs.numbers("bases", { from: 0 }).map(([name, usd]) => ({ name, usd: Exact.of(usd) }));
    const of = (usd: Exact) => usd.times(percent).over(100);
    const [meant, ...others] = bases as [(typeof bases)[0], ...typeof bases];
    const figure = stated.get("value_usd");
    return {
      outputs: {
        value_usd: {
          value: of(meant.usd),
          how: bases
            .map(
              ({ name, usd }) =>
                `${formatPercent(percent)} of ${formatUsd(usd)} (${name}) = ${formatUsd(of(usd))}`,
            )
            .join("; "),
        },
      },
      readings: others.map(({ name, usd }) => ({
        output: "value_usd",
        value: of(usd),
        label: `${formatPercent(percent)} of ${formatUsd(usd)} (${name})`,
      })),
      remarks: figure === undefined ? [] : [impliedBase(figure, percent, bases)],
    };
  },
};

function impliedBase(
  figure: Exact,
  percent: Exact,
  bases: ReadonlyArray<{ name: string; usd: Exact }>,
): string {
  const implied = figure.times(100).over(percent);
  const named = bases.find(({ usd }) => usd.equals(implied));
  const which = named
    ? `which is ${named.name}`
    : bases.length === 1
      ? `which is not ${bases[0]!.name}`
      : `which is ${bases.length === 2 ? "neither" : "none of the"} ${bases.map(({ name, usd }) => `${name} (${formatUsd(usd)})`).join(bases.length === 2 ? " nor " : ", ")}`;
  return `${formatUsd(figure)} is ${formatPercent(percent)} of ${formatUsd(implied)}, ${which}`;
}

/** A fall (or rise) from one amount to another. */
export const saving: ClaimKind = {
  about: "saved_usd, saved_percent and times (before / after) of two bills",
  compute(inputs) {
    const before = Exact.of(inputs.number("before_usd", { above: 0 }));
    const after = Exact.of(inputs.number("after_usd", { above: 0 }));
    const saved = before.minus(after);
    const percent = saved.over(before).times(100);
    const times = before.over(after);
    return {
      outputs: {
        saved_usd: { value: saved, how: `${formatUsd(before)} - ${formatUsd(after)} = ${formatUsd(saved)}` },
        saved_percent: {
          value: percent,
          how: `${formatUsd(saved)} / ${formatUsd(before)} = ${formatPercent(percent)}`,
        },
        times: { value: times, how: `${formatUsd(before)} / ${formatUsd(after)} = ${formatExact(times)}` },
      },
      readings: [
        {
          output: "saved_percent",
          value: saved.over(after).times(100),
          label: "the difference as a share of the bill after",
        },
        {
          output: "saved_percent",
          value: after.over(before).times(100),
          label: "what remains of the bill before",
        },
      ],
    };
  },
};

/** A change between two percentages: in points, and as a share of the first. */
export const percentChange: ClaimKind = {
  about: "points and relative_percent between two percentages",
  compute(inputs) {
    const before = Exact.of(inputs.number("before_percent", { above: 0 }));
    const after = Exact.of(inputs.number("after_percent", { from: 0 }));
    const points = after.minus(before);
    const relative = points.over(before).times(100);
    return {
      outputs: {
        points: {
          value: points,
          how: `${formatExact(after)} - ${formatExact(before)} = ${formatExact(points)} percentage points`,
        },
        relative_percent: {
          value: relative,
          how: `${formatExact(points)} / ${formatExact(before)} = ${formatPercent(relative)} of the first`,
        },
      },
      readings: [
        {
          output: "relative_percent",
          value: points,
          label: "the difference in percentage points, not in percent",
        },
        { output: "points", value: relative, label: "the difference in percent, not in percentage points" },
      ],
    };
  },
};

/** Growth from one year to another at one rate a year. */
export const cagr: ClaimKind = {
  about: "percent = compound growth a year between two values, and times",
  compute(inputs) {
    const from = inputs.number("from_value", { above: 0 });
    const to = inputs.number("to_value", { above: 0 });
    const first = inputs.number("from_year", { isWhole: true });
    const last = inputs.number("to_year", { above: first, isWhole: true });
    const years = last - first;
    const times = Exact.of(to).over(from);
    const growth = times.toNumber();
    const rate = (periods: number) => Exact.of(Number(((growth ** (1 / periods) - 1) * 100).toPrecision(12)));
    const over = (periods: number): ClaimReading => ({
      output: "percent",
      value: rate(periods),
      label: `growth over ${periods} years; ${first} to ${last} are ${years}`,
    });
    return {
      outputs: {
        percent: {
          value: rate(years),
          how: `(${formatExact(Exact.of(to))} / ${formatExact(Exact.of(from))})^(1/${years}) - 1 = ${rate(years).toFixed(1)} %`,
        },
        times: {
          value: times,
          how: `${formatExact(Exact.of(to))} / ${formatExact(Exact.of(from))} = ${formatExact(times)}`,
        },
      },
      readings: [
        over(years + 1),
        ...(years > 1 ? [over(years - 1)] : []),
        {
          output: "percent",
          value: times.minus(1).times(100).over(years),
          label: "simple growth: the whole growth by the number of years",
        },
        { output: "percent", value: times.minus(1).times(100), label: "the growth of all years together" },
        {
          output: "percent",
          value: Exact.of(Number(((Math.log(growth) / years) * 100).toPrecision(12))),
          label: "continuous growth (logarithms)",
        },
      ],
    };
  },
};
