import { startLoopbackJudge } from "../../../datasets/synthetic/loopback-server.js";
import type { SyntheticWorld } from "../../../datasets/synthetic/traffic.js";

/** Vendors' addresses that examples name, answered by a simulated judge on loopback. */
export interface LoopbackVendors {
  fetch: typeof fetch;
  close(): Promise<void>;
}

/** Answer what examples send to vendors from a loopback server; what goes anywhere else fails, so that no test leaves the machine. */
export async function startLoopbackVendors(world: SyntheticWorld): Promise<LoopbackVendors> {
  const judge = await startLoopbackJudge({
    world,
    tpr: 0.95,
    tnr: 0.9,
    tierAccuracy: 0.9,
    positionBias: 0.03,
    seed: 1,
  });
  const { origin } = new URL(judge.url);
  const direct = globalThis.fetch;
  return {
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (vendors.has(url.host)) return direct(new URL(`${url.pathname}${url.search}`, origin), init);
      if (url.hostname === "127.0.0.1") return direct(input, init);
      throw new Error(`${url.host} is not on this machine`);
    },
    close: () => judge.close(),
  };
}

const vendors = new Set(["api.openai.com", "api.anthropic.com", "localhost:8000"]);
