import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { openTables, type Workspace } from "../../datasets/workspace.js";
import { countReasons } from "./count-reasons.js";
import { readObjects } from "./read-objects.js";

/** What an answer was worth. */
export interface Reward {
  /** In [0, 1]. */
  reward: number;
  costUsd: number | null;
}

/** Rewards by request and model. */
export interface Rewards {
  of(requestId: string, model: string): Reward | null;
  rows: number;
  unused: Array<{ reason: string; records: number }>;
}

/** Read rewards from JSONL files of {request_id, reward, cost_usd?, model?}; with a model, the reward counts only if that one answered.
 * @throws {InputError} if a file isn't there */
export async function readRewards(files: readonly string[]): Promise<Rewards> {
  const unused = countReasons();
  const rewards = new Map<string, Reward & { model: string | null }>();
  let rows = 0;
  for await (const read of readObjects(files, "JSONL files of {request_id, reward}")) {
    rows += 1;
    if ("problem" in read) {
      unused.add(`malformed: ${read.problem}`);
      continue;
    }
    const { request_id, reward, cost_usd, model } = read.row;
    if (typeof request_id !== "string" || request_id === "") unused.add("no request_id");
    else if (typeof reward !== "number" || !(reward >= 0 && reward <= 1))
      unused.add("reward is not in [0, 1]");
    else if (rewards.has(request_id)) unused.add("repeated request_id");
    else {
      rewards.set(request_id, {
        reward,
        costUsd: typeof cost_usd === "number" && Number.isFinite(cost_usd) ? cost_usd : null,
        model: typeof model === "string" ? canonicalModel(model, null) : null,
      });
    }
  }
  return {
    of: (requestId, model) => {
      const known = rewards.get(requestId);
      return known === undefined || (known.model !== null && known.model !== model) ? null : known;
    },
    rows,
    unused: unused.list(),
  };
}

/** Read rewards from the outcomes of a workspace: the quality of the model's answer to the item of the request's id. */
export async function readOutcomeRewards(workspace: Workspace): Promise<Rewards> {
  const engine = await openTables(workspace);
  const found = await engine
    .rows<{ item_id: string; model: string; quality: number; cost_usd: number | null }>(
      "SELECT item_id, model, quality, cost_usd FROM outcomes ORDER BY item_id, model",
    )
    .finally(() => engine.close());
  const key = (item: string, model: string) => `${item}\0${canonicalModel(model, null)}`;
  const rewards = new Map(
    found.map(({ item_id, model, quality, cost_usd }): [string, Reward] => [
      key(item_id, model),
      { reward: quality, costUsd: cost_usd },
    ]),
  );
  return {
    of: (requestId, model) => rewards.get(key(requestId, model)) ?? null,
    rows: found.length,
    unused: [],
  };
}
