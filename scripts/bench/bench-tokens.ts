import { existsSync } from "node:fs";
import { join } from "node:path";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { createRandom } from "../../datasets/random.js";
import { readRecords } from "../../datasets/reader/read-records.js";
import { providerSource } from "../../datasets/sources/provider.js";
import { type CountPair, calibrateCounts } from "../../datasets/tokens/calibrate-counts.js";
import { countRequest, type RequestCount } from "../../datasets/tokens/count-request.js";
import { encodingOf, loadTokenCounter } from "../../datasets/tokens/count-tokens.js";
import { inputTotal, outputTotal } from "../../datasets/tokens/token-usage.js";
import { type BenchOutcome, runBench } from "./bench.js";

const runs = 20;

const columns = [
  "provider",
  "estimated a run",
  "not estimated",
  "bias of the sum",
  "median error",
  "p90 error",
  "inside the band",
];

await runBench({
  name: "tokens",
  title: "Tokens counted from text",
  about:
    "Recorded provider calls (VCR cassettes of two open-source test suites: mostly short prompts, many vendors) with their usage hidden. A random half of them is estimated, the other half is learnt from, 20 times. The error is that of input and output together; coverage is the share of rows inside their own 90 % band.",
  main: async ({ data }) => {
    const file = join(data ?? "", "logs/raw-api-pairs/pairs.jsonl");
    if (data === null || !existsSync(file))
      return { figures: {}, skipped: "no logs/raw-api-pairs in the data folder" };
    return measure(await countCalls(file));
  },
});

interface CountedCall {
  group: string;
  count: RequestCount;
  pair: CountPair;
}

async function countCalls(file: string): Promise<CountedCall[]> {
  const counters = {
    o200k_base: await loadTokenCounter("o200k_base"),
    cl100k_base: await loadTokenCounter("cl100k_base"),
  };
  const calls: CountedCall[] = [];
  for await (const batch of readRecords(file)) {
    for (const { value, problem } of batch) {
      const mapped = problem ? null : providerSource.map(value);
      if (mapped?.kind !== "row" || mapped.draft.usage === null) continue;
      const { draft } = mapped;
      const model = canonicalModel((draft.modelServed ?? draft.modelRequested)!, draft.provider);
      const count = countRequest(draft, counters[encodingOf(model)]);
      if (count === null || count.hasMedia) continue;
      const pair = {
        model,
        isStructured: count.isStructured,
        inputCounted: count.input,
        inputLogged: inputTotal(mapped.draft.usage),
        outputCounted: count.output,
        outputLogged: outputTotal(mapped.draft.usage),
      };
      calls.push({ group: `${draft.provider}${count.isStructured ? ", tools or schema" : ""}`, count, pair });
    }
  }
  return calls;
}

interface GroupErrors {
  errors: number[];
  inside: number;
  unknown: number;
  estimated: number;
  logged: number;
}

function measure(calls: readonly CountedCall[]): BenchOutcome {
  const groups = new Map<string, GroupErrors>();
  for (let seed = 1; seed <= runs; seed++) {
    const random = createRandom(seed);
    const learnt: CountedCall[] = [];
    const hidden: CountedCall[] = [];
    for (const call of calls) (random.uniform() < 0.5 ? learnt : hidden).push(call);
    const calibration = calibrateCounts(learnt.map(({ pair }) => pair));
    for (const { group, count, pair } of hidden) {
      const errors = groups.get(group) ?? { errors: [], inside: 0, unknown: 0, estimated: 0, logged: 0 };
      groups.set(group, errors);
      const estimate = calibration.estimate(pair.model, count);
      const logged = pair.inputLogged + pair.outputLogged;
      if (estimate === null || logged === 0) {
        errors.unknown++;
        continue;
      }
      const total = estimate.input + estimate.output;
      errors.errors.push(Math.abs(total / logged - 1));
      // A half token of rounding.
      if (Math.abs(logged - total) <= estimate.errorShare * total + 0.5) errors.inside++;
      errors.estimated += total;
      errors.logged += logged;
    }
  }
  const rows = [...groups]
    .filter(([, { errors }]) => errors.length >= runs)
    .sort(([, a], [, b]) => b.errors.length - a.errors.length);
  const all = [...groups.values()];
  const estimates = all.reduce((sum, { errors }) => sum + errors.length, 0);
  const coverage = all.reduce((sum, { inside }) => sum + inside, 0) / estimates;
  return {
    figures: {
      calls: calls.length,
      coverage,
      median_error: quantile(
        all.flatMap(({ errors }) => errors),
        0.5,
      ),
    },
    tables: [{ title: "By provider", columns, rows: rows.map(([group, errors]) => tableRow(group, errors)) }],
    notes: [
      `All together ${percent(coverage)} of the estimates are inside their band. \`not estimated\` are models that reason in secret, with too few rows that show by how much.`,
      "Short test prompts are the hard case: templates that vendors add weigh most there. Groups below 90 % are those where the rows that teach and the rows that are estimated differ in kind: another model of the family, a local model that reasons without showing it, an answer from a provider's cache of documents.",
    ],
  };
}

function tableRow(group: string, { errors, inside, unknown, estimated, logged }: GroupErrors): string[] {
  return [
    group,
    (errors.length / runs).toFixed(1),
    (unknown / runs).toFixed(1),
    percent(estimated / logged - 1),
    percent(quantile(errors, 0.5)),
    percent(quantile(errors, 0.9)),
    percent(inside / errors.length),
  ];
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
