import {
  createKernel,
  createScalarPool,
  loadRouter,
  type RouteRequest,
  type Router,
} from "@signalbox/runtime";
import { onnxruntimeEngine } from "@signalbox/runtime/onnxruntime";
import { promptsOf } from "./made-up-prompts.js";
import { type Timing, timeCalls } from "./time-calls.js";

/** Times of one decision, by length of the prompt and by engine. */
export interface DecisionRun {
  short: Timing;
  medium: Timing;
  long: Timing;
  /** 2,000 characters, of requests that were asked before. */
  repeated: Timing;
  linear: Timing;
  scalar: Timing;
  onnxruntime: Timing;
  /** Milliseconds of each of five loads. */
  loads: number[];
}

/** Time `decide()` on prompts that all differ, and what it takes to load an artifact.
 * @param linearArtifact the same shape without the hidden layer */
export async function measureDecisions(
  artifact: string,
  { linearArtifact, runs }: { linearArtifact: string; runs: number },
): Promise<DecisionRun> {
  const loads = await timeLoads(artifact, 5);
  const router = await loadRouter(artifact);
  const time = (length: number) => timeDecisions(router, promptsOf(length), runs);
  return {
    loads,
    short: await time(200),
    medium: await time(2_000),
    long: await time(32_000),
    repeated: await timeDecisions(router, promptsOf(2_000).slice(0, 50), runs, { isRepeated: true }),
    onnxruntime: await timeDecisions(
      await loadRouter(artifact, { engine: onnxruntimeEngine }),
      promptsOf(2_000),
      runs,
    ),
    linear: await timeDecisions(await loadRouter(linearArtifact), promptsOf(2_000), runs),
    scalar: await timeDecisions(await loadWithoutWasm(artifact), promptsOf(2_000), runs),
  };
}

function loadWithoutWasm(artifact: string): Promise<Router> {
  return loadRouter(artifact, { engine: ({ model }) => createKernel(model, createScalarPool(model)) });
}

async function timeLoads(artifact: string, times: number): Promise<number[]> {
  const loads: number[] = [];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    await loadRouter(artifact, { warmUp: false });
    loads.push(performance.now() - started);
  }
  return loads;
}

async function timeDecisions(
  router: Router,
  requests: readonly RouteRequest[],
  runs: number,
  { isRepeated = false } = {},
): Promise<Timing> {
  const timing = await timeCalls(runs, (i) => {
    const request = requests[i % requests.length]!;
    // Another output cap makes another request, which the router doesn't remember.
    router.decide(isRepeated ? request : { ...request, maxTokens: i });
    return undefined;
  });
  const { errors } = router.stats();
  if (Object.keys(errors).length > 0) throw new Error(`decisions failed: ${JSON.stringify(errors)}`);
  return timing;
}
