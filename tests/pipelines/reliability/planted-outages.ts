import { createRandom } from "../../../datasets/random.js";
import { emptyReplay } from "../../../pipelines/replay/read-replay.js";
import type { ReplayData } from "../../../pipelines/replay/replay-data.js";

/** Failure probability in and outside an outage, the share of hours with one, and how often a failure is retried in the log. */
export interface OutagePlan {
  calm: number;
  outage: number;
  share: number;
  retried: number;
  hours: number;
  perHour: number;
  seed: number;
}

/** A log of two models, each with outages of whole hours of its own; a failed request may be tried once more on the same model. The retry
 * fails with the hour's own probability. */
export function plantedOutages(plan: OutagePlan): ReplayData {
  const { hours, perHour, retried } = plan;
  const random = createRandom(plan.seed);
  const most = 2 * hours * perHour;
  const replay = emptyReplay(most, ["small", "large"]);
  let row = 0;
  let logical = 0;
  const add = (values: {
    session: number;
    attemptNo: number;
    at: number;
    served: number;
    fails: boolean;
  }) => {
    replay.session[row] = values.session;
    replay.logical[row] = logical;
    replay.attemptNo[row] = values.attemptNo;
    replay.createdAt[row] = values.at * 1e6;
    replay.served[row] = values.served;
    replay.isSuccess[row] = Number(!values.fails);
    replay.isReplayed[row] = Number(!values.fails);
    replay.errorClass[row] = values.fails ? 0 : -1;
    replay.latency[row] = values.fails ? 5_000 : 800;
    replay.inputTokens[row] = 100;
    replay.outputTokens[row] = 50;
    replay.chosen[row] = values.fails ? -1 : values.served;
    replay.billed[row] = values.fails ? 0 : 0.001 * (1 + values.served);
    if (!values.fails) for (let m = 0; m < 2; m++) replay.usd[m * most + row] = 0.001 * (1 + m);
    row += 1;
  };
  for (let hour = 0; hour < hours; hour++) {
    const rates = [0, 1].map(() => (random.uniform() < plan.share ? plan.outage : plan.calm));
    for (let i = 0; i < perHour; i++) {
      const served = random.below(2);
      const at = 1_767_600_000 + hour * 3_600 + (i * 3_600) / perHour;
      const session = random.below(hours * perHour);
      const fails = random.uniform() < rates[served]!;
      add({ session, attemptNo: 1, at, served, fails });
      if (fails && random.uniform() < retried) {
        add({ session, attemptNo: 2, at: at + 7, served, fails: random.uniform() < rates[served]! });
      }
      logical += 1;
    }
  }
  const cut = (values: Float64Array) =>
    Float64Array.from({ length: 2 * row }, (_, i) => values[i < row ? i : most + i - row]!);
  const short = Object.fromEntries(
    Object.entries(replay).map(([name, value]) => [
      name,
      ArrayBuffer.isView(value) ? (value as Float64Array).subarray(0, row) : value,
    ]),
  ) as unknown as ReplayData;
  return {
    ...short,
    rows: row,
    usd: cut(replay.usd),
    sufficiency: cut(replay.sufficiency),
    sessions: hours * perHour,
    errorClasses: ["server"],
  };
}

/** Mean of the k-th power of the failure probability: the chance that k attempts at the same model all fail. */
export function allFail({ calm, outage, share }: OutagePlan, k: number): number {
  return share * outage ** k + (1 - share) * calm ** k;
}
