import { Exact } from "../../pricing/exact.js";
import { formatExact } from "../../pricing/format-exact.js";
import type { ClaimKind } from "../claim-kind.js";

/** One quantity that a source gives in several places. */
export const sameValue: ClaimKind = {
  about: "value: is one quantity the same wherever it is given? also times (largest / smallest)",
  compute(inputs) {
    const values = inputs
      .numbers("values", { above: 0 })
      .map(([where, value]) => ({ where, value: Exact.of(value) }));
    const sorted = values.map(({ value }) => value).sort((a, b) => a.compare(b));
    const [smallest, largest] = [sorted[0]!, sorted.at(-1)!];
    const times = largest.over(smallest);
    const distinct = sorted.filter((value, i) => i === 0 || !value.equals(sorted[i - 1]!));
    const list = values.map(({ where, value }) => `${formatExact(value)} (${where})`).join(", ");
    return {
      outputs: {
        value: { value: values[0]!.value, how: list },
        times: {
          value: times,
          how: `${formatExact(largest)} / ${formatExact(smallest)} = ${formatExact(times)}`,
        },
      },
      contradictions:
        distinct.length > 1
          ? [
              `${distinct.length} values for one quantity, ${times.toFixed(times.compare(10) < 0 ? 2 : 0)} times apart: ${list}`,
            ]
          : [],
      remarks:
        distinct.length > 1
          ? ["each may be right for its date, provider or unit; the source must say which"]
          : [],
    };
  },
};

/** A range that rows of a table are said to lie in. */
export const statedRange: ClaimKind = {
  about: "low and high = smallest and largest of the rows that the range is said to cover",
  compute(inputs) {
    const rows = inputs.numbers("rows", {}).map(([name, value]) => ({ name, value: Exact.of(value) }));
    const sorted = [...rows].sort((a, b) => a.value.compare(b.value));
    const end = ({ name, value }: (typeof rows)[0]) => ({ value, how: `${formatExact(value)} (${name})` });
    return { outputs: { low: end(sorted[0]!), high: end(sorted.at(-1)!) } };
  },
};
