import { listUsd } from "../../../datasets/synthetic/planted-session.js";
import { estimateMarkup, type MarkupEstimate } from "../../../models/markup/estimate-markup.js";
import { numberClusters } from "../../../models/statistics/cluster-ratio.js";
import type { HeadlineGroup } from "./headline-group.js";
import type { PlantedDraw } from "./planted-draw.js";

/** What `signalbox markup` finds of a gateway's share and fee; both are planted. */
export const markupHeadlines: HeadlineGroup = {
  title: "Gateway mark-up",
  estimate: (draw) => {
    const { markup, feeUsd, uplift } = markupOf(draw);
    return { markup, markup_fee_usd: feeUsd, markup_uplift: uplift };
  },
  truth: (world) => {
    const charged = chargedOf(world);
    const list = charged.reduce((sum, { listUsd: usd }) => sum + usd, 0);
    const { markup, feeUsd } = world.world;
    return { markup, markup_fee_usd: feeUsd, markup_uplift: markup + (feeUsd * charged.length) / list };
  },
};

function markupOf(draw: PlantedDraw): MarkupEstimate {
  const charged = chargedOf(draw);
  const column = (amountOf: (attempt: (typeof charged)[number]) => number) =>
    Float64Array.from(charged, amountOf);
  const modelOf = ({ served }: (typeof charged)[number]) => draw.world.models[served]!;
  const output = column((attempt) => (modelOf(attempt).outputUsd * attempt.outputTokens) / scaleOf(attempt));
  return estimateMarkup({
    reported: column(({ billedUsd }) => billedUsd),
    bases: [
      { name: "list", costs: column((attempt) => attempt.listUsd) },
      {
        name: "cache_reads_at_full_rate",
        costs: column((attempt) =>
          listUsd(modelOf(attempt), {
            input: attempt.inputTokens,
            cacheRead: 0,
            output: attempt.outputTokens,
            isBatch: attempt.isBatch,
          }),
        ),
      },
    ],
    outputCosts: [output, output],
    clusterings: {
      session: Int32Array.from(charged, ({ sessionNumber }) => sessionNumber),
      day: numberClusters(charged.map(({ createdAt }) => String(Math.floor(createdAt / 86_400e6)))),
    },
  });
}

/** Charged calls of the pool's models, in the order of time, with the session as the analyst numbers it. */
function chargedOf({ attempts, replay }: PlantedDraw) {
  return attempts
    .map((attempt, row) => ({ ...attempt, sessionNumber: replay.session[row]! }))
    .filter(({ billedUsd, served }) => billedUsd > 0 && served >= 0);
}

function scaleOf({ isBatch }: { isBatch: boolean }): number {
  return isBatch ? 2e6 : 1e6;
}
