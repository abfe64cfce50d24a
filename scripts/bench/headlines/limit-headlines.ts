import { Left } from "../../../pipelines/simulate/left-reasons.js";
import type { HeadlineGroup } from "./headline-group.js";
import { columnsOf, strategyHeadlines } from "./strategy-headlines.js";

/** What no interval of sampling can hold: the same two estimates against what they don't know. Sufficiency is what an overconfident router says,
 * and other models' costs are list prices though the gateway would add its mark-up to them too, as they are without `signalbox markup`. */
export const limitHeadlines: HeadlineGroup = {
  title:
    "Not in any interval, by design: a router that is overconfident (log-odds + 1), and a mark-up on other models too",
  estimate: (draw) => {
    const { router_retention: retention, router_saving: saving } = strategyHeadlines.estimate(draw);
    return { overconfident_router_retention: retention ?? null, router_saving_if_marked_up: saving ?? null };
  },
  truth: (world) => {
    const { attempts, replay } = world;
    const { markup, feeUsd } = world.world;
    const { left } = columnsOf(world);
    let [rows, kept, billed, routed] = [0, 0, 0, 0];
    attempts.forEach(({ trueSufficiency, chosen, served, usd, billedUsd }, row) => {
      if (left[row] !== Left.replayed) return;
      rows += 1;
      kept += trueSufficiency[chosen]!;
      billed += billedUsd;
      routed += chosen === served ? replay.billed[row]! : usd[chosen]! * (1 + markup) + feeUsd;
    });
    return {
      overconfident_router_retention: kept / rows,
      router_saving_if_marked_up: 1 - routed / billed,
    };
  },
};
