import type { AfterFailure } from "../../datasets/reliability-result.js";
import { errorClasses, isRetryable } from "./error-classes.js";
import type { Estimator, FigurePart } from "./figure-part.js";
import type { Gathering } from "./gather-sums.js";
import { relations, type SumLayout } from "./sum-layout.js";

/** Sum a block by class and relation over the classes that are worth another try. */
export function sumRetryable(
  sums: readonly number[],
  { block, relation }: { block: number; relation: number },
): number {
  let sum = 0;
  for (let kind = 0; kind < errorClasses.length; kind++) {
    if (isRetryable(kind)) sum += sums[block + kind * relations.length + relation]!;
  }
  return sum;
}

/** How often the next attempt fails after a failure, as logged and as met by others at the same time. */
export function afterFailure(
  { layout }: Gathering,
  totals: readonly number[],
  { share }: Estimator,
): FigurePart<AfterFailure[]> {
  return {
    figures: (sums) =>
      relations.flatMap((_, relation) => {
        const tries = sumRetryable(sums, { block: layout.second, relation });
        return [
          sumRetryable(sums, { block: layout.secondFailed, relation }) / tries,
          sums[layout.around + relation]! / sums[layout.arounds + relation]!,
        ];
      }),
    say: (next) =>
      relations.map((name, relation) => {
        const [logged, window] = [next(), next()];
        const tries = sumRetryable(totals, { block: layout.second, relation });
        const around = totals[layout.arounds + relation]!;
        return {
          relation: name,
          logged:
            tries > 0 ? share(logged, "measured: logged second attempts that failed as well", tries) : null,
          same_window:
            around > 0
              ? share(
                  window,
                  "matched: error rate of other requests in the same window of time, mean over failures",
                  around,
                )
              : null,
        };
      }),
  };
}

/** Share of first attempts on a model that fail; over all of the policy's models where it has none. */
export function overallFailure(
  sums: readonly number[],
  { answered, failedFirst, classes, models }: SumLayout,
  model: number,
): number {
  const failed = (place: number) => {
    let sum = 0;
    for (let kind = 0; kind < classes; kind++) sum += sums[failedFirst + place * classes + kind]!;
    return sum;
  };
  const own = failed(model);
  if (own + sums[answered + model]! > 0) return own / (own + sums[answered + model]!);
  let [bad, good] = [0, 0];
  for (let place = 0; place < models; place++) {
    bad += failed(place);
    good += sums[answered + place]!;
  }
  return bad / (bad + good);
}
