import { parsePattern } from "./parse-pattern.js";
import { patternSteps } from "./pattern-steps.js";

/** Steps that all patterns of a policy may take together on the worst text: some 20 ms. One loop over the text, such as `.*`, at every
 * start takes 10 million; bounded repeats and a leading `^` take hardly any. */
export const patternStepsAllowed = 25_000_000;
const longestPattern = 1_000;

/** Compile the pattern of a rule. Flags: none, or `i` after a leading `(?i)`, and `u` where it names a Unicode property.
 * @throws {SyntaxError} when it is no regular expression */
export function compilePattern(source: string): RegExp {
  const body = bodyOf(source);
  const isUnicode = /\\[pP]\{|\\u\{/.test(body);
  return new RegExp(body, `${body === source ? "" : "i"}${isUnicode ? "u" : ""}`);
}

/** Bound the steps of a pattern; see `patternSteps`.
 * @throws {RangeError} in words, when no text of the user's may be matched with it, since a hostile one could make it slow */
export function boundPattern(source: string): number {
  if (source.length > longestPattern) throw new RangeError(`it is longer than ${longestPattern} characters`);
  const { flags } = compilePattern(source);
  const known = new Map<string, Uint8Array>();
  const steps = patternSteps(parsePattern(bodyOf(source)), (atom) => {
    const units = known.get(atom) ?? matchedUnits(new RegExp(atom, `${flags}g`));
    known.set(atom, units);
    return units;
  });
  if (steps <= patternStepsAllowed) return steps;
  throw new RangeError(
    "a hostile text could make it slow: several open repeats multiply; bound them, such as .{0,50} for .*, or begin with ^",
  );
}

function bodyOf(source: string): string {
  return source.startsWith("(?i)") ? source.slice(4) : source;
}

function matchedUnits(atom: RegExp): Uint8Array {
  const matched = new Uint8Array(0x10000);
  for (let unit = 0; unit < matched.length; unit++) {
    atom.lastIndex = 0;
    if (atom.test(String.fromCharCode(unit))) matched[unit] = 1;
  }
  return matched;
}
