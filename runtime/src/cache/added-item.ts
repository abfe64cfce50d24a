import { functionWords } from "./guard-words.js";
import type { PromptFacts } from "./prompt-facts.js";

const joints = new Set(
  "and or plus except but without und oder et ou y e sowie außer sauf excepto exceto".split(" "),
);
const longestItem = 3;

/** Whether two prompts are word for word the same but for one more item of a list: "my mother", "my mother and my father". */
export function hasAddedItem(x: PromptFacts, y: PromptFacts): boolean {
  const [a, b] = [x, y].map(({ words }) => words.filter(({ kind }) => kind !== "sign"));
  const [short, long] = a!.length < b!.length ? [a!, b!] : [b!, a!];
  const added = long.length - short.length;
  if (added < 2 || added > longestItem || short.length < 2) return false;
  let start = 0;
  while (start < short.length && short[start]!.stem === long[start]!.stem) start += 1;
  for (let i = start; i < short.length; i++) if (short[i]!.stem !== long[i + added]!.stem) return false;
  const item = long.slice(start, start + added);
  return joints.has(item[0]!.text) && !functionWords.has(item.at(-1)!.text);
}
