import { timeZone } from "../../time-zone.js";
import { readMoney, readNumber } from "../read-value.js";
import { median } from "./judge-duration.js";
import type { Verdict } from "./judge-time.js";

const context = { zone: timeZone("UTC")!, decimal: "." } as const;

/** What a request of the sample should have cost, value by value. */
export interface CostEvidence {
  /** By the price book, USD; null where the model or its tokens aren't known. */
  listUsd: ReadonlyArray<number | null>;
  totalTokens: ReadonlyArray<number | null>;
}

/** How a column can be read as money: by what the price book says of the same requests, by the unit in its name, by USD per million tokens.
 * @param values one per sampled record, undefined where there is none */
export function judgeCost(
  values: readonly unknown[],
  named: string | null,
  { listUsd, totalTokens }: CostEvidence,
): Verdict | null {
  const amounts = values.map((value) => (value === undefined ? null : readMoney(value, "usd", context)));
  const present = values.filter((value) => value !== undefined).length;
  const known = amounts.filter((amount): amount is number => amount !== null && amount >= 0);
  if (known.length < 0.8 * present || known.length === 0) return null;
  if (values.some((value) => typeof value === "string" && value.includes("$")))
    return { fit: 1, unit: "usd", why: "it has dollar signs" };
  const ratios = amounts.flatMap((amount, i) =>
    amount !== null && amount > 0 && (listUsd[i] ?? 0) > 0 ? [amount / listUsd[i]!] : [],
  );
  if (ratios.length > 0) {
    const ratio = median(ratios);
    const near = units.find(([, perUsd]) => ratio / perUsd > 0.33 && ratio / perUsd < 3);
    if (near)
      return {
        fit: 1,
        unit: near[0],
        why: `${near[0]}: ${(ratio / near[1]).toFixed(2)} of the list price of the same tokens`,
      };
  }
  if (named !== null && units.some(([unit]) => unit === named))
    return { fit: 1, unit: named, why: `its name says ${named}` };
  const perMtok = amounts.flatMap((amount, i) =>
    amount !== null && amount > 0 && (totalTokens[i] ?? 0) > 0 ? [(amount / totalTokens[i]!) * 1e6] : [],
  );
  if (perMtok.length === 0)
    return {
      fit: 0.6,
      unit: "usd",
      why: "there is nothing to tell its unit by",
      choices: ["usd", "cents", "micro_usd"],
    };
  const middle = median(perMtok);
  const plausible = units
    .filter(([, perUsd]) => middle / perUsd >= 0.01 && middle / perUsd <= 600)
    .map(([unit]) => unit);
  const [unit = "usd"] = plausible;
  const why = `${Number(middle.toPrecision(3))} per million tokens`;
  return plausible.length === 1
    ? { fit: 0.95, unit, why: `${unit}: ${why}` }
    : {
        fit: 0.7,
        unit,
        why: `${why}: more than one unit is possible`,
        choices: plausible.length > 0 ? plausible : ["usd", "cents", "micro_usd"],
      };
}

const units = [
  ["usd", 1],
  ["cents", 100],
  ["milli_usd", 1e3],
  ["micro_usd", 1e6],
  ["nano_usd", 1e9],
] as const;

/** Numbers of a column, null where there is none. */
export function numbersOf(values: readonly unknown[]): Array<number | null> {
  return values.map((value) => (value === undefined ? null : readNumber(value, context)));
}
