import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { tfjsBackends } from "../../models/classifier/tfjs.js";
import { type BenchOutcome, runBench } from "./bench.js";

/** What one training of bench-train-run.js reports. */
interface TrainRun {
  seconds: number;
  cpuSeconds: number;
  rssMb: number;
  gramsPerRow: number;
  outputs: number;
  hidden: number;
  backend: string;
  sha256: string;
  parity: number;
}

const sizes = [
  ["2k", 2_000],
  ["20k", 20_000],
  ["200k", 200_000],
] as const;

await runBench({
  name: "train",
  title: "Training: seconds, memory, parity",
  about:
    "Featurising, fitting and calibrating a router with every kind of head (two qualities, two difficulty levels, stakes, three length quantiles) on synthetic labelled requests of some 600 characters, each training in a process of its own; `--sizes 2k,20k` leaves out the minutes of 200,000 rows. Same seed, same bytes: the smallest is trained twice. Parity is the largest difference of any output between TensorFlow.js, onnxruntime and the runtime's kernel on 500 requests.",
  options: ["sizes"],
  main: async ({ quick, options }) => {
    const runs: Array<{ size: string; run: TrainRun }> = [];
    const wanted = (options.sizes ?? (quick ? "2k" : "2k,20k,200k")).split(",");
    for (const [size, rows] of sizes)
      if (wanted.includes(size)) runs.push({ size, run: await trainOnce(rows) });
    const again = await trainOnce(sizes[0][1]);
    const backends = quick ? [] : await compareBackends();
    return outcomeOf(runs, again, backends);
  },
});

async function trainOnce(rows: number, backend?: string): Promise<TrainRun> {
  const script = fileURLToPath(new URL("./bench-train-run.js", import.meta.url));
  const env = backend === undefined ? process.env : { ...process.env, SIGNALBOX_TFJS: backend };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--max-old-space-size=16000", script, String(rows)],
    { env },
  );
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as TrainRun;
}

/** The smallest training on every back end that starts here. */
async function compareBackends(): Promise<Array<{ backend: string; run: TrainRun | null }>> {
  const runs: Array<{ backend: string; run: TrainRun | null }> = [];
  for (const backend of tfjsBackends)
    runs.push({ backend, run: await trainOnce(sizes[0][1], backend).catch(() => null) });
  return runs;
}

function outcomeOf(
  runs: ReadonlyArray<{ size: string; run: TrainRun }>,
  again: TrainRun,
  backends: ReadonlyArray<{ backend: string; run: TrainRun | null }>,
): BenchOutcome {
  const first = runs.find(({ size }) => size === sizes[0][0])?.run ?? again;
  const figures: Record<string, number> = {
    parity_max_diff: Math.max(again.parity, ...runs.map(({ run }) => run.parity)),
    same_bytes: Number(first.sha256 === again.sha256),
  };
  for (const { size, run } of runs) figures[`s_${size}`] = run.seconds;
  const middle = runs.find(({ size }) => size === "20k");
  if (middle) figures.rss_mb_20k = middle.run.rssMb;
  return {
    figures,
    tables: [
      {
        title: "By size",
        columns: [
          "rows",
          "seconds",
          "CPU s",
          "peak RSS",
          "n-grams a row",
          "outputs",
          "hidden units",
          "parity",
        ],
        rows: runs.map(({ size, run }) => [
          size,
          run.seconds.toFixed(1),
          run.cpuSeconds.toFixed(1),
          `${run.rssMb.toFixed(0)} MB`,
          run.gramsPerRow.toFixed(0),
          String(run.outputs),
          String(run.hidden),
          run.parity.toExponential(1),
        ]),
      },
      ...(backends.length === 0
        ? []
        : [
            {
              title: "2k rows by TensorFlow.js back end",
              columns: ["back end", "seconds", "CPU s"],
              rows: backends.map(({ backend, run }) => [
                backend,
                run === null ? "not installed here" : run.seconds.toFixed(1),
                run === null ? "-" : run.cpuSeconds.toFixed(1),
              ]),
            },
          ]),
    ],
    notes: [
      `Trained twice with one seed, model.onnx has ${first.sha256 === again.sha256 ? "the same bytes" : "DIFFERENT bytes"} (SHA-256 ${again.sha256.slice(0, 16)}...).`,
      "The sparse part never meets TensorFlow.js: sums over n-grams and their gradients run in typed arrays, so nothing is made dense. `SIGNALBOX_TFJS` names a back end; `tensorflow` is there only where @tensorflow/tfjs-node is installed. Up to 25,000 rows are cross-fitted (five folds, three above 12,000 rows), one fit per core at a time; beyond that 60 % train, a sample of at most 25,000 of them decides how members are weighed, and the fits to all of them run in worker threads, four columns a thread at a time, on one copy of the n-grams in shared memory.",
    ],
  };
}
