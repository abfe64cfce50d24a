import type { FairnessResult } from "../../datasets/fairness-result.js";
import type { MisroutesResult } from "../../datasets/misroutes-result.js";
import { createRandom } from "../../datasets/random.js";
import { measureFairness } from "../../pipelines/fairness/measure-fairness.js";
import { auditMisroutes } from "../../pipelines/misroutes/audit-misroutes.js";
import type { LabelledAttempts } from "../../pipelines/misroutes/labelled-attempts.js";
import { type ReplayedAttempt, replayData } from "../support/replay-data.js";

/** Both documents of a small log: two apps and three tenants, one of which fares worse, a third of the calls judged and not corrected. */
export function misrouteDocuments(): { misroutes: MisroutesResult; fairness: FairnessResult } {
  const random = createRandom(11);
  const attempts: ReplayedAttempt[] = Array.from({ length: 600 }, (_, i) => {
    const isHard = i % 3 === 2;
    const sufficiency = isHard ? 0.5 + 0.1 * random.uniform() : 0.85 + 0.1 * random.uniform();
    return {
      session: Math.floor(i / 2),
      app: i % 2 === 0 ? "support" : "search",
      tenant: `tenant-${i % 3}`,
      user: Math.floor(40 * random.uniform() ** 2),
      tier: isHard ? 2 : 0,
      served: random.uniform() < 0.2 ? 0 : 1,
      chosen: random.uniform() < 0.6 ? 0 : 1,
      usd: [0.001 + 0.001 * random.uniform(), 0.02 + 0.01 * random.uniform()],
      sufficiency: [sufficiency, 1],
      latency: 300 + 400 * random.uniform(),
    };
  });
  attempts.push({ isSuccess: false, billed: 0.01 }, { isUnknown: true });
  const replay = replayData(["gpt-4.1-mini", "gpt-4.1"], attempts);
  const rows = Int32Array.from(attempts.keys()).filter((row) => row % 3 === 0 && replay.served[row] === 1);
  const verdicts = Array.from(rows, () => Number(random.uniform() < 0.8));
  const labelled: LabelledAttempts = {
    rows,
    weights: new Float64Array(rows.length).fill(3),
    quality: Float64Array.from([...verdicts, ...verdicts.map(() => 1)]),
    corrected: null,
    isRelative: new Uint8Array(rows.length).fill(1),
    isJudged: true,
    ratings: 0,
    note: "UNCORRECTED: no human ratings.",
  };
  return {
    misroutes: auditMisroutes(replay, { labelled, artifactId: "20250701-9f31c2aa" }),
    fairness: measureFairness(replay, { labelled, artifactId: "20250701-9f31c2aa" }),
  };
}
