import type { Router } from "@signalbox/runtime";
import { createRoutedFetch } from "@signalbox/runtime/fetch";
import { promptsOf } from "./made-up-prompts.js";
import { type FetchTiming, type Route, startInstantModel, timeRoute } from "./measure-fetch.js";
import { startPortkey } from "./start-portkey.js";

/** How many calls are under way at a time. */
export const concurrencies = [1, 8, 64] as const;

/** Times of the same calls by each way to the same server. */
export interface OverheadRun {
  plain: FetchTiming[];
  routed: FetchTiming[];
  /** Null where the gateway isn't installed. */
  portkey: { version: string; timings: FetchTiming[] } | null;
}

/** Time calls of 2,000 characters to a model server on loopback that answers at once: by plain fetch, by routed fetch, through a gateway.
 * @param portkey directory whose node_modules holds `@portkey-ai/gateway` */
export async function measureOverhead(
  router: Router,
  { calls, portkey }: { calls: number; portkey: string | undefined },
): Promise<OverheadRun> {
  const server = await startInstantModel();
  const gateway = await startPortkey(portkey);
  const bodies = promptsOf(2_000).map((request) => JSON.stringify({ model: "large", ...request }));
  const timeAll = async (route: Route) => {
    const timings: FetchTiming[] = [];
    for (const concurrency of concurrencies)
      timings.push(await timeRoute(route, server.url, bodies, { concurrency, calls }));
    return timings;
  };
  try {
    return {
      plain: await timeAll((url, init) => fetch(url, init)),
      routed: await timeAll(createRoutedFetch({ router })),
      portkey: gateway === null ? null : { version: gateway.version, timings: await timeAll(gateway.route) },
    };
  } finally {
    gateway?.close();
    await server.close();
  }
}
