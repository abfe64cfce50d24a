/** Prompts are compared up to this many UTF-16 units from the start. */
const guardCap = 32_768;
const numbers = /\d+(?:[.,:/-]\d+)*/g;
const negations =
  /\b(?:not|no|never|none|without|except|cannot|can't|don't|doesn't|didn't|isn't|aren't|wasn't|won't|shouldn't|nicht|kein\w*|ohne|nie|ne|pas|sans|jamais|sin|nunca|não|sem)\b/g;

/** What makes two similar prompts ask for different answers: other numbers, or another count of negations (English,
 * German, French, Spanish, Portuguese). Null when neither is seen, which doesn't prove that they mean the same. */
export function differsInMeaning(first: string, second: string): "numbers" | "negation" | null {
  const [a, b] = [normalise(first), normalise(second)];
  if (sortedMatches(a, numbers) !== sortedMatches(b, numbers)) return "numbers";
  if (countMatches(a, negations) !== countMatches(b, negations)) return "negation";
  return null;
}

function normalise(text: string): string {
  return text.slice(0, guardCap).normalize("NFKC").toLowerCase().replaceAll("’", "'");
}

function sortedMatches(text: string, pattern: RegExp): string {
  return (text.match(pattern) ?? []).sort().join(" ");
}

function countMatches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
