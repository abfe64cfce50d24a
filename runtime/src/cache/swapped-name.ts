import { functionWords, oneWord } from "./guard-words.js";
import type { PromptFacts } from "./prompt-facts.js";
import type { PromptWord } from "./prompt-words.js";
import { stemWord } from "./stem-word.js";

/** Words behind which a name, a place or a kind stands: another word there is another thing. */
const beforeNames = new Set(
  "in at from near via by of called named than versus vs about between with for and or für von aus bei mit nach chez dans avec pour en con para por em com".split(
    " ",
  ),
);
/** Words before "to" where it leads to a place or a person and not to a verb. */
const beforePlaces = new Set(
  "flight fly travel trip train bus go drive move send transfer ship convert translate email call talk similar visa letter message note reply complaint apology invitation gift speech relocate compare direction"
    .split(" ")
    .map(stemWord),
);
const mostSwapped = 3;

/** Whether two prompts are word for word the same but for one to three words that stand where names do: "hotels in paris" and
 * "hotels in rome". Sees names that users type in lower case. */
export function hasSwappedName(x: PromptFacts, y: PromptFacts): boolean {
  const [a, b] = [wordsOf(x), wordsOf(y)];
  if (a.length !== b.length || a.length < 3) return false;
  const swapped: number[] = [];
  for (let i = 0; i < a.length; i++) {
    if (a[i]!.stem === b[i]!.stem) continue;
    swapped.push(i);
    if (swapped.length > mostSwapped) return false;
  }
  if (swapped.length * 2 > a.length) return false;
  return swapped.some(
    (i) =>
      (isNamePlace(a, i) || isNamePlace(b, i)) &&
      isNameLike(a[i]!) &&
      isNameLike(b[i]!) &&
      !isSame(a[i]!, b[i]!),
  );
}

function wordsOf({ words }: PromptFacts): PromptWord[] {
  return words.filter(({ kind }) => kind !== "sign");
}

function isNamePlace(words: readonly PromptWord[], at: number): boolean {
  const before = words[at - 1]?.text ?? "";
  if (before !== "to" && before !== "into") return beforeNames.has(before);
  return (
    before === "into" ||
    words
      .slice(Math.max(0, at - 6), at - 1)
      .some(({ text, stem }) => text === "from" || beforePlaces.has(stem))
  );
}

function isNameLike({ kind, text }: PromptWord): boolean {
  return kind !== "number" && text.length > 2 && !functionWords.has(text) && !text.endsWith("ing");
}

function isSame(a: PromptWord, b: PromptWord): boolean {
  return (oneWord.get(a.stem) ?? a.stem) === (oneWord.get(b.stem) ?? b.stem);
}
