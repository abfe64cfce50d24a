/** A way to serve a part of the traffic: what it costs and what it keeps, summed over the part's requests. */
export interface Choice {
  usd: number;
  kept: number;
}

/** Spend where it keeps most: for each part of the traffic (an app) one choice, so that no other combination keeps as much for less, along
 * the whole range from cheapest to best. Each part walks its own lower convex hull of cost against quality, and the parts' steps are
 * taken by price per quality gained: the solutions of min cost - m * kept for every multiplier m (Lagrangian relaxation). Combinations
 * between two steps are not found, as in every convex relaxation.
 * @param parts choices of each part, none empty
 * @returns the place of each part's choice, one list a step, from the cheapest on
 * @see Everett 1963, Generalized Lagrange multiplier method for optimum allocation of resources; Boyd and Vandenberghe 2004, sec. 5.1 */
export function cheapestMixes(parts: ReadonlyArray<readonly Choice[]>): number[][] {
  const hulls = parts.map(lowerHull);
  const steps = hulls.flatMap((hull, part) =>
    hull.slice(1).map((place, i) => ({
      part,
      place,
      price: priceBetween(parts[part]![hull[i]!]!, parts[part]![place]!),
    })),
  );
  steps.sort((a, b) => a.price - b.price || a.part - b.part || a.place - b.place);
  const mix = hulls.map((hull) => hull[0]!);
  const mixes = [[...mix]];
  for (const { part, place } of steps) {
    mix[part] = place;
    mixes.push([...mix]);
  }
  return mixes;
}

/** Places on the lower convex hull of cost over quality, from the cheapest choice to the best. */
function lowerHull(choices: readonly Choice[]): number[] {
  const order = [...choices.keys()].sort(
    (a, b) => choices[a]!.usd - choices[b]!.usd || choices[b]!.kept - choices[a]!.kept || a - b,
  );
  const hull: number[] = [];
  for (const place of order) {
    const top = hull.at(-1);
    if (top !== undefined && !(choices[place]!.kept > choices[top]!.kept)) continue;
    while (hull.length > 1) {
      const [before, last] = [choices[hull.at(-2)!]!, choices[hull.at(-1)!]!];
      if (priceBetween(before, last) < priceBetween(last, choices[place]!)) break;
      hull.pop();
    }
    hull.push(place);
  }
  return hull;
}

function priceBetween(from: Choice, to: Choice): number {
  return (to.usd - from.usd) / (to.kept - from.kept);
}
