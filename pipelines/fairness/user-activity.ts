import type { ReplayData } from "../replay/replay-data.js";
import type { SliceDimension } from "../slices/slice-replay.js";

/** Attempts by how much their user asks: light users are the half with the fewest attempts in the log, heavy ones the tenth with the most.
 * Users with equally many attempts stay together, so that the parts may differ from a half and a tenth. */
export function userActivity({ user, rows }: ReplayData): SliceDimension {
  const counts = new Float64Array(user.reduce((most, number) => Math.max(most, number + 1), 0));
  for (let row = 0; row < rows; row++) if (user[row]! >= 0) counts[user[row]!]! += 1;
  const sorted = counts.filter((count) => count > 0).sort();
  const lightest = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
  const heaviest = Math.max(lightest + 1, sorted[Math.floor(0.9 * sorted.length)] ?? 0);
  return {
    dimension: "activity",
    isOrdered: true,
    places: user.map((number) => {
      if (number < 0) return -1;
      if (counts[number]! <= lightest) return 0;
      return counts[number]! < heaviest ? 1 : 2;
    }),
    names: [
      `light (up to ${lightest} attempts)`,
      `medium (${lightest + 1} to ${heaviest - 1} attempts)`,
      `heavy (${heaviest} attempts or more)`,
    ],
  };
}
