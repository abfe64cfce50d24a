import { createRandom, type Random } from "../../../datasets/random.js";
import { correctQuality } from "../../../models/statistics/correct-quality.js";
import type { LabelledAttempts } from "../../../pipelines/misroutes/labelled-attempts.js";
import type { ReplayData } from "../../../pipelines/replay/replay-data.js";
import { type ReplayedAttempt, replayData } from "../../support/replay-data.js";

/** A judge that errs: P(sufficient | sufficient) and P(insufficient | insufficient). */
export const plantedJudge = { tpr: 0.95, tnr: 0.6 };

/** A log of two models, all of it answered by the strong one. How hard a call is lies in its session, and so does half of the luck. The
 * cheap model is sufficient with probability 0.3 + 0.6 d, d uniform; strong calls cost 0.01 (1 + d), cheap ones a tenth. So overkill is
 * 60 % of the calls, and overpaid 0.009 E[(0.3 + 0.6 d)(1 + d)] = 0.00855 USD a call. The router is overconfident: it says
 * 0.5 + 0.45 p. Labels are drawn unevenly, hard calls three times as often; humans rate some verdicts. */
export function judgedWorld(seed: number, { sessions = 700 } = {}) {
  const random = createRandom(seed);
  const attempts: ReplayedAttempt[] = [];
  const labels: Array<{ row: number; truth: number; weight: number }> = [];
  for (let session = 0; session < sessions; session++) {
    const d = random.uniform();
    const p = 0.3 + 0.6 * d;
    const luck = random.uniform();
    const size = 1 + random.below(5);
    const inclusion = d < 0.5 ? 0.45 : 0.15;
    for (let call = 0; call < size; call++) {
      const truth = Number((random.uniform() < 0.5 ? luck : random.uniform()) < p);
      if (random.uniform() < inclusion) labels.push({ row: attempts.length, truth, weight: 1 / inclusion });
      attempts.push({
        session,
        app: d < 0.5 ? "hard" : "easy",
        usd: [0.001 * (1 + d), 0.01 * (1 + d)],
        sufficiency: [0.5 + 0.45 * p, 1],
      });
    }
  }
  const judged = labels.map(({ truth }) => {
    const judge = judgeVerdict(truth, random);
    const inclusion = judge === 1 ? 0.3 : 0.6;
    return { judge, inclusion, human: random.uniform() < inclusion ? truth : null };
  });
  const strong = labels.map(() => 1);
  const raw = Float64Array.from([...judged.map(({ judge }) => judge), ...strong]);
  const labelled: LabelledAttempts = {
    rows: Int32Array.from(labels, ({ row }) => row),
    weights: Float64Array.from(labels, ({ weight }) => weight),
    quality: raw,
    corrected: Float64Array.from([...correctQuality(judged), ...strong]),
    isRelative: new Uint8Array(labels.length).fill(1),
    isJudged: true,
    ratings: judged.filter(({ human }) => human !== null).length,
    note: "",
  };
  return { replay: replayData(["cheap", "strong"], attempts), labelled };
}

/** Chances that the cheapest sufficient model is the first, second or third; the rest is that none is. */
export const gradedTruth = { first: 0.4, second: 0.25, third: 0.25 } as const;

/** A log of three models, each answering a third of the calls, with absolute grades of a fifth of them: on average m* is as in
 * {@link gradedTruth}. Models cost 1, 3 and 10 cents whatever the call. The router's probabilities are right on average but for the calls that no model answers well, of
 * which it knows nothing. */
export function gradedWorld(
  seed: number,
  { sessions = 600 } = {},
): { replay: ReplayData; labelled: LabelledAttempts } {
  const random = createRandom(seed);
  const attempts: ReplayedAttempt[] = [];
  const grades: Array<{ row: number; grades: number[] }> = [];
  for (let session = 0; session < sessions; session++) {
    const shift = 0.2 * (random.uniform() - 0.5);
    const size = 1 + random.below(4);
    for (let call = 0; call < size; call++) {
      const u = random.uniform();
      const first = gradedTruth.first + shift;
      const cheapest =
        u < first
          ? 0
          : u < first + gradedTruth.second
            ? 1
            : u < first + gradedTruth.second + gradedTruth.third - shift
              ? 2
              : 3;
      if (random.uniform() < 0.2)
        grades.push({
          row: attempts.length,
          grades: [0, 1, 2].map((model) => (model >= cheapest ? 0.9 : 0.2)),
        });
      attempts.push({
        session,
        served: random.below(3),
        usd: [0.01, 0.03, 0.1],
        sufficiency: [first, first + gradedTruth.second, 1],
      });
    }
  }
  return {
    replay: replayData(["small", "middle", "large"], attempts),
    labelled: {
      rows: Int32Array.from(grades, ({ row }) => row),
      weights: new Float64Array(grades.length).fill(5),
      quality: Float64Array.from([0, 1, 2].flatMap((model) => grades.map((entry) => entry.grades[model]!))),
      corrected: null,
      isRelative: new Uint8Array(grades.length),
      isJudged: false,
      ratings: 0,
      note: "",
    },
  };
}

function judgeVerdict(truth: number, random: Random): number {
  const isRight = random.uniform() < (truth === 1 ? plantedJudge.tpr : plantedJudge.tnr);
  return isRight ? truth : 1 - truth;
}
