import type { CheckedFields } from "../../../datasets/checked-fields.js";
import { Exact } from "../../pricing/exact.js";
import { formatExact, formatPercent } from "../../pricing/format-exact.js";
import type { ClaimKind } from "../claim-kind.js";

const percentRange = { from: 0, to: 100 };

/** A statement about a share, held against the split that the same source gives. */
export const shareContradiction: ClaimKind = {
  about: "percent (or below_percent, above_percent) = sum of the counted shares of a split",
  compute(inputs) {
    const parts = inputs.objects("split").map((part) => {
      const row = {
        name: part.text("name"),
        percent: Exact.of(part.number("percent", percentRange)),
        isCounted: part.flag("counted"),
      };
      part.end();
      return row;
    });
    const counted = parts.filter(({ isCounted }) => isCounted);
    const value = Exact.sum(counted.map(({ percent }) => percent));
    const whole = Exact.sum(parts.map(({ percent }) => percent));
    const how = `${counted.map(({ name, percent }) => `${formatPercent(percent)} (${name})`).join(" + ") || "nothing"} = ${formatPercent(value)}`;
    return {
      outputs: {
        percent: { value, how },
        below_percent: { value, how, relation: "below" },
        above_percent: { value, how, relation: "above" },
      },
      contradictions: whole.compare(100) > 0 ? [`the split adds up to ${formatPercent(whole)}`] : [],
    };
  },
};

/** One percentage that is used in several sentences: it can be a share of one whole only. */
export const shareMeaning: ClaimKind = {
  about: "percent: is it a share of the same thing wherever it is used?",
  compute(inputs) {
    const percent = Exact.of(inputs.number("percent", percentRange));
    const uses = inputs.objects("uses").map(readUse);
    const wholes = [...new Set(uses.map(({ of }) => of))];
    const complements = uses.flatMap(({ complementOf, means }) =>
      complementOf === null ? [] : [{ value: Exact.of(100).minus(complementOf), complementOf, means }],
    );
    const off = complements.filter(({ value }) => !value.equals(percent));
    return {
      outputs: { percent: { value: percent, how: uses.map(wording(percent)).join("; ") } },
      contradictions: [
        ...(wholes.length > 1
          ? [
              `${formatPercent(percent)} is used as a share of ${wholes.join(" and of ")}: it can be a share of one of them only`,
            ]
          : []),
        ...off.map(
          ({ value, complementOf }) =>
            `100 - ${formatExact(Exact.of(complementOf))} = ${formatExact(value)}, not ${formatExact(percent)}`,
        ),
      ],
      remarks: uses.flatMap(({ whole, means, of, complementOf }) =>
        whole === null ? [] : inWhole(percent, whole, { means, of, complementOf }),
      ),
    };
  },
};

interface Use {
  of: string;
  means: string;
  complementOf: number | null;
  /** What the whole is itself a percentage of all of. */
  whole: number | null;
}

function readUse(fields: CheckedFields): Use {
  const use = {
    of: fields.text("of"),
    means: fields.text("means"),
    complementOf: fields.optionalNumber("complement_of_percent", percentRange),
    whole: fields.optionalNumber("of_is_percent_of_all", percentRange),
  };
  fields.end();
  return use;
}

function wording(percent: Exact): (use: Use) => string {
  return ({ of, means, complementOf }) =>
    `${formatPercent(percent)} of ${of} are ${means}${complementOf === null ? "" : ` (100 - ${formatExact(Exact.of(complementOf))})`}`;
}

function inWhole(percent: Exact, whole: number, use: Pick<Use, "means" | "of" | "complementOf">): string[] {
  const ofAll = (share: Exact) =>
    `${formatPercent(share)} x ${formatPercent(Exact.of(whole))} = ${formatPercent(share.times(whole).over(100))} of all`;
  return [
    `as a share of ${use.of}, ${use.means} are ${ofAll(percent)}`,
    ...(use.complementOf === null ? [] : [`and the others ${ofAll(Exact.of(use.complementOf))}`]),
  ];
}

/** Two shares that are said to make up a whole. */
export const complement: ClaimKind = {
  about: "percent = 100 - the other share",
  compute(inputs) {
    const other = Exact.of(inputs.number("other_percent", percentRange));
    const value = Exact.of(100).minus(other);
    return {
      outputs: { percent: { value, how: `100 - ${formatExact(other)} = ${formatPercent(value)}` } },
    };
  },
};
