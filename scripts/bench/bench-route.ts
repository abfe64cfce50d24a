import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  createKernel,
  createScalarPool,
  featurise,
  loadRouter,
  type RouteRequest,
  type Router,
} from "@signalbox/runtime";
import { packageRoot } from "../../datasets/package-root.js";
import { createRandom, type Random } from "../../datasets/random.js";
import { openOnnxSession } from "../../models/onnx/onnx-session.js";
import { percent } from "../terminal.js";
import { runBench } from "./bench.js";
import { type RandomArtifactOptions, writeRandomArtifact } from "./random-artifact.js";

const lengths: Three<number> = [200, 2_000, 32_000];
const distinctPrompts = 500;
/** What `train` makes of three models, all labels and lengths: 9 logits, and 16 hidden units where they pay. */
const trainedShape: RandomArtifactOptions = { hidden: 16, lengthQuantiles: [0.1, 0.5, 0.9] };

await runBench({
  name: "route",
  title: "Routing latency",
  about:
    "Time of one `router.decide()`, reading the request, featurising, inference, policy and shadow sampling included, for prompts of 200, 2,000 and 32,000 characters that all differ; the same with onnxruntime-node in the kernel's place; time to load and verify an artifact; size of the packed runtime.",
  options: ["artifact"],
  main: async ({ quick, options }) => {
    const temporary = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
    try {
      const artifact =
        options.artifact === undefined ? join(temporary, "artifact") : resolve(options.artifact);
      if (options.artifact === undefined) writeRandomArtifact(artifact, trainedShape);
      const linearArtifact = join(temporary, "linear");
      writeRandomArtifact(linearArtifact, { ...trainedShape, hidden: 0 });
      const isRandom = options.artifact === undefined;
      return await measure(artifact, { linearArtifact, isRandom, runs: quick ? 500 : 5_000 });
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  },
});

async function measure(
  artifact: string,
  { linearArtifact, isRandom, runs }: { linearArtifact: string; isRandom: boolean; runs: number },
) {
  const loads = await timeLoads(artifact, 5);
  const router = await loadRouter(artifact);
  const timings: Timing[] = [];
  for (const length of lengths) timings.push(await timeDecisions(router, promptsOf(length), runs));
  const [short, medium, long] = timings as Three<Timing>;
  const ort = await timeOnnxruntime(artifact, promptsOf(2_000), runs);
  const linear = await timeDecisions(await loadRouter(linearArtifact), promptsOf(2_000), runs);
  const scalar = await timeDecisions(await loadWithoutWasm(artifact), promptsOf(2_000), runs);
  const packed = measurePack();
  const cells = ({ p50, p99, ownP99, preemptedShare }: Timing) => [
    ...[p50, p99, ownP99].map((milliseconds) => milliseconds.toFixed(3)),
    percent(preemptedShare),
  ];
  return {
    figures: {
      p50_ms_200: short.p50,
      p99_ms_200: short.p99,
      p50_ms_2000: medium.p50,
      p99_ms_2000: medium.p99,
      own_p99_ms_2000: medium.ownP99,
      p99_ms_32000: long.p99,
      ort_p99_ms_2000: ort.p99,
      linear_p99_ms_2000: linear.p99,
      load_ms: quantile(loads, 0.5),
      packed_kb: packed.kilobytes,
      installed_deps: packed.dependencies,
    },
    reference: {
      wanted_p99_ms_2000: 1,
      wanted_load_ms: 100,
      wanted_packed_kb: 100,
    },
    tables: [
      {
        title: "One decision, milliseconds",
        columns: ["characters", "p50", "p99", "p99, not preempted", "preempted"],
        rows: [
          ["200", ...cells(short)],
          ["2,000", ...cells(medium)],
          ["32,000", ...cells(long)],
          ["2,000, inference by onnxruntime-node", ...cells(ort)],
          ["2,000, without the hidden layer", ...cells(linear)],
          ["2,000, without WebAssembly", ...cells(scalar)],
        ],
      },
      {
        title: "Load and size",
        columns: ["", "value"],
        rows: [
          ["load and verify an artifact, ms (median of 5)", quantile(loads, 0.5).toFixed(1)],
          ["packed runtime, kB", packed.kilobytes.toFixed(1)],
          ["required dependencies", String(packed.dependencies)],
        ],
      },
    ],
    notes: [
      `${isRandom ? "The artifact has random weights and the shape of a trained one: 8 outputs mixed from 9 logits, 16 hidden units, out-of-distribution score." : "The artifact is the one that was named."} ${runs.toLocaleString("en-US")} decisions per row over ${distinctPrompts} prompts of made-up words, after a warm-up of a fifth as many. onnxruntime-node answers only asynchronously, so its row is featurisation plus an awaited call on one thread. *Preempted* is the share of calls during which the operating system gave the core to another process; only one column leaves them out. On a busy machine p99 is how long those processes ran. Load average of the machine at the end: ${loadavg()[0]!.toFixed(1)}.`,
    ],
  };
}

type Three<T> = [T, T, T];

interface Timing {
  p50: number;
  p99: number;
  /** The same of calls that no other process interrupted. */
  ownP99: number;
  /** Share of the calls that another process interrupted. */
  preemptedShare: number;
}

function loadWithoutWasm(artifact: string): Promise<Router> {
  return loadRouter(artifact, { engine: ({ model }) => createKernel(model, createScalarPool(model)) });
}

async function timeLoads(artifact: string, times: number): Promise<number[]> {
  const loads: number[] = [];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    await loadRouter(artifact);
    loads.push(performance.now() - started);
  }
  return loads;
}

async function timeDecisions(
  router: Router,
  requests: readonly RouteRequest[],
  runs: number,
): Promise<Timing> {
  const timing = await timeCalls(runs, (i) => {
    router.decide(requests[i % requests.length]!);
    return undefined;
  });
  const { errors } = router.stats();
  if (Object.keys(errors).length > 0) throw new Error(`decisions failed: ${JSON.stringify(errors)}`);
  return timing;
}

async function timeOnnxruntime(
  artifact: string,
  requests: readonly RouteRequest[],
  runs: number,
): Promise<Timing> {
  const session = await openOnnxSession(readFileSync(join(artifact, "model.onnx")));
  const timing = await timeCalls(runs, (i) => session.run([featurise(requests[i % requests.length]!)]));
  await session.release();
  return timing;
}

/** Time calls one by one, after a warm-up of a fifth as many. */
async function timeCalls(runs: number, call: (i: number) => Promise<unknown> | undefined): Promise<Timing> {
  const times: number[] = [];
  const ownTimes: number[] = [];
  for (let i = -Math.floor(runs / 5); i < runs; i++) {
    const switches = process.resourceUsage().involuntaryContextSwitches;
    const started = performance.now();
    const pending = call(i + runs);
    if (pending !== undefined) await pending;
    const took = performance.now() - started;
    if (i < 0) continue;
    times.push(took);
    if (process.resourceUsage().involuntaryContextSwitches === switches) ownTimes.push(took);
  }
  return {
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    ownP99: quantile(ownTimes, 0.99),
    preemptedShare: 1 - ownTimes.length / runs,
  };
}

/** What `npm pack` would publish of runtime/, bundled from what `tsc -b` built. */
function measurePack(): { kilobytes: number; dependencies: number } {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-pack-"));
  execFileSync(process.execPath, [join(packageRoot, "runtime", "scripts", "pack.mjs"), folder]);
  const output = execFileSync("npm", ["pack", "--dry-run", "--json"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(output) as [{ size: number }];
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    dependencies?: object;
  };
  rmSync(folder, { recursive: true });
  return { kilobytes: packed.size / 1_000, dependencies: Object.keys(dependencies).length };
}

/** Chat requests of made-up words with a system prompt; deterministic. */
function promptsOf(characters: number): RouteRequest[] {
  const random = createRandom(characters);
  const vocabulary = Array.from({ length: 4_000 }, () => madeUpWord(random));
  return Array.from({ length: distinctPrompts }, () => ({
    messages: [
      { role: "system", content: "You are a support agent of an online shop. Answer politely and briefly." },
      { role: "user", content: madeUpText(random, vocabulary, characters) },
    ],
  }));
}

function madeUpText(random: Random, vocabulary: readonly string[], characters: number): string {
  let text = "";
  while (text.length < characters) {
    const word = vocabulary[Math.floor(random.uniform() ** 2 * vocabulary.length)]!;
    text += word + (random.uniform() < 0.1 ? ". " : " ");
  }
  return text.slice(0, characters);
}

function madeUpWord(random: Random): string {
  const letters = "etaoinshrdlucmfwypvbgkjqxz";
  return Array.from(
    { length: 2 + random.below(8) },
    () => letters[Math.floor(random.uniform() ** 2 * letters.length)],
  ).join("");
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
