import type { ReadRequest } from "@signalbox/runtime";

/** What the search sees of the router: everything that it answers, which is more than an outsider gets. */
export interface SearchView {
  /** How much a request wins by an attack: above 1 once a cheaper model answers, else how near it is; 0 behind a veto. */
  gain: (read: ReadRequest) => number;
}

/** How far the search goes. */
export interface SearchBudget {
  /** Words of the prefix. */
  words: number;
  /** Words tried at each step. */
  pool: number;
}

/** Search one prefix that makes the router answer as many requests as possible with a cheaper model: the words that gain most
 * on their own, put one after another, each time the one that gains most on the given requests.
 * @param requests those that attack on; the rate has to be measured on others
 * @param vocabulary words to try
 * @returns the prefix, ending in a space; empty when nothing gains
 * @see Shafran et al. 2025 (arXiv 2501.01818), sec. 4: a query-independent gadget by hill climbing on the router's score */
export function searchPrefix(
  requests: readonly ReadRequest[],
  vocabulary: readonly string[],
  { gain }: SearchView,
  { words, pool }: SearchBudget = { words: 8, pool: 40 },
): string {
  const gainOf = (prefix: string, on: readonly ReadRequest[]) =>
    on.reduce((sum, read) => sum + gain({ ...read, userText: prefix + read.userText }), 0);
  const few = requests.slice(0, probes);
  const best = vocabulary
    .map((word) => ({ word, gain: gainOf(`${word} `, few) }))
    .sort((a, b) => b.gain - a.gain || (a.word < b.word ? -1 : 1))
    .slice(0, pool);
  let prefix = "";
  let found = { prefix, gain: gainOf(prefix, requests) };
  for (let step = 0; step < words && best.length > 0; step++) {
    const tried = best
      .map(({ word }) => ({ prefix: `${prefix}${word} `, gain: gainOf(`${prefix}${word} `, requests) }))
      .reduce((a, b) => (b.gain > a.gain ? b : a));
    prefix = tried.prefix;
    if (tried.gain > found.gain) found = tried;
  }
  return found.prefix;
}

/** Requests that a single word is tried on, to choose the pool. */
const probes = 3;
