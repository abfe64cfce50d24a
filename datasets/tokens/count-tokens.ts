/** Vocabularies of OpenAI's models; texts of all other vendors are counted with the newer one and calibrated. */
export type Encoding = "o200k_base" | "cl100k_base";

/** Counts the tokens of a text. */
export type TokenCounter = (text: string) => number;

/** The counter of a vocabulary. It takes some 70 MB and 0.2 s, so it is loaded when the first text needs it.
 *
 * Special tokens in the text (`<|endoftext|>`) are plain text. Runs of one kind of character are counted in pieces of
 * {@link longestRun}, since byte pair encoding takes quadratic time within a word: a hostile text costs linear time, and at most
 * one token per piece is counted too much. */
export async function loadTokenCounter(encoding: Encoding): Promise<TokenCounter> {
  const { countTokens } =
    encoding === "o200k_base"
      ? await import("gpt-tokenizer/encoding/o200k_base")
      : await import("gpt-tokenizer/encoding/cl100k_base");
  return (text) => {
    let count = 0;
    for (const piece of splitRuns(text)) count += countTokens(piece, specialTokensAsText);
    return count;
  };
}

/** Vocabulary of a model: exact for OpenAI's, a stand-in for others.
 * @param model canonical name, such as gpt-4o-mini */
export function encodingOf(model: string): Encoding {
  return /^(?:gpt-4(?![.\do])|gpt-4-|gpt-35|gpt-3\.5|text-embedding|text-davinci-00[23])/.test(model)
    ? "cl100k_base"
    : "o200k_base";
}

const specialTokensAsText = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

/** Characters of one kind in a row that are counted in one go. */
const longestRun = 256;

const run = new RegExp(
  `[\\p{L}\\p{M}]{${longestRun}}|[^\\s\\p{L}\\p{N}]{${longestRun}}|\\s{${longestRun}}`,
  "gu",
);

function* splitRuns(text: string): Iterable<string> {
  let start = 0;
  if (text.length >= longestRun) {
    for (const match of text.matchAll(run)) {
      const end = match.index + match[0].length;
      yield text.slice(start, end);
      start = end;
    }
  }
  yield start === 0 ? text : text.slice(start);
}
