import { evenJudge, type PlantedJudge, unevenJudge } from "../../datasets/synthetic/planted-judgements.js";
import { runBench } from "./bench.js";
import { type Coverage, type CoverageResult, measureCoverage } from "./measure-coverage.js";

/** The planted worlds: the key's prefix, what they are, and their judge. */
const worlds: ReadonlyArray<{ prefix: string; title: string; judge: PlantedJudge }> = [
  {
    prefix: "",
    title: "A lenient judge that errs alike everywhere: TPR 96 %, TNR 65 %, 5 % ties by place",
    judge: evenJudge,
  },
  {
    prefix: "uneven_",
    title:
      "A judge that errs by request: TPR 99.5 % and TNR 30 % on what looks easy, 85 % and 90 % on the rest; 2 % ties by place; swayed by length in 30 % of pairs",
    judge: unevenJudge,
  },
];

const estimateColumns = ["estimate", "truth", "covered", "mean error", "mean width"];

await runBench({
  name: "coverage",
  title: "Do 95 % intervals hold the truth?",
  about:
    "A planted world (SYNTHETIC requests, SIMULATED judge and humans) whose truth is known: sessions share difficulty and luck, requests near the threshold are sampled more often, a judge with known error rates values every sampled pair, and humans who are never wrong rate some, drawn as `label-sheet` draws them. With each seed all of it is drawn anew, and the estimates of `label-calibrate` and `train` are made. A key is the share of seeds whose 95 % interval held the truth; `promise` keys are the share of seeds in which the threshold certified for 98 % retention keeps it on a fresh 300,000 requests, or none was certified.",
  main: async ({ quick }) => {
    const size = { seeds: quick ? 20 : 200, sessions: 1_500, ratings: 600, certify: true };
    const results = worlds.map(({ prefix, title, judge }) => ({
      prefix,
      title,
      result: measureCoverage({ judge, ...size }),
    }));
    return {
      figures: Object.assign({}, ...results.map(({ prefix, result }) => figuresOf(prefix, result))),
      tables: results.flatMap(({ title, result }) => [
        { title, columns: estimateColumns, rows: result.estimates.map(estimateRow) },
        {
          title: "Threshold certified for 98 % retention",
          columns: ["labels", "promise kept", "certified at all"],
          rows: [
            ["raw verdicts", percent(result.promiseRaw.held), percent(result.promiseRaw.certified)],
            ["corrected", percent(result.promise.held), percent(result.promise.certified)],
          ],
        },
      ]),
      notes: [
        `${size.seeds} seeds; about ${size.sessions} sessions with two sampled pairs each, ${size.ratings} of them rated. With ${size.seeds} seeds a true 95 % shows as 92 to 98 %.`,
        "`sufficient_raw`, `retention_raw` and `promise` on raw verdicts take the judge at its word. `sufficient_rogan_gladen` and `retention_rogan_gladen` divide by TPR + TNR - 1 with rates from another sample of the same size: right for the whole, wrong for the routed part as soon as the judge errs otherwise there. `sufficient_ppi` is prediction-powered, `retention` is on quality corrected row by row, as `train` does it. TPR and TNR have exact intervals, which cover more often than they say.",
      ],
    };
  },
});

function figuresOf(
  prefix: string,
  { estimates, promiseRaw, promise }: CoverageResult,
): Record<string, number> {
  return {
    ...Object.fromEntries(estimates.map(({ estimate, covered }) => [`${prefix}${estimate}`, covered])),
    [`${prefix}promise_raw`]: promiseRaw.held,
    [`${prefix}promise`]: promise.held,
  };
}

function estimateRow({ estimate, truth, covered, bias, width }: Coverage): string[] {
  return [estimate, truth.toFixed(4), percent(covered), bias.toFixed(4), width.toFixed(4)];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
