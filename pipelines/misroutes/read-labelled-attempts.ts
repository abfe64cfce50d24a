import { readSql } from "../../datasets/engine/sql-file.js";
import { openTables, type Workspace } from "../../datasets/workspace.js";
import { correctedOutcomes } from "../trust/corrected-outcomes.js";
import { type LabelledAttempts, noLabels } from "./labelled-attempts.js";

/** Read the labels of logged attempts, corrected for the judge's errors where humans rated some of its verdicts.
 * @param models the policy's, in the order of the replay */
export async function readLabelledAttempts(
  workspace: Workspace,
  models: readonly string[],
): Promise<LabelledAttempts> {
  const { places, outcomes, origins } = await readTables(workspace);
  if (places.length === 0) return noLabels;
  const items = [...outcomes].map(([id, own]) => ({ id, outcomes: own }));
  const { corrected, note } = correctedOutcomes(workspace, items, models);
  const itemAt = new Map(items.map(({ id }, i) => [id, i]));
  const spread = (qualityOf: (model: string, item: number) => number | undefined) =>
    Float64Array.from({ length: models.length * places.length }, (_, at) => {
      const item = itemAt.get(places[at % places.length]!.item_id);
      const model = models[Math.floor(at / places.length)]!;
      return item === undefined ? Number.NaN : (qualityOf(model, item) ?? Number.NaN);
    });
  const quality = spread((model, item) => items[item]!.outcomes.get(model)?.quality);
  const isUsed = corrected !== null && corrected.ratings > 0;
  const isJudged = items.some(({ outcomes: own }) => [...own.values()].some((each) => each.isJudged));
  return {
    rows: Int32Array.from(places, ({ row }) => row),
    weights: Float64Array.from(places, ({ weight }) => weight),
    quality,
    corrected: isUsed
      ? spread(
          (model, item) => corrected.quality.get(model)?.[item] ?? items[item]!.outcomes.get(model)?.quality,
        )
      : null,
    isRelative: Uint8Array.from(places, ({ item_id }) => Number(origins.get(item_id) === "judged")),
    isJudged,
    ratings: isUsed ? corrected.ratings : 0,
    note: noteOf({ isJudged, isUsed, note }),
  };
}

function noteOf(facts: { isJudged: boolean; isUsed: boolean; note: string | null }): string {
  if (!facts.isJudged) return "Labels are graded or compared without a judge: nothing is to be corrected.";
  if (facts.isUsed) return `Judged ${facts.note}.`;
  return `UNCORRECTED: no human ratings. Labelled figures repeat the judge's errors; ${facts.note}.`;
}

interface Place {
  item_id: string;
  weight: number;
  row: number;
}

type Outcomes = Map<string, { quality: number; costUsd: null; outputTokens: null; isJudged: boolean }>;

async function readTables(
  workspace: Workspace,
): Promise<{ places: Place[]; outcomes: Map<string, Outcomes>; origins: Map<string, string> }> {
  const engine = await openTables(workspace);
  const outcomes = new Map<string, Outcomes>();
  const origins = new Map<string, string>();
  try {
    const places = await engine.rows<Place>(readSql("pipelines/misroutes/misroute-labels.sql"));
    if (places.length === 0) return { places, outcomes, origins };
    for await (const rows of engine.chunks<{
      item_id: string;
      model: string;
      quality: number;
      origin: string;
      is_judged: boolean;
    }>(readSql("pipelines/train/training-outcomes.sql"))) {
      for (const { item_id, model, quality, origin, is_judged } of rows) {
        const own: Outcomes = outcomes.get(item_id) ?? new Map();
        own.set(model, { quality, costUsd: null, outputTokens: null, isJudged: is_judged });
        outcomes.set(item_id, own);
        if (origin === "judged" || !origins.has(item_id)) origins.set(item_id, origin);
      }
    }
    return { places, outcomes, origins };
  } finally {
    engine.close();
  }
}
