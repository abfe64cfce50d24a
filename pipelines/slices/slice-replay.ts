/** A way to cut attempts: the place of each row among names, -1 = not logged. */
export interface SliceDimension {
  dimension: string;
  places: Int32Array;
  names: readonly string[];
  /** True keeps the order of the names, which says more than that of the sizes. */
  isOrdered?: boolean;
}

/** Attempts cut in several ways. Domain 0 is everyone. */
export interface ReplaySlices {
  /** Names of the domains, by dimension, largest first unless they have an order of their own. */
  slices: Array<{ dimension: string; slice: string }>;
  /** Columns by row number with the row's domain, for `domainRatios`; the first puts everyone into domain 0. */
  domains: Int32Array[];
}

const notLogged = "(not logged)";
const rest = "other";

/** Cut attempts along several dimensions at once. A dimension with a single slice says nothing that everyone doesn't and is left out; of
 * many slices the largest stay and the others become one.
 * @param rows those that count
 * @param most slices of one dimension, before the rest is joined */
export function sliceReplay(
  rows: Int32Array,
  dimensions: readonly SliceDimension[],
  most = 40,
): ReplaySlices {
  const slices = [{ dimension: "all", slice: "everyone" }];
  const domains = [new Int32Array(dimensions[0]?.places.length ?? 0)];
  for (const { dimension, places, names, isOrdered = false } of dimensions) {
    const counts = new Float64Array(names.length + 1);
    for (let i = 0; i < rows.length; i++) counts[places[rows[i]!]! + 1]! += 1;
    const found = [...counts.keys()]
      .filter((place) => counts[place]! > 0)
      .sort((a, b) => counts[b]! - counts[a]! || a - b);
    if (found.length < 2) continue;
    const kept = found.length > most ? found.slice(0, most - 1) : found;
    if (isOrdered) kept.sort((a, b) => a - b);
    const domainOf = new Int32Array(counts.length).fill(slices.length + kept.length);
    kept.forEach((place, i) => {
      domainOf[place] = slices.length + i;
    });
    slices.push(
      ...kept.map((place) => ({ dimension, slice: place === 0 ? notLogged : names[place - 1]! })),
      ...(found.length > most ? [{ dimension, slice: rest }] : []),
    );
    domains.push(places.map((place) => domainOf[place + 1]!));
  }
  return { slices, domains };
}
