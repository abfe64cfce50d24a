import type { StrategyRow } from "../../../datasets/results.js";
import type { Interval } from "../../../models/statistics/wilson-interval.js";
import { Left } from "../../../pipelines/simulate/left-reasons.js";
import { type ReplayColumns, replayColumns } from "../../../pipelines/simulate/replay-columns.js";
import { trafficStrategies } from "../../../pipelines/simulate/traffic-strategies.js";
import { type HeadlineGroup, perSession } from "./headline-group.js";
import type { PlantedDraw } from "./planted-draw.js";

/** Every figure of `signalbox simulate`'s comparison of strategies. */
export const strategyHeadlines: HeadlineGroup = {
  title: "Strategies",
  estimate: (draw) => figuresOf(draw, strategiesOf(draw, columnsOf(draw))),
  truth: truthOf,
};

const figures = [
  "usd",
  "saving",
  "saving_of_strong",
  "usd_per_request",
  "usd_per_mtok",
  "usd_per_success",
  "retention",
  "latency_change_ms",
] as const;

function strategiesOf({ world }: PlantedDraw, columns: ReplayColumns): StrategyRow[] {
  const rows = Int32Array.from(columns.left.keys()).filter((row) => columns.left[row] === Left.replayed);
  const models = world.models.map(({ model }) => model);
  return trafficStrategies(columns, rows, {
    models,
    bestSingle: 1,
    retention: 0.9,
    pairs: null,
    heldOut: [],
  });
}

function figuresOf(draw: PlantedDraw, strategies: readonly StrategyRow[]): Record<string, Interval | null> {
  const found: Record<string, Interval | null> = {};
  for (const row of strategies) {
    for (const figure of figures) {
      const estimate = row[figure] ?? null;
      found[`${row.strategy}_${figure}`] =
        estimate !== null && figure === "usd" ? perSession(estimate, draw) : estimate;
    }
  }
  return found;
}

/** Money is the population's; quality comes from the true sufficiency and latency from the models' true means, which no estimate sees. */
function truthOf(world: PlantedDraw): Record<string, number> {
  const columns = columnsOf(world);
  const strategies = strategiesOf(world, columns);
  const truth: Record<string, number> = {};
  for (const [key, interval] of Object.entries(figuresOf(world, strategies))) {
    if (interval !== null) truth[key] = interval.value;
  }
  const places: ReadonlyArray<[strategy: string, placeOf: (row: number) => number]> = [
    ["billed", (row) => columns.served[row]!],
    ["always_cheapest", () => 0],
    ["best_single", () => 1],
    ["always_strong", () => columns.models - 1],
    ["router", (row) => columns.chosen[row]!],
  ];
  for (const [strategy, placeOf] of places) {
    let [rows, kept, slower] = [0, 0, 0];
    world.attempts.forEach(({ trueSufficiency, meanMs, served }, row) => {
      if (columns.left[row] !== Left.replayed) return;
      rows += 1;
      kept += trueSufficiency[placeOf(row)]!;
      slower += meanMs[placeOf(row)]! - meanMs[served]!;
    });
    truth[`${strategy}_retention`] = kept / rows;
    truth[`${strategy}_latency_change_ms`] = slower / rows;
  }
  return truth;
}

/** The replay as `signalbox simulate` holds it while it decides. */
export function columnsOf({ attempts, replay, world }: PlantedDraw): ReplayColumns {
  const columns = replayColumns(replay.rows, world.models.length);
  columns.session.set(replay.session);
  columns.app.set(replay.app);
  columns.served.set(replay.served);
  columns.chosen.set(replay.chosen);
  columns.tier.set(replay.tier);
  columns.stakes.set(replay.stakes);
  columns.inputTokens.set(replay.inputTokens);
  columns.outputTokens.set(replay.outputTokens);
  columns.confidence.set(replay.confidence);
  columns.billed.set(replay.billed);
  columns.latency.set(replay.latency);
  columns.usd.set(replay.usd);
  columns.sufficiency.set(replay.sufficiency);
  columns.length.set(replay.userChars);
  attempts.forEach((attempt, row) => {
    columns.rules[row] = attempt.rules;
    columns.left[row] = leftCodeOf(replay.isUnknown[row] === 1, attempt.isSuccess, attempt.served);
  });
  return columns;
}

function leftCodeOf(isUnknown: boolean, isSuccess: boolean, served: number): number {
  if (isUnknown) return Left.noPrice;
  if (!isSuccess) return Left.failed;
  return served < 0 ? Left.otherModel : Left.replayed;
}
