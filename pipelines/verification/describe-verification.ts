import type { Estimate } from "../../datasets/results.js";
import type { VerificationResult } from "../../datasets/verification-result.js";
import { faultlessRates, type GateRates } from "../../models/cascade/gate.js";
import { combineSums, type GatedSums, gatedRatio, settleTotal } from "../../models/cascade/gated-sums.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import type { VerificationSums } from "./sum-verification.js";

/** The figures of a verification pass that rest on sums by session. */
export type VerificationFigures = Pick<
  VerificationResult,
  | "stakes_requests"
  | "stakes_share"
  | "pass_usd"
  | "repair_usd"
  | "usd"
  | "usd_per_stakes_request"
  | "share_of_bill"
  | "errors"
  | "caught"
  | "missed"
  | "false_alarms"
  | "break_even_error_usd"
  | "net_usd"
  | "strong_instead"
  | "cheap_and_verified"
>;

const clustered = "95 % interval: cluster-robust by session (Student t)";
const doubted = `${clustered}, and the verifier's rates within their own intervals (MOVER)`;
const priced = "modelled: logged tokens at list price, and what the gateway adds";
const predicted = "modelled: the router's calibrated sufficiency, relative to the strong model";

/** Describe a verification pass from its sums.
 * @param cheap the same pass with the cheapest model answering
 * @param options.gate null leaves everything unknown that depends on how the verifier errs
 * @param options.errorUsd harm of an uncaught error; null = not given */
export function describeVerification(
  sums: VerificationSums,
  cheap: VerificationSums,
  options: {
    gate: GateRates | null;
    errorUsd: number | null;
    cheapModel: string | null;
    strongError: number;
  },
): VerificationFigures {
  const { gate, errorUsd, cheapModel, strongError } = options;
  const stakes = settleTotal(sums.stakes)(1, 1);
  const estimate = (interval: Interval | null, method: string, scale = 1): Estimate | null =>
    interval && {
      value: interval.value * scale,
      low: interval.low * scale,
      high: interval.high * scale,
      method,
      n: stakes,
    };
  const known = (top: GatedSums, bottom: GatedSums, how: string, scale = 1) =>
    estimate(gatedRatio(top, bottom, faultlessRates), `${how}; ${clustered}`, scale);
  const gated = (top: GatedSums, bottom: GatedSums, how: string, scale = 1) =>
    gate && estimate(gatedRatio(top, bottom, gate), `${how}; ${doubted}`, scale);
  const all = sums.requests;
  // A total is so many times the mean of a session: how many requests a session has varies too.
  const count = all.fixed.length;
  const each = combineSums([0, all]);
  each.fixed.fill(1);
  const cheapUsd = combineSums([1, cheap.switchUsd], [1, cheap.usd]);
  const moreErrors = combineSums(
    [1, cheap.errors],
    [strongError - 1, cheap.caught],
    [strongError, cheap.falseAlarms],
    [-1, sums.errors],
  );
  const at = (sum: GatedSums) =>
    settleTotal(sum)(gate?.tpr.value ?? Number.NaN, gate?.tnr.value ?? Number.NaN);
  const isTrade = at(cheapUsd) < 0 && at(moreErrors) > 0;
  return {
    stakes_requests: stakes,
    stakes_share: known(sums.stakes, all, "measured: the router's flag, of the compared attempts"),
    pass_usd: known(sums.pass, each, priced, count),
    repair_usd: gated(sums.repair, each, priced, count),
    usd: gated(sums.usd, each, priced, count),
    usd_per_stakes_request: gated(sums.usd, sums.stakes, priced),
    share_of_bill: gated(sums.usd, sums.routedUsd, `${priced}, of what the router's choices cost`),
    errors: known(sums.errors, each, predicted, count),
    caught: gated(sums.caught, each, predicted, count),
    missed: gated(combineSums([1, sums.errors], [-1, sums.caught]), each, predicted, count),
    false_alarms: gated(sums.falseAlarms, each, predicted, count),
    break_even_error_usd: gated(sums.usd, sums.caught, `${priced}, per error caught`),
    net_usd:
      errorUsd === null
        ? null
        : gated(
            combineSums([errorUsd, sums.caught], [-1, sums.usd]),
            each,
            "modelled: harm avoided minus cost",
            count,
          ),
    strong_instead: {
      usd: known(sums.strongUsd, each, priced, count),
      prevented: known(sums.preventable, each, predicted, count),
      usd_per_prevented: known(sums.strongUsd, sums.preventable, `${priced}, per error prevented`),
    },
    cheap_and_verified: {
      model: cheapModel,
      usd: cheapModel === null ? null : gated(cheapUsd, each, priced, count),
      more_errors: cheapModel === null ? null : gated(moreErrors, each, predicted, count),
      pays_up_to_error_usd: isTrade
        ? gated(combineSums([-1, cheapUsd]), moreErrors, `${priced}, saved per error more`)
        : null,
    },
  };
}
