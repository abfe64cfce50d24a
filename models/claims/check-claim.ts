import type { CheckedFields } from "../../datasets/checked-fields.js";
import { InputError } from "../../datasets/errors.js";
import { Exact } from "../pricing/exact.js";
import { formatExact, formatPercent, formatUsd } from "../pricing/format-exact.js";
import type { ClaimKind, ClaimOutput, ClaimReading, ClaimResult } from "./claim-kind.js";

/** A claim's figures beside what its inputs come to. */
export interface CheckedClaim {
  verdict: "holds" | "fails";
  figures: Array<{
    name: string;
    stated: number;
    /** null when there is no such figure. */
    computed: number | null;
    /** Largest difference that still counts as equal. */
    tolerance: number;
    is_matched: boolean;
    /** The arithmetic, result included. */
    how: string;
    /** Readings that would give the stated figure; of a figure that doesn't hold. */
    readings: string[];
  }>;
  /** What is wrong, each with its arithmetic; empty when the claim holds. */
  findings: string[];
}

/** Recompute a claim and say what doesn't add up. A figure matches when it differs from the computed one by at most its tolerance:
 * the claim's own, or half a unit of the last digit as written, for a figure stated as 50.7 may have been 50.714.
 * @param fields.stated object of figures by name
 * @param fields.tolerance a number for all of them, or an object of numbers by name; absent for the default
 * @throws {InputError} if an input is absent or out of range, or a stated figure isn't one that the kind computes */
export function checkClaim(kind: ClaimKind, claim: CheckedFields): CheckedClaim {
  const inputs = claim.object("inputs");
  const stated = claim
    .numbers("stated", {})
    .map(([name, value]) => ({ name, value, exact: Exact.of(value) }));
  const result = compute(kind, inputs, new Map(stated.map(({ name, exact }) => [name, exact])));
  inputs.end();
  const toleranceOf = readTolerance(claim);
  const figures = stated.map(({ name, value, exact }) => {
    if (!Object.hasOwn(result.outputs, name))
      throw new InputError(
        `${claim.where}.stated.${name} is not what this kind computes; it computes: ${Object.keys(result.outputs).join(", ")}`,
      );
    const output = result.outputs[name]!;
    const tolerance = toleranceOf(name) ?? halfUnit(value);
    const isMatched = output !== null && matches(exact, output, tolerance);
    return {
      name,
      stated: value,
      computed: output?.value.toNumber() ?? null,
      tolerance: tolerance.toNumber(),
      is_matched: isMatched,
      how: output?.how ?? "there is no such figure",
      readings: isMatched ? [] : readingsOf(name, exact, tolerance, result),
    };
  });
  const isHolding = figures.every(({ is_matched: isMatched }) => isMatched);
  if (isHolding && (result.contradictions ?? []).length === 0)
    return { verdict: "holds", figures, findings: [] };
  return { verdict: "fails", figures, findings: findingsOf(figures, result) };
}

function compute(kind: ClaimKind, inputs: CheckedFields, stated: ReadonlyMap<string, Exact>): ClaimResult {
  try {
    return kind.compute(inputs, stated);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new InputError(`${inputs.where} can't be computed (${cause.message}); check its numbers`, {
      cause,
    });
  }
}

function readTolerance(claim: CheckedFields): (name: string) => Exact | null {
  const range = { from: 0 };
  if (!claim.has("tolerance")) return () => null;
  if (typeof claim.any("tolerance") === "number") {
    const tolerance = Exact.of(claim.number("tolerance", range));
    return () => tolerance;
  }
  const byName = new Map(claim.numbers("tolerance", range));
  return (name) => (byName.has(name) ? Exact.of(byName.get(name)!) : null);
}

/** Half a unit of the last decimal place that a number is written with. */
function halfUnit(value: number): Exact {
  const [digits, power = "0"] = String(value).split("e") as [string, string?];
  const places = (digits.split(".")[1] ?? "").length - Number(power);
  return Exact.of(places > 0 ? Number(`5e-${places + 1}`) : 0.5);
}

function matches(stated: Exact, { value, relation }: ClaimOutput, tolerance: Exact): boolean {
  if (relation === "below") return value.compare(stated) < 0;
  if (relation === "above") return value.compare(stated) > 0;
  return stated.minus(value).abs().compare(tolerance) <= 0;
}

function readingsOf(name: string, stated: Exact, tolerance: Exact, result: ClaimResult): string[] {
  const own = (result.readings ?? []).filter(({ output }) => output === name);
  return own
    .filter(({ value }) => stated.minus(value).abs().compare(tolerance) <= 0)
    .map((reading) => reading.label);
}

function findingsOf(figures: CheckedClaim["figures"], result: ClaimResult): string[] {
  const missed = figures.filter(({ is_matched: isMatched }) => !isMatched);
  return [
    ...missed.map((figure) => {
      const relation = result.outputs[figure.name]?.relation;
      return `stated ${relation ? `${relation} ` : ""}${format(figure.name, Exact.of(figure.stated))}, but ${figure.how}`;
    }),
    ...missed.flatMap((figure) => explain(figure, result.readings ?? [])),
    ...(result.contradictions ?? []),
    ...(result.remarks ?? []),
  ];
}

function explain(
  { name, stated, readings }: CheckedClaim["figures"][0],
  all: readonly ClaimReading[],
): string[] {
  if (readings.length > 0)
    return [`${format(name, Exact.of(stated))} follows from another reading: ${readings.join("; or ")}`];
  const tried = all.filter(({ output }) => output === name);
  return tried.length === 0
    ? []
    : [
        `other readings don't give it either: ${tried.map(({ label, value }) => `${format(name, value)} (${label})`).join(", ")}`,
      ];
}

function format(name: string, value: Exact): string {
  if (name.includes("percent")) return formatPercent(value);
  return name.includes("usd") || name.startsWith("route:") ? formatUsd(value) : formatExact(value);
}
