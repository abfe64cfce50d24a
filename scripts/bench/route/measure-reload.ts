import type { RouteRequest, Router } from "@signalbox/runtime";
import { quantile } from "./time-calls.js";

/** What requests felt while the artifact was loaded anew under them. */
export interface ReloadRun {
  reloads: number;
  /** Milliseconds that one reload took from call to swap, median. */
  reloadMs: number;
  /** Milliseconds from when a request was due to its decision: waiting for the event loop and deciding. */
  quiet: { p99: number; max: number };
  reloading: { p99: number; max: number };
}

/** Let requests fall due one after the other, alone and while the artifact is being reloaded without a pause, and time them. */
export async function measureReload(
  router: Router,
  requests: readonly RouteRequest[],
  reloads: number,
): Promise<ReloadRun> {
  await requestsUntil(router, requests, 500, () => false);
  const quiet = await requestsUntil(router, requests, 2_000, () => false);
  let left = reloads;
  const took: number[] = [];
  const reloading = (async () => {
    for (; left > 0; left--) {
      const started = performance.now();
      await router.reload();
      took.push(performance.now() - started);
    }
  })();
  const during = await requestsUntil(router, requests, 0, () => left > 0);
  await reloading;
  const summary = (times: readonly number[]) => ({ p99: quantile(times, 0.99), max: quantile(times, 1) });
  return {
    reloads,
    reloadMs: quantile(took, 0.5),
    quiet: summary(quiet),
    reloading: summary(during),
  };
}

/** Decide at least so many requests, and on while something goes on; each is due when the one before was answered. */
async function requestsUntil(
  router: Router,
  requests: readonly RouteRequest[],
  atLeast: number,
  goesOn: () => boolean,
): Promise<number[]> {
  const times: number[] = [];
  while (times.length < atLeast || goesOn()) {
    const due = performance.now();
    await new Promise((resolve) => setImmediate(resolve));
    router.decide(requests[times.length % requests.length]!);
    times.push(performance.now() - due);
  }
  return times;
}
