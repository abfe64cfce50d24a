import type { MisrouteFigures } from "../../../datasets/misroutes-result.js";
import { createRandom } from "../../../datasets/random.js";
import type { Interval } from "../../../models/statistics/wilson-interval.js";
import { auditMisroutes } from "../../../pipelines/misroutes/audit-misroutes.js";
import type { LabelledAttempts } from "../../../pipelines/misroutes/labelled-attempts.js";
import { type HeadlineGroup, perSession } from "./headline-group.js";
import type { PlantedDraw } from "./planted-draw.js";

/** Share of replayed attempts whose answers are graded, on every model. */
const labelledShare = 0.15;

/** What `signalbox simulate misroutes` says: modelled by sufficiency alone, measured on graded answers alone, and combined. */
export const misrouteHeadlines: HeadlineGroup = {
  title: "Calls on the wrong model",
  estimate: (draw) => {
    const labelled = gradeSample(draw);
    const graded = auditMisroutes(draw.replay, { labelled });
    return {
      ...figuresOf("modelled", auditMisroutes(draw.replay).quoted, draw),
      ...figuresOf("measured", graded.measured, draw),
      ...figuresOf("combined", graded.quoted, draw),
    };
  },
  truth: (world) => {
    const truth = shares(world);
    return Object.fromEntries(
      ["modelled", "measured", "combined"].flatMap((kind) =>
        Object.entries(truth).map(([figure, value]) => [`misroutes_${kind}_${figure}`, value]),
      ),
    );
  },
};

function figuresOf(
  kind: string,
  figures: MisrouteFigures | null,
  draw: PlantedDraw,
): Record<string, Interval | null> {
  if (figures === null) return {};
  const found: Record<string, Interval | null> = {};
  for (const figure of ["overkill", "right_sized", "underpowered", "wrong", "overkill_of_wrong"] as const)
    found[`misroutes_${kind}_${figure}`] = figures[figure];
  for (const figure of ["overpaid_usd", "at_risk_usd", "repair_usd"] as const)
    found[`misroutes_${kind}_${figure}`] = perSession(figures[figure], draw);
  return found;
}

/** Expected shares and dollars by the true sufficiency; a dearer model is enough wherever a cheaper one is. */
function shares({ attempts, drawn }: PlantedDraw): Record<string, number> {
  let [rows, over, under, overpaid, atRisk, repair] = [0, 0, 0, 0, 0, 0];
  for (const { chosen, served, trueSufficiency, usd, billedUsd } of attempts) {
    if (chosen < 0) continue;
    rows += 1;
    under += 1 - trueSufficiency[served]!;
    atRisk += billedUsd * (1 - trueSufficiency[served]!);
    over += served > 0 ? trueSufficiency[served - 1]! : 0;
    for (let model = 0; model < usd.length; model++) {
      const isCheapest = trueSufficiency[model]! - (model > 0 ? trueSufficiency[model - 1]! : 0);
      if (model < served) overpaid += isCheapest * Math.max(0, billedUsd - usd[model]!);
      if (model > served) repair += isCheapest * Math.max(0, usd[model]! - billedUsd);
    }
  }
  return {
    overkill: over / rows,
    right_sized: 1 - (over + under) / rows,
    underpowered: under / rows,
    wrong: (over + under) / rows,
    overkill_of_wrong: over / (over + under),
    overpaid_usd: overpaid / drawn,
    at_risk_usd: atRisk / drawn,
    repair_usd: repair / drawn,
  };
}

/** Grade a sample of replayed attempts on every model, without error. */
function gradeSample({ attempts, seed, world }: PlantedDraw): LabelledAttempts {
  const random = createRandom(90_000_000 + seed);
  const rows: number[] = [];
  const grades: number[][] = [];
  attempts.forEach(({ chosen, trueSufficiency }, row) => {
    const isDrawn = random.uniform() < labelledShare;
    const luck = random.uniform();
    if (chosen < 0 || !isDrawn) return;
    rows.push(row);
    grades.push(trueSufficiency.map((share) => Number(luck < share)));
  });
  return {
    rows: Int32Array.from(rows),
    weights: new Float64Array(rows.length).fill(1 / labelledShare),
    quality: Float64Array.from(world.models.flatMap((_, model) => grades.map((grade) => grade[model]!))),
    corrected: null,
    isRelative: new Uint8Array(rows.length),
    isJudged: false,
    ratings: 0,
    note: "graded by planted outcomes",
  };
}
