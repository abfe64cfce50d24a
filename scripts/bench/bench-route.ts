import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { loadRouter } from "@signalbox/runtime";
import { runBench } from "./bench.js";
import { type RandomArtifactOptions, writeRandomArtifact } from "./random-artifact.js";
import { distinctPrompts, promptsOf } from "./route/made-up-prompts.js";
import { measureDecisions } from "./route/measure-decisions.js";
import { measureMemory } from "./route/measure-memory.js";
import { measureOverhead } from "./route/measure-overhead.js";
import { measurePack } from "./route/measure-pack.js";
import { measureReload } from "./route/measure-reload.js";
import { routeTables } from "./route/route-tables.js";
import { quantile } from "./route/time-calls.js";

/** What `train` makes of three models, all labels and lengths: 9 logits, and 16 hidden units where they pay. */
const trainedShape: RandomArtifactOptions = { hidden: 16, lengthQuantiles: [0.1, 0.5, 0.9] };

await runBench({
  name: "route",
  title: "Routing latency",
  about:
    "Time of one `router.decide()`, reading the request, featurising, inference, policy and shadow sampling included, for prompts of 200, 2,000 and 32,000 characters that all differ; the same with onnxruntime-node in the kernel's place; what a routed fetch adds to a call at 1, 8 and 64 calls at a time; memory over ten million decisions; what requests feel while the artifact is loaded anew; time to load and verify an artifact; size of the packed runtime.",
  options: ["artifact", "decisions", "portkey"],
  main: async ({ quick, options }) => {
    const temporary = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
    try {
      const artifact =
        options.artifact === undefined ? join(temporary, "artifact") : resolve(options.artifact);
      if (options.artifact === undefined) writeRandomArtifact(artifact, trainedShape);
      const linearArtifact = join(temporary, "linear");
      writeRandomArtifact(linearArtifact, { ...trainedShape, hidden: 0 });
      return await measure(artifact, {
        linearArtifact,
        isRandom: options.artifact === undefined,
        runs: quick ? 500 : 5_000,
        decisions: Number(options.decisions ?? (quick ? 50_000 : 10_000_000)),
        reloads: quick ? 5 : 50,
        portkey: options.portkey,
      });
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  },
});

async function measure(
  artifact: string,
  given: {
    linearArtifact: string;
    isRandom: boolean;
    runs: number;
    decisions: number;
    reloads: number;
    portkey: string | undefined;
  },
) {
  const { runs, isRandom } = given;
  const decided = await measureDecisions(artifact, given);
  const overhead = await measureOverhead(await loadRouter(artifact), { calls: runs, portkey: given.portkey });
  const reload = await measureReload(await loadRouter(artifact), promptsOf(2_000), given.reloads);
  const memory = await measureMemory(await loadRouter(artifact, { decisionLog: () => {} }), given.decisions);
  const packed = measurePack();
  return {
    figures: {
      p50_ms_200: decided.short.p50,
      p99_ms_200: decided.short.p99,
      p50_ms_2000: decided.medium.p50,
      p99_ms_2000: decided.medium.p99,
      own_p99_ms_2000: decided.medium.ownP99,
      max_ms_2000: decided.medium.max,
      p50_ms_2000_repeated: decided.repeated.p50,
      p99_ms_32000: decided.long.p99,
      ort_p99_ms_2000: decided.onnxruntime.p99,
      linear_p99_ms_2000: decided.linear.p99,
      fetch_p50_added_ms_1: overhead.routed[0]!.p50 - overhead.plain[0]!.p50,
      fetch_p99_added_ms_64: overhead.routed[2]!.p99 - overhead.plain[2]!.p99,
      reload_max_ms: reload.reloading.max,
      decisions: memory.decisions,
      heap_growth_mb: memory.heapLateMb - memory.heapEarlyMb,
      load_ms: quantile(decided.loads, 0.5),
      packed_kb: packed.kilobytes,
      installed_deps: packed.dependencies,
    },
    reference: { wanted_p99_ms_2000: 1, wanted_load_ms: 100, wanted_packed_kb: 100 },
    tables: routeTables({ decided, overhead, reload, memory, packed }),
    notes: [
      `${isRandom ? "The artifact has random weights and the shape of a trained one: 8 outputs mixed from 9 logits, 16 hidden units, out-of-distribution score." : "The artifact is the one that was named."} ${runs.toLocaleString("en-US")} decisions per row over ${distinctPrompts} prompts of made-up words, after a warm-up of a fifth as many; each request differs from all before in its output cap, except in the row of those that were asked before. *Preempted* is the share of calls during which the operating system gave the core to another process; only one column leaves them out. On a busy machine p99 is how long those processes ran. Load average of the machine at the end: ${loadavg()[0]!.toFixed(1)}.`,
      "The model server of the calls answers at once and runs in the same process as the caller, so the times of many calls at a time are its time too; compare the rows. Portkey's gateway runs in a process of its own with its default settings and only forwards; it is measured where `@portkey-ai/gateway` is installed (`--portkey DIR` names a directory whose node_modules has it).",
    ],
  };
}
