import { type Ladder, readMixedLadder } from "../../datasets/benchmarks/read-mixed-ladder.js";
import { makePolicyRows } from "../../models/policies/make-policy-rows.js";
import { needScores } from "../../models/policies/need-scores.js";
import { knownMean, type PolicyRows, selectPolicyRows } from "../../models/policies/policy.js";
import { routerPolicy } from "../../models/policies/router-policy.js";
import { groupRows, rowsWhere } from "../../models/split.js";
import { candidateAt, certifyRetention } from "../../models/thresholds/certify-retention.js";

/** Two ways to choose a threshold on the same small split, on fresh rows; cells are ready to print. */
export interface PromiseTrial {
  ladder: Ladder;
  devQuality: string;
  point: string;
  bound: string;
}

/** Fit to half of the train split, choose thresholds on the dev split, and see what they keep on the other half. */
export async function tryPromises(
  data: string,
  ladder: Ladder,
  { retention, seed }: { retention: number; seed: number },
): Promise<PromiseTrial> {
  const all = readMixedLadder(data, ladder);
  const models = Object.keys(all[0]!.models);
  const means = (model: string) =>
    all.reduce(
      (sum, row) => ({
        quality: sum.quality + row.models[model]!.correct,
        usd: sum.usd + row.models[model]!.est_cost_usd,
      }),
      { quality: 0, usd: 0 },
    );
  const strong = models.reduce((a, b) => (means(b).quality > means(a).quality ? b : a));
  const weak = models.reduce((a, b) => (means(b).usd < means(a).usd ? b : a));
  const rows = makePolicyRows(
    all.map(({ prompt, group, models: answers }) => ({
      prompt,
      group,
      quality: [answers[weak]!.correct, answers[strong]!.correct],
      usd: [answers[weak]!.est_cost_usd, answers[strong]!.est_cost_usd],
    })),
  );
  const twins = groupRows(
    all.map(() => null),
    rows.texts,
  );
  const part = all.map(({ split }, row) => (split === "dev" ? 2 : twins[row]! % 2));
  const [training, fresh, dev] = [0, 1, 2].map((wanted) =>
    selectPolicyRows(
      rows,
      rowsWhere(part, (other) => other === wanted),
    ),
  ) as [PolicyRows, PolicyRows, PolicyRows];
  const fitted = await routerPolicy.fit(training, seed);
  const sufficiency = async (some: PolicyRows) =>
    needScores(await fitted.forecast(some), { weak: 0, strong: 1 }).map((need) => (1 - need) / 2);
  const [devScores, freshScores] = [await sufficiency(dev), await sufficiency(fresh)];
  const certification = certifyRetention(
    {
      sufficiency: [devScores],
      quality: [dev.quality[0]!],
      strongQuality: dev.quality[1]!,
      clusters: dev.texts.map((_, row) => row),
    },
    { retention, confidence: 0.95 },
  );
  const byPoint = certification.dial.findLast((setting) => setting.retention >= retention);
  const onFresh = (threshold: number | null) => describe(threshold, freshScores, fresh);
  return {
    ladder,
    devQuality: `${dev.texts.length}: ${knownMean(dev.quality[0]!).toFixed(3)} / ${knownMean(dev.quality[1]!).toFixed(3)}`,
    point: onFresh(byPoint?.threshold ?? null),
    bound: onFresh(certification.threshold),
  };
}

function describe(threshold: number | null, scores: Float64Array, { quality }: PolicyRows): string {
  if (threshold === null) return "nothing certified, nothing routed";
  let away = 0;
  let kept = 0;
  for (let row = 0; row < scores.length; row++) {
    const isAway = candidateAt([scores], row, threshold) === 0;
    away += Number(isAway);
    kept += quality[isAway ? 0 : 1]![row]!;
  }
  const strong = quality[1]!.reduce((sum, value) => sum + value, 0);
  return `${((100 * away) / scores.length).toFixed(0)} %, ${(kept / strong).toFixed(4)}`;
}
