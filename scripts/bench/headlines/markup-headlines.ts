import { listUsd } from "../../../datasets/synthetic/planted-session.js";
import { estimateMarkup, type MarkupEstimate } from "../../../models/markup/estimate-markup.js";
import { gatewayCharge } from "../../../models/markup/gateway-charge.js";
import { numberClusters } from "../../../models/statistics/cluster-ratio.js";
import type { HeadlineGroup } from "./headline-group.js";
import { limitHeadlines } from "./limit-headlines.js";
import type { PlantedDraw } from "./planted-draw.js";
import { strategyHeadlines } from "./strategy-headlines.js";

/** What `signalbox markup` finds of a gateway's share and fee, both planted; and the router's saving once the replay carries what it found over
 * to other models, in a world whose gateway adds it to them too. */
export const markupHeadlines: HeadlineGroup = {
  title: "Gateway mark-up",
  estimate: (draw) => {
    const { markup, feeUsd, uplift } = markupOf(draw);
    const { router_saving: saving } = strategyHeadlines.estimate(markedUp(draw, { markup, feeUsd }));
    return { markup, markup_fee_usd: feeUsd, markup_uplift: uplift, router_saving_marked_up: saving ?? null };
  },
  truth: (world) => {
    const charged = chargedOf(world);
    const list = charged.reduce((sum, { listUsd: usd }) => sum + usd, 0);
    const { markup, feeUsd } = world.world;
    return {
      markup,
      markup_fee_usd: feeUsd,
      markup_uplift: markup + (feeUsd * charged.length) / list,
      router_saving_marked_up: limitHeadlines.truth!(world).router_saving_if_marked_up!,
    };
  },
};

/** The replay with a mark-up and a fee on other models, where their intervals exclude 0. */
function markedUp(
  draw: PlantedDraw,
  { markup, feeUsd }: Pick<MarkupEstimate, "markup" | "feeUsd">,
): PlantedDraw {
  const shown = (found: MarkupEstimate["markup"]) => (found !== null && found.low > 0 ? found.value : 0);
  const terms = { markup: shown(markup), fee_usd: shown(feeUsd) };
  const { replay } = draw;
  const usd = replay.usd.slice();
  for (let row = 0; row < replay.rows; row++) {
    for (let model = 0; model < replay.models.length; model++) {
      const at = model * replay.rows + row;
      if (model !== replay.served[row]) usd[at] = gatewayCharge(usd[at]!, terms);
    }
  }
  return { ...draw, replay: { ...replay, usd } };
}

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
