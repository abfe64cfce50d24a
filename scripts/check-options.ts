import { InputError } from "../datasets/errors.js";

/** What yargs knows of its options' types; it hands them to every check. */
export interface OptionTypes {
  string: string[];
  number: string[];
  array: string[];
}

/** Refuse what no verb can use: a word given for a number, an option without its value, a single option given twice.
 * @throws {InputError} naming the option */
export function checkOptions(options: Readonly<Record<string, unknown>>, types: OptionTypes): true {
  for (const name of [...types.string, ...types.number].filter((key) => !key.includes("_"))) {
    const value = options[name];
    if (Array.isArray(value) && !types.array.includes(name))
      throw new InputError(`--${name} is given ${value.length} times; give it once`);
    if (types.number.includes(name) && Number.isNaN(value))
      throw new InputError(`--${name} is not a number; give one, such as --${name} 1`);
    const isEmpty = value === "" || (Array.isArray(value) && value.includes(""));
    if (isEmpty && !texts.has(name)) throw new InputError(`--${name} has no value; give one behind it`);
  }
  return true;
}

/** Options that an empty text makes sense for. */
const texts: ReadonlySet<string> = new Set(["prompt", "system", "note"]);
