import { evenJudge, type PlantedJudge, unevenJudge } from "../../datasets/synthetic/planted-judgements.js";
import { type BenchTable, runBench } from "./bench.js";
import { headlineTables } from "./headlines/headline-tables.js";
import { type Coverage, type CoverageResult, measureCoverage, type PromiseKept } from "./measure-coverage.js";

/** The planted worlds: the key's prefix, what they are, and their judge. */
const worlds: ReadonlyArray<{
  prefix: string;
  title: string;
  judge: PlantedJudge;
  sessions: number;
  ratings: number;
  certify: boolean;
}> = [
  {
    prefix: "",
    title: "A lenient judge that errs alike everywhere: TPR 96 %, TNR 65 %, 5 % ties by place",
    judge: evenJudge,
    sessions: 1_500,
    ratings: 600,
    certify: true,
  },
  {
    prefix: "uneven_",
    title:
      "A judge that errs by request: TPR 99.5 % and TNR 30 % on what looks easy, 85 % and 90 % on the rest; 2 % ties by place; swayed by length in 30 % of pairs",
    judge: unevenJudge,
    sessions: 1_500,
    ratings: 600,
    certify: true,
  },
  {
    prefix: "few_",
    title: "The first judge again, with 500 sessions and 150 ratings",
    judge: evenJudge,
    sessions: 500,
    ratings: 150,
    certify: false,
  },
];

const estimateColumns = ["estimate", "truth", "covered", "mean error", "mean width"];

await runBench({
  name: "coverage",
  title: "Do 95 % intervals hold the truth?",
  about:
    "Two planted worlds. The first is a company's traffic (SYNTHETIC, every figure known), from which each seed draws a log: the headline estimates of `simulate` and `markup` are made of it. The second is a planted world (SYNTHETIC requests, SIMULATED judge and humans) whose truth is known: sessions share difficulty and luck, requests near the threshold are sampled more often, a judge with known error rates values every sampled pair, and humans who are never wrong rate some, drawn as `label sheet` draws them. With each seed all of it is drawn anew, and the estimates of `label calibrate` and `train` are made. A key is the share of seeds whose 95 % interval held the truth; `promise` keys are the share of seeds in which the threshold certified for 98 % retention keeps it on a fresh 300,000 requests, or none was certified.",
  main: async ({ quick }) => {
    const seeds = quick ? 20 : 200;
    const results = worlds.map(({ prefix, title, ...world }) => ({
      prefix,
      title,
      result: measureCoverage({ ...world, seeds }),
    }));
    const headlines = headlineTables({ quick });
    return {
      figures: Object.assign(
        headlines.figures,
        ...results.map(({ prefix, result }) => figuresOf(prefix, result)),
      ),
      tables: [
        ...headlines.tables,
        ...results.flatMap(({ title, result }) => [
          { title, columns: estimateColumns, rows: result.estimates.map(estimateRow) },
          ...promiseTable(title, result),
        ]),
      ],
      notes: [
        ...headlines.notes,
        `Judged pairs: ${seeds} seeds. Where nothing else is said there are 1,500 sessions, with about two sampled pairs each, and 600 ratings. With ${seeds} seeds a true 95 % shows as 92 to 98 %.`,
        "`sufficient_raw`, `retention_raw` and the threshold on raw verdicts take the judge at its word. `sufficient_rogan_gladen` and `retention_rogan_gladen` divide by TPR + TNR - 1 with rates from another sample of the same size: right for the whole, wrong for the routed part as soon as the judge errs otherwise there. `sufficient_ppi` is prediction-powered, `retention` is on quality corrected row by row, as `train` does it.",
      ],
    };
  },
});

function figuresOf(prefix: string, { estimates, promises }: CoverageResult): Record<string, number> {
  return {
    ...Object.fromEntries(estimates.map(({ estimate, covered }) => [`${prefix}${estimate}`, covered])),
    ...(promises && {
      [`${prefix}promise_raw`]: promises.raw.held,
      [`${prefix}promise`]: promises.corrected.held,
    }),
  };
}

function promiseTable(title: string, { promises }: CoverageResult): BenchTable[] {
  if (promises === null) return [];
  const row = (labels: string, { held, certified }: PromiseKept) => [
    labels,
    percent(held),
    percent(certified),
  ];
  return [
    {
      title: `Threshold certified for 98 % retention. ${title.split(":")[0]}`,
      columns: ["labels", "promise kept", "certified at all"],
      rows: [row("raw verdicts", promises.raw), row("corrected", promises.corrected)],
    },
  ];
}

function estimateRow({ estimate, truth, covered, bias, width }: Coverage): string[] {
  return [estimate, truth.toFixed(4), percent(covered), bias.toFixed(4), width.toFixed(4)];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
