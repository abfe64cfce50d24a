import { functionWords } from "./guard-words.js";
import type { PromptFacts } from "./prompt-facts.js";
import type { PromptWord } from "./prompt-words.js";

const connectors = new Set(
  "to into than before after over minus from against versus nach als à de para que".split(" "),
);
/** Connectors that relate their neighbours only: elsewhere they lead to a verb. */
const closeConnectors = new Set(["to", "into", "from", "à", "a", "de", "para", "que", "als"]);
/** Words before a connector that it may relate, and connectors that are looked at. */
const wordsBefore = 8;
const closeWordsBefore = 2;
const mostRelations = 40;

/** Whether two prompts relate the same things the other way round: "from A to B" and "from B to A", "A before B" and "B before A".
 * Looks at the first word of content behind a connector and at those before it in its sentence. */
export function hasSwappedDirection(x: PromptFacts, y: PromptFacts): boolean {
  const [relations, others] = [readRelations(x.words), readRelations(y.words)];
  return (
    relations.some((one) => others.some((other) => isReversed(one, other))) ||
    isReversedRoute(relations, others)
  );
}

interface Relation {
  link: string;
  /** First word of content behind the connector. */
  right: string;
  /** Words of content before it, in its sentence. */
  left: readonly string[];
}

function readRelations(words: readonly PromptWord[]): Relation[] {
  const relations: Relation[] = [];
  let left: string[] = [];
  let link: string | null = null;
  for (const word of words) {
    if (word.isFirst) [left, link] = [[], null];
    if (word.text === ",") link = null;
    else if (connectors.has(word.text)) link = word.text;
    else if (isThing(word)) {
      if (link !== null) {
        const before = closeConnectors.has(link) ? closeWordsBefore : wordsBefore;
        relations.push({ link, right: word.stem, left: left.slice(-before) });
      }
      if (relations.length === mostRelations) break;
      left.push(word.stem);
      link = null;
    }
  }
  return relations;
}

function isThing(word: PromptWord): boolean {
  return word.kind !== "sign" && !functionWords.has(word.text);
}

function isReversed(one: Relation, other: Relation): boolean {
  return (
    one.link === other.link &&
    one.right !== other.right &&
    other.left.includes(one.right) &&
    one.left.includes(other.right) &&
    !one.left.includes(one.right) &&
    !other.left.includes(other.right) &&
    (!closeConnectors.has(one.link) || other.left.at(-1) === one.right || one.left.at(-1) === other.right)
  );
}

/** "From A to B" against "to A from B". A "to" may also lead to a verb, so each is tried. */
function isReversedRoute(relations: readonly Relation[], others: readonly Relation[]): boolean {
  const origins = common(rightsOf(relations, "from"), rightsOf(others, "to"));
  const destinations = common(rightsOf(relations, "to"), rightsOf(others, "from"));
  return origins.some((origin) => destinations.some((destination) => destination !== origin));
}

function rightsOf(relations: readonly Relation[], link: string): string[] {
  return relations.flatMap((relation) => (relation.link === link ? [relation.right] : []));
}

function common(a: readonly string[], b: readonly string[]): string[] {
  return a.filter((value) => b.includes(value));
}
