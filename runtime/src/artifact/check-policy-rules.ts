import { type Fields, recordOf } from "../request/request-fields.js";
import { type Check, isNumber, isText } from "./artifact-fields.js";
import { boundPattern, patternStepsAllowed } from "./compile-pattern.js";

/** Check the user's rules. Unlike elsewhere an unknown condition or action is refused: a rule that ignored one would claim more
 * requests than its author meant.
 * @param models names that an action may use */
export function checkRules(rules: unknown, check: Check, models: readonly string[]): void {
  check(
    Array.isArray(rules) && rules.length <= rulesAllowed,
    `rules (a list of at most ${rulesAllowed})`,
    rules,
  );
  const ids = new Set<unknown>();
  let steps = 0;
  (rules as unknown[]).forEach((value, i) => {
    const { id, when, then } = recordOf(value);
    check(isText(id) && id.length <= 64, `rules[${i}].id (a name of at most 64 characters)`, id);
    check(!ids.has(id), `rules[${i}].id (it occurs twice)`, id);
    ids.add(id);
    const at = `rules[${i}] (${id})`;
    check(isObject(when), `${at}.when`, when);
    checkCondition(recordOf(when), check, `${at}.when`);
    checkAction(then, check, `${at}.then`, models);
    steps += boundText(recordOf(when).text_matches, check, `${at}.when.text_matches`);
  });
  const name =
    "rules (together their text_matches could take long on a hostile text: bound repeats, begin with ^)";
  check(steps <= patternStepsAllowed, name, `${steps} steps, ${patternStepsAllowed} allowed`);
}

const rulesAllowed = 200;

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextOrTexts(value: unknown): boolean {
  return isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));
}

const isCount = (value: unknown) => isNumber(value) && value >= 0;
const isFlag = (value: unknown) => typeof value === "boolean";
const isMeta = (value: unknown) => isObject(value) && Object.values(value as Fields).every(isTextOrTexts);

const conditions: Readonly<Record<string, (value: unknown) => boolean>> = {
  app: isTextOrTexts,
  endpoint: isTextOrTexts,
  tag: isTextOrTexts,
  meta: isMeta,
  min_chars: isCount,
  max_chars: isCount,
  text_matches: isText,
  has_tools: isFlag,
  has_images: isFlag,
};

function checkCondition(when: Fields, check: Check, at: string): void {
  for (const [name, value] of Object.entries(when)) {
    check(Object.hasOwn(conditions, name), `${at}.${name} (no such condition)`, value);
    check(conditions[name]!(value), `${at}.${name}`, value);
  }
}

function checkAction(then: unknown, check: Check, at: string, models: readonly string[]): void {
  const actions = Object.entries(recordOf(then));
  const [[name, value] = ["", undefined]] = actions;
  const isKnown = actions.length === 1 && ["model", "at_least", "exclude"].includes(name);
  check(isKnown, `${at} (one of model, at_least, exclude)`, then);
  const named = name === "exclude" ? value : [value];
  const areModels =
    Array.isArray(named) && named.length > 0 && named.every((model) => models.includes(model as string));
  check(areModels, `${at}.${name} (of the policy's models: ${models.join(", ")})`, value);
}

function boundText(pattern: unknown, check: Check, at: string): number {
  if (pattern === undefined) return 0;
  try {
    return boundPattern(pattern as string);
  } catch (error) {
    check(false, `${at} (${(error as Error).message})`, pattern);
    return 0;
  }
}
