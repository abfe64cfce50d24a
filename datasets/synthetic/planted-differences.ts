import { createRandom } from "../random.js";

/** A planted stream of quality differences. */
export interface PlantedDifferencesOptions {
  sessions: number;
  /** Mean rows of a session: 1 + geometric; 1 = every row stands alone. */
  meanSession?: number;
  /** Share of rows whose two answers differ in quality, by 1 either way. */
  discordance: number;
  /** True mean of D, the quality of the baseline minus the candidate's; at most the discordance. */
  difference: number;
  /** Correlation of D between rows of a session. */
  icc?: number;
  seed: number;
}

/** Differences in {-1, 0, 1} with a known mean, variance and correlation within sessions: with probability sqrt(icc) a row takes its session's
 * own draw, else one of its own. */
export function plantDifferences(options: PlantedDifferencesOptions): {
  values: Float64Array;
  clusters: Int32Array;
} {
  const { sessions, meanSession = 1, discordance, difference, icc = 0, seed } = options;
  const random = createRandom(seed);
  const draw = () => {
    const u = random.uniform();
    return u < (discordance + difference) / 2 ? 1 : u < discordance ? -1 : 0;
  };
  const values: number[] = [];
  const clusters: number[] = [];
  const shared = Math.sqrt(icc);
  const stay = 1 - 1 / meanSession;
  for (let session = 0; session < sessions; session++) {
    const own = draw();
    do {
      values.push(shared > 0 && random.uniform() < shared ? own : draw());
      clusters.push(session);
    } while (stay > 0 && random.uniform() < stay);
  }
  return { values: Float64Array.from(values), clusters: Int32Array.from(clusters) };
}
