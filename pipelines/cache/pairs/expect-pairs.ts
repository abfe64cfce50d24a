import { allowedErrors, type ErrorPromise, leastLabels } from "../../../models/statistics/allowed-errors.js";
import { kishRows } from "../../../models/statistics/survey-share.js";
import type { PairSample } from "./sample-pairs.js";

/** What a number of labels can certify. */
export interface ExpectedLabels {
  labels: number;
  /** Labels of equal weight that would say as much. */
  effective_labels: number;
  /** Wrong hits among the labels at or above a threshold that still certify it; null when no number does. */
  allowed_errors: number | null;
  /** Least labels, all of them right, with which anything is certified. */
  least_labels: number;
}

/** One segment's part. */
export interface ExpectedSegment extends ExpectedLabels {
  segment: string;
  requests: number;
  /** Share of its requests that lie above the floor. */
  share_above_floor: number;
  pairs: number;
  /** Least labels when requests below the floor count too, which can't be wrong hits: alpha / share_above_floor takes the place of alpha. 0 =
   * no labels needed: all that lies above the floor may be wrong. */
  least_labels_of_traffic: number;
  /** Size of a uniform run in which the segment gets its least labels; null when it has too few pairs for any. */
  least_run: number | null;
}

/** What a run's labels would buy. */
export interface ExpectedPairs {
  alpha: number;
  delta: number;
  all: ExpectedLabels;
  segments: ExpectedSegment[];
}

/** Say what labels of the sampled pairs can certify, over all and segment by segment.
 * @param options.labels how many of the sampled pairs, from the front, will be labelled */
export function expectPairs(
  { pairs, segments }: Pick<PairSample, "pairs" | "segments">,
  { labels, alpha, delta }: ErrorPromise & { labels: number },
): ExpectedPairs {
  const labelled = pairs.slice(0, labels);
  const least = leastLabels({ alpha, delta });
  const traffic = segments.reduce((sum, { judgeable }) => sum + judgeable, 0);
  return {
    alpha,
    delta,
    all: expectLabels(labelled, { alpha, delta }),
    segments: segments.map(({ segment, requests, above_floor, judgeable, pairs: distinct }) => {
      const share = above_floor / requests;
      const own = labelled.filter((pair) => pair.segment === segment);
      return {
        segment,
        requests,
        share_above_floor: share,
        pairs: distinct,
        ...expectLabels(own, { alpha, delta }),
        least_labels_of_traffic: share <= alpha ? 0 : leastLabels({ alpha: alpha / share, delta }),
        least_run: distinct < least ? null : Math.ceil((least * traffic) / judgeable),
      };
    }),
  };
}

function expectLabels(
  rows: ReadonlyArray<{ inclusion_probability: number }>,
  promise: ErrorPromise,
): ExpectedLabels {
  const effective =
    rows.length === 0
      ? 0
      : Math.floor(
          kishRows(rows.map(({ inclusion_probability }) => 1 / inclusion_probability)) * (1 + 1e-12),
        );
  return {
    labels: rows.length,
    effective_labels: effective,
    allowed_errors: allowedErrors(effective, promise),
    least_labels: leastLabels(promise),
  };
}
