import type { ReliabilityModel } from "../../datasets/reliability-result.js";
import { errorClasses } from "./error-classes.js";
import type { Estimator, FigurePart } from "./figure-part.js";
import type { Gathering } from "./gather-sums.js";

const measured = "measured: failed among the model's logged attempts";

/** How often each model's attempts fail, by class, and what that costs. */
export function modelErrors(
  { replay, layout }: Gathering,
  totals: readonly number[],
  { share }: Estimator,
): FigurePart<ReliabilityModel[]> {
  const places = [...Array(layout.models + 1).keys()]
    .filter((place) => totals[layout.attempts + place]! > 0)
    .sort((a, b) => totals[layout.attempts + b]! - totals[layout.attempts + a]! || a - b)
    .map((place) => ({ place, classes: classesOf(place) }));

  function classesOf(place: number): number[] {
    const countOf = (kind: number) => totals[layout.failures + place * layout.classes + kind]!;
    return [...errorClasses.keys()]
      .filter((kind) => countOf(kind) > 0)
      .sort((a, b) => countOf(b) - countOf(a) || a - b);
  }
  return {
    figures: (sums) =>
      places.flatMap(({ place, classes }) => {
        const attempts = sums[layout.attempts + place]!;
        const failed = (kind: number) => sums[layout.failures + place * layout.classes + kind]!;
        const all = classes.reduce((sum, kind) => sum + failed(kind), 0);
        return [all / attempts, ...classes.map((kind) => failed(kind) / attempts)];
      }),
    say: (next) =>
      places.map(({ place, classes }) => {
        const attempts = totals[layout.attempts + place]!;
        const failed = (kind: number) => totals[layout.failures + place * layout.classes + kind]!;
        return {
          model: replay.models[place] ?? "other models",
          attempts,
          failures: classes.reduce((sum, kind) => sum + failed(kind), 0),
          error_rate: share(next(), measured, attempts),
          by_class: classes.map((kind) => ({
            error_class: errorClasses[kind]!.name,
            kind: errorClasses[kind]!.kind,
            failures: failed(kind),
            rate: share(next(), measured, attempts),
          })),
          billed_failures: totals[layout.billedFailures + place]!,
          unpriced_failures: totals[layout.unpricedFailures + place]!,
          failed_usd: totals[layout.failedUsd + place]!,
        };
      }),
  };
}
