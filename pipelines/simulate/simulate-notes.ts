import type { ModelResult, SimulateResult } from "../../datasets/results.js";

/** Strategies that a log can't speak of.
 * @param isLabelled whether there are labelled requests to learn from */
export function unknownStrategies(
  isLabelled: boolean,
): NonNullable<NonNullable<SimulateResult["traffic"]>["unknown"]> {
  return [
    {
      strategy: "oracle",
      label: "Oracle: knows every outcome",
      why: "nobody saw what the other models would have answered to a logged call; see the held-out items",
    },
    ...(isLabelled
      ? []
      : [
          {
            strategy: "bandit",
            label: "Bandit policy (LinUCB)",
            why: "it learns from labelled requests, and fewer than 50 of them have outcomes of both the cheapest and the strong model",
          },
        ]),
  ];
}

/** What a reader of a simulation must know beside its figures.
 * @param left lines of coverage of the attempts that were not replayed */
export function simulateNotes(
  replayed: number,
  left: ReadonlyArray<{ requests: number }>,
  model: ModelResult | null,
): string[] {
  const apart = left.reduce((sum, line) => sum + line.requests, 0);
  return [
    `${replayed} logged attempts were decided by the router; ${apart} were left apart, see coverage.`,
    "Another model's answer is priced with the logged number of output tokens; models differ in how much they write.",
    "Quality on the log is the router's own calibrated estimate. Measured quality is in the held-out outcomes.",
    "Cost per answered request includes the failed attempts of the router's models, which every strategy pays for as they were.",
    ...(model?.added ?? []).map(
      (added) => `Held-out outcomes are those of the router before ${added.model} was added; see model.json.`,
    ),
    ...(model?.label_sources.includes("judged")
      ? [
          "The router's own estimate foretells the judge's verdicts, errors included; whether the held-out outcomes are corrected is in the notes of training. Quality measured on labelled rows is not corrected.",
        ]
      : []),
  ];
}
