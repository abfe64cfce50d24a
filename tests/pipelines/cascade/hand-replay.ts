import type { ReplayData } from "../../../pipelines/replay/replay-data.js";
import { replayData } from "../../support/replay-data.js";

/** Four attempts that can be worked out by hand: a stream and a plain call that the router sends to the large model, one that it sends to the
 * small one, and a batch call. */
export function handReplay(): ReplayData {
  const tokens = { inputTokens: 100, outputTokens: 10 };
  return replayData(
    ["small", "large"],
    [
      { ...tokens, chosen: 1, served: 0, usd: [0.1, 1], sufficiency: [0.5, 1], latency: 100, isStream: true },
      { ...tokens, chosen: 1, served: 1, usd: [0.1, 2], sufficiency: [0, 1], latency: 300, ttft: 100 },
      { ...tokens, chosen: 0, served: 0, usd: [0.1, 1], sufficiency: [0.95, 1], latency: 100 },
      { ...tokens, chosen: 1, served: 1, usd: [0.1, 1], sufficiency: [0.9, 1], latency: 1e6, isBatch: true },
    ],
  );
}
