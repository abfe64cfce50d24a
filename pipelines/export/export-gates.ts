import { DataError } from "../../datasets/errors.js";
import type { ConfounderReport, SliceReport } from "../../datasets/model-evidence.js";
import type { Estimate } from "../../datasets/results.js";

/** Refuse a router that wording sways too much.
 * @throws {DataError} naming each family over its budget, its rate with the interval, and what next */
export function refuseSwayed({ families, not_cheapest }: ConfounderReport): void {
  const over = families.filter(({ status }) => status === "over");
  if (over.length === 0) return;
  const named = over.map(
    ({ family, about, to_cheaper, budget }) =>
      `${family} (${about}) ${shareText(to_cheaper!)} of ${to_cheaper!.n}, at most ${percent(budget)} is allowed`,
  );
  const option = over.some(({ family }) => family !== "searched_prefix")
    ? "--max-flip-rate"
    : "--max-searched-flip-rate";
  throw new DataError(
    `not exported: changes of wording move requests to a cheaper model too often (${not_cheapest} of the tried requests could ` +
      `be moved): ${named.join("; ")}. Label more requests and train again, raise --retention, or accept it knowingly ` +
      `with ${option}; the card and the manifest then say so`,
  );
}

/** Refuse a router that keeps too little in some slice.
 * @throws {DataError} naming each slice below the floor that isn't too small to judge */
export function refuseWeakSlices({ rows }: SliceReport, floor: number): void {
  const weak = rows.filter(({ retention }) => retention !== null && retention.value < floor);
  if (weak.length === 0) return;
  const named = weak.map(
    ({ dimension, slice, retention }) =>
      `${dimension} ${slice}: ${shareText(retention!)} on ${retention!.n} rows`,
  );
  throw new DataError(
    `not exported: retention below ${percent(floor)} in ${named.join("; ")}. Label more requests of these slices and ` +
      "train again, raise --retention, or lower --min-slice-retention",
  );
}

function shareText({ value, low, high }: Estimate): string {
  return `${percent(value)} [${percent(low)}, ${percent(high)}]`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
