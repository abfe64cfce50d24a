/** A real query with one thing changed, so that it needs another answer. */
export interface Mutation {
  kind: string;
  a: string;
  b: string;
}

/** Change one thing in each query that holds something to change: its first number, a day or month, an opposite, a currency, a place, or
 * whether something is wanted. Words were chosen before looking at what the guard knows.
 * @returns one mutation per query and kind that applies */
export function mutateQueries(texts: readonly string[]): Mutation[] {
  return texts.flatMap((a) =>
    mutators.flatMap(({ kind, mutate }) => {
      const b = mutate(a);
      return b === null || b === a ? [] : [{ kind, a, b }];
    }),
  );
}

const mutators: ReadonlyArray<{ kind: string; mutate: (text: string) => string | null }> = [
  { kind: "number", mutate: (text) => replaceFirst(text, /\b\d+\b/, (digits) => String(Number(digits) + 1)) },
  {
    kind: "day or month",
    mutate: rotate("monday tuesday wednesday thursday friday saturday sunday".split(" ")),
  },
  {
    kind: "day or month",
    mutate: rotate("january february april june july august october december".split(" ")),
  },
  { kind: "currency", mutate: rotate("dollars euros pounds yen".split(" ")) },
  { kind: "currency", mutate: rotate("usd eur gbp aud".split(" ")) },
  { kind: "place, as typed", mutate: rotate("london paris chicago boston denver miami dallas".split(" ")) },
  { kind: "place, as typed", mutate: rotate("france germany italy spain mexico japan china".split(" ")) },
  ...[
    ["activate", "deactivate"],
    ["increase", "decrease"],
    ["before", "after"],
    ["open", "close"],
    ["minimum", "maximum"],
    ["turn on", "turn off"],
    ["add", "remove"],
    ["lock", "unlock"],
    ["first", "last"],
    ["send", "receive"],
    ["deposit", "withdraw"],
  ].map((pair) => ({ kind: "opposite", mutate: rotate(pair) })),
  {
    kind: "negation",
    mutate: (text) =>
      replaceFirst(text, /\bi (want|need|like)\b/i, (words) => words.replace(/^i /i, (i) => `${i}don't `)),
  },
  { kind: "negation", mutate: (text) => replaceFirst(text, /\bi can't\b/i, (words) => words.slice(0, -2)) },
];

function rotate(words: readonly string[]): (text: string) => string | null {
  const pattern = new RegExp(`\\b(${words.join("|")})\\b`, "i");
  return (text) =>
    replaceFirst(text, pattern, (word) => words[(words.indexOf(word.toLowerCase()) + 1) % words.length]!);
}

function replaceFirst(text: string, pattern: RegExp, other: (found: string) => string): string | null {
  const found = pattern.exec(text);
  if (found === null) return null;
  return text.slice(0, found.index) + other(found[0]) + text.slice(found.index + found[0].length);
}
