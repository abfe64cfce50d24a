import type { RouteRequest } from "@signalbox/runtime";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { DataError } from "../../datasets/errors.js";
import { openTables, type Workspace } from "../../datasets/workspace.js";

/** One model's answer to an item, as training sees it. */
interface ItemOutcome {
  /** 0 to 1. */
  quality: number;
  /** null = unknown. */
  costUsd: number | null;
  outputTokens: number | null;
  /** Whether a judge compared this answer; else it is the reference, was imported or seen in a shadow run. */
  isJudged: boolean;
}

/** One labelled request. */
export interface TrainingItem {
  id: string;
  request: RouteRequest;
  /** The request as text, by which twins are recognised. */
  text: string;
  /** Task, app or other slice that it belongs to. */
  group: string | null;
  sessionId: string | null;
  /** Microseconds since 1970, UTC. */
  createdAt: number | null;
  /** Inverse of the inclusion probability. */
  weight: number;
  tier: number | null;
  isStakes: boolean | null;
  outcomes: ReadonlyMap<string, ItemOutcome>;
}

/** Everything that was labelled in a workspace. */
export interface TrainingData {
  items: TrainingItem[];
  /** Distinct origins of the outcomes: imported, judged, shadow. */
  labelSources: string[];
  isSimulated: boolean;
}

/** Read all labelled items with their outcomes.
 * @throws {DataError} if there are none, naming the two ways to get some */
export async function readTrainingItems(engine: Engine): Promise<TrainingData> {
  const outcomes = new Map<string, Map<string, ItemOutcome>>();
  const origins = new Set<string>();
  for await (const rows of engine.chunks<OutcomeRecord>(readSql("pipelines/train/training-outcomes.sql"))) {
    for (const { item_id, model, quality, cost_usd, output_tokens, origin, is_judged } of rows) {
      origins.add(origin);
      const item = outcomes.get(item_id) ?? new Map<string, ItemOutcome>();
      item.set(model, {
        quality,
        costUsd: cost_usd,
        outputTokens: output_tokens,
        isJudged: is_judged,
      });
      outcomes.set(item_id, item);
    }
  }
  const items: TrainingItem[] = [];
  for await (const rows of engine.chunks<ItemRecord>(readSql("pipelines/train/training-items.sql"))) {
    for (const row of rows) items.push(itemOf(row, outcomes.get(row.item_id) ?? new Map()));
  }
  if (items.length === 0) {
    throw new DataError(
      "no labelled requests in this workspace; add some with: signalbox outcomes import FILE, or: signalbox label",
    );
  }
  const [labels] = await engine.rows<{ calls: number; simulated: number }>(
    readSql("pipelines/train/simulated-labels.sql"),
  );
  return { items, labelSources: [...origins].sort(), isSimulated: labels!.simulated > 0 };
}

/** {@link readTrainingItems} of a workspace, by an engine of its own. */
export async function readWorkspaceItems(workspace: Workspace): Promise<TrainingData> {
  const engine = await openTables(workspace);
  try {
    return await readTrainingItems(engine);
  } finally {
    engine.close();
  }
}

interface OutcomeRecord {
  item_id: string;
  model: string;
  quality: number;
  cost_usd: number | null;
  output_tokens: number | null;
  origin: string;
  is_judged: boolean;
}

interface ItemRecord {
  item_id: string;
  messages_json: string;
  group: string | null;
  session_id: string | null;
  created_at: number | null;
  weight: number;
  tier: number | null;
  is_stakes: boolean | null;
}

function itemOf(row: ItemRecord, outcomes: ReadonlyMap<string, ItemOutcome>): TrainingItem {
  const parsed = JSON.parse(row.messages_json) as RouteRequest | RouteRequest["messages"];
  return {
    id: row.item_id,
    request: Array.isArray(parsed) ? { messages: parsed } : (parsed as RouteRequest),
    text: row.messages_json,
    group: row.group,
    sessionId: row.session_id,
    createdAt: row.created_at,
    weight: row.weight,
    tier: row.tier,
    isStakes: row.is_stakes,
    outcomes,
  };
}
