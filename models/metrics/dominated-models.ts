import type { CostQuality } from "./cost-quality-hull.js";

/** Models that another one beats on cost without losing quality, each with the best that beats it: never worth calling, and a
 * flattering baseline. Of two equals the later counts as dominated. A model below a *mix* of others isn't named: it
 * may still be the best single choice at its price.
 * @returns indices of dominated models and of their dominators */
export function dominatedModels(models: readonly CostQuality[]): Array<{ model: number; by: number }> {
  return models.flatMap((model, i) => {
    const better = models
      .map((other, j) => ({ ...other, j }))
      .filter(
        (other) =>
          other.j !== i &&
          other.usd <= model.usd &&
          other.quality >= model.quality &&
          (other.usd < model.usd || other.quality > model.quality || other.j < i),
      )
      .sort((a, b) => b.quality - a.quality || a.usd - b.usd)[0];
    return better ? [{ model: i, by: better.j }] : [];
  });
}
