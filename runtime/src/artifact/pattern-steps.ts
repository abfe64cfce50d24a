import type { PatternItem } from "./parse-pattern.js";

/** Units of a text that a pattern looks at. */
export const patternUnits = 2_000;

/** Bound the steps that a backtracking engine takes on the worst text of `patternUnits` units: starts times steps of one start. A loop
 * whose units can't begin what follows it ends in one place only, and loops of that kind share one walk over the text; any other loop
 * multiplies the ways by its lengths, and so do alternatives that can begin alike.
 * @param matchedUnits which of the 65,536 UTF-16 units an atom matches, 1 or 0 each
 * @throws {RangeError} for a repeated group that holds a repeat or alternatives, whose ways grow exponentially */
export function patternSteps(
  alternatives: PatternItem[][],
  matchedUnits: (atom: string) => Uint8Array,
): number {
  const isAnchored = alternatives.every(([first]) => first?.atom === "^");
  const start: Walk = { steps: 1, ways: 1, walked: 0, reach: isAnchored ? patternUnits : patternUnits / 2 };
  const { steps } = walkAlternatives(alternatives, start, [anything], matchedUnits);
  return steps * (isAnchored ? 1 : patternUnits);
}

interface Walk {
  steps: number;
  /** In how many ways a start can get here. */
  ways: number;
  /** Ways for which a walk over the text is already counted. */
  walked: number;
  /** Units from a start to the text's end, on average over the starts. */
  reach: number;
}

/** An engine counts the rounds of a bounded loop, which takes some four times as long as a plain step. */
const countedRound = 4;

type Units = (atom: string) => Uint8Array;

/** Stands for an assertion or the pattern's end: it may fail or hold anywhere. */
const anything = Symbol("anything");
type First = Array<Uint8Array | typeof anything>;

function walkAlternatives(alternatives: PatternItem[][], from: Walk, follow: First, units: Units): Walk {
  const walks = alternatives.map((items) => walkItems(items, { ...from, steps: 0 }, follow, units));
  const ways = walks.map((walk) => walk.ways);
  const firsts = alternatives.map((items) => firstOf(items, follow, units));
  const isExclusive = firsts.every((first, i) =>
    firsts.every((other, j) => j <= i || !overlap(first, other)),
  );
  const most = Math.max(...ways);
  const sum = ways.reduce((total, some) => total + some, 0);
  return {
    steps: from.steps + walks.reduce((total, { steps }) => total + steps, 0),
    ways: isExclusive ? most : Math.min(sum, from.ways * (nestedWords(alternatives) ?? sum)),
    walked: Math.min(...walks.map(({ walked }) => walked)),
    reach: from.reach,
  };
}

function walkItems(items: PatternItem[], from: Walk, follow: First, units: Units): Walk {
  let walk = from;
  items.forEach((item, i) => {
    walk = walkItem(item, walk, firstOf(items.slice(i + 1), follow, units), units);
  });
  return walk;
}

function walkItem(item: PatternItem, walk: Walk, next: First, units: Units): Walk {
  if (item.group !== null && item.max > 1) refuseNested(item.group);
  if (item.group !== null && item.isAssertion) {
    return { ...walk, steps: walkAlternatives(item.group, walk, [anything], units).steps };
  }
  if (item.group !== null && item.max <= 1) {
    const inner = walkAlternatives(item.group, walk, next, units);
    return item.min === 0 ? { ...inner, ways: inner.ways + walk.ways } : inner;
  }
  const longest = Math.min(item.max, walk.reach);
  const lengths = longest - Math.min(item.min, longest) + 1;
  if (longest <= 1 && lengths === 1) return { ...walk, steps: walk.steps + walk.ways };
  const isOpen = lengths > 1 && overlap(firstOf([{ ...item, min: 1, max: 1 }], [], units), next);
  const round = item.max <= patternUnits ? countedRound : 1;
  const ways = walk.ways * (isOpen ? lengths : 1);
  const steps = round * ((walk.walked >= walk.ways ? 0 : walk.ways * longest) + (isOpen ? ways : 0));
  const walked = isOpen ? 0 : longest < walk.reach ? walk.walked : ways;
  return { ...walk, steps: walk.steps + steps, ways, walked };
}

function refuseNested(group: PatternItem[][]): void {
  if (group.length > 1) throw new RangeError("a repeated group holds alternatives: write [ab]+ for (?:a|b)+");
  for (const item of group[0]!) {
    if (item.max !== item.min)
      throw new RangeError(
        "a repeated group holds a repeat: the ways to match it double with each character",
      );
    if (item.group !== null) refuseNested(item.group);
  }
}

/** Units that a sequence can begin with, those of what follows it included where it may be empty. */
function firstOf(items: PatternItem[], follow: First, units: Units): First {
  const first: First = [];
  for (const { atom, group, isAssertion, min } of items) {
    if (isAssertion) return [...first, anything];
    if (atom !== null) first.push(units(atom));
    const isEmpty = group
      ?.map((inner) => firstOf(inner, [], units))
      .filter((inner) => {
        first.push(...inner);
        return inner.length === 0;
      });
    if (min > 0 && (isEmpty === undefined || isEmpty.length === 0)) return first;
  }
  return [...first, ...follow];
}

function overlap(first: First, other: First): boolean {
  return first.some((one) => other.some((two) => shareUnit(one, two)));
}

function shareUnit(one: First[number], two: First[number]): boolean {
  if (typeof one === "symbol" || typeof two === "symbol") return true;
  return one.some((isMatched, unit) => isMatched === 1 && two[unit] === 1);
}

/** Most alternatives that can match at one place, when all are plain words: those that begin one another. Null otherwise. */
function nestedWords(alternatives: PatternItem[][]): number | null {
  const words: string[] = [];
  for (const items of alternatives) {
    if (!items.every(isPlain)) return null;
    words.push(items.map(({ atom }) => atom!.toLowerCase()).join(""));
  }
  return Math.max(...words.map((word) => words.filter((other) => word.startsWith(other)).length));
}

function isPlain({ atom, isAssertion, min, max }: PatternItem): boolean {
  return atom?.length === 1 && atom !== "." && !isAssertion && min === 1 && max === 1;
}
