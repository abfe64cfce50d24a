import type { Router } from "@signalbox/runtime";
import { createRandom } from "../../../datasets/random.js";
import { stderrProgress } from "../../terminal.js";

/** Memory of the process while it decides. */
export interface MemoryRun {
  decisions: number;
  /** Used heap after a full collection, MB: after the first tenth, and at the end. */
  heapEarlyMb: number;
  heapLateMb: number;
  rssEarlyMb: number;
  rssLateMb: number;
  /** Decisions a second, everything included. */
  perSecond: number;
}

/** Decide and record many requests of many sessions, none of which comes back often, and watch the memory. Needs `--expose-gc`. */
export async function measureMemory(router: Router, decisions: number): Promise<MemoryRun> {
  const random = createRandom(11);
  const { progress, end } = stderrProgress();
  const started = performance.now();
  let early = { heap: Number.NaN, rss: Number.NaN };
  for (let done = 0; done < decisions; done++) {
    const decision = router.decide({
      prompt: `Order ${random.below(1e9)}: where is parcel ${random.below(1e6)} of customer ${done}?`,
      sessionId: `session-${random.below(decisions)}`,
      meta: { app: `app-${random.below(20)}` },
    });
    router.record(decision, { latencyMs: 5, servedModel: decision.model });
    if (done === Math.floor(decisions / 10)) early = memoryMb();
    if (done % 50_000 === 0) {
      progress({ label: "deciding", done, total: decisions, unit: "decisions" });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  end();
  const seconds = (performance.now() - started) / 1_000;
  const late = memoryMb();
  return {
    decisions,
    heapEarlyMb: early.heap,
    heapLateMb: late.heap,
    rssEarlyMb: early.rss,
    rssLateMb: late.rss,
    perSecond: decisions / seconds,
  };
}

function memoryMb(): { heap: number; rss: number } {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 1e6, rss: rss / 1e6 };
}
