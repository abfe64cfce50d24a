import type { LeversResult } from "../../datasets/levers-result.js";
import type { MarkupResult } from "../../datasets/markup-result.js";
import { openPriceBook } from "../../datasets/prices/price-book.js";
import { priceFolder } from "../../datasets/prices/read-price-folder.js";
import type { SimulateResult } from "../../datasets/results.js";
import { openTables, readResult } from "../../datasets/workspace.js";
import { planCascade } from "../cascade/plan-cascade.js";
import type { ReplayedWorkspace } from "../replay/open-replay.js";
import type { LeverOptions } from "./lever-settings.js";
import { measureLevers } from "./measure-levers.js";
import { modelRates } from "./model-rates.js";
import { readBatchable } from "./read-batchable.js";
import { readMarkups } from "./read-markups.js";

/** What would have been saved in a workspace, lever by lever and together. The policy says how long prompts live in the provider's cache, the
 * workspace's price lists what they cost; a mark-up is known where `signalbox markup` had run before the
 * replay, and a cascade once `signalbox label calibrate`
 * has measured its gate.
 * @param options overrides of what the workspace says */
export async function answerLevers(
  replayed: ReplayedWorkspace,
  options: LeverOptions = {},
): Promise<LeversResult> {
  const { workspace, replay, policy, manifest } = replayed;
  const { rows, createdAt } = replay;
  const engine = await openTables(workspace, { memoryLimit: "600MB" });
  try {
    const isBatchable = await readBatchable(engine, rows);
    const terms = readResult<SimulateResult>(workspace, "simulate")?.gateway_terms ?? [];
    const isLate =
      terms.length === 0 && (readResult<MarkupResult>(workspace, "markup")?.groups ?? []).length > 0;
    const book = openPriceBook({ folder: priceFolder(workspace) });
    const span: [number, number] = rows === 0 ? [0, 0] : [createdAt[0]!, createdAt[rows - 1]!];
    const result = measureLevers(replay, {
      rates: modelRates(book, policy.models, span),
      isBatchable,
      markup: await readMarkups(engine, replay, terms),
      ...(policy.switching && {
        prefixTtlSeconds: policy.switching.cache_ttl_s,
        minPrefixTokens: policy.switching.min_prefix_tokens,
      }),
      cascade: planCascade(replayed),
      isSimulated: manifest.training.is_simulated,
      ...options,
    });
    return isLate ? { ...result, notes: [...result.notes, lateMarkup] } : result;
  } finally {
    engine.close();
  }
}

const lateMarkup =
  "signalbox markup was run after this replay, whose other models are at list price: run signalbox simulate again, and the gateway's mark-up is carried over and a lever.";
