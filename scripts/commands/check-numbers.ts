import type { Argv } from "yargs";
import { checkNumber } from "../../datasets/check-number.js";

/** What a number may be, by the option that it is given with. */
export type NumberRules = Readonly<Record<string, Parameters<typeof checkNumber>[2]>>;

/** Refuse numbers out of range in whichever of these options a verb has and was given.
 * @throws {InputError} from the parser, naming the option */
export function checkNumbers<T>(yargs: Argv<T>, rules: NumberRules): Argv<T> {
  return yargs.check((argv: Record<string, unknown>) => {
    for (const [name, rule] of Object.entries(rules)) {
      const value = argv[name];
      if (typeof value === "number") checkNumber(`--${name}`, value, rule);
    }
    return true;
  });
}
