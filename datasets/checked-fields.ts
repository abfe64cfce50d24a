import { checkNumber } from "./check-number.js";
import { InputError } from "./errors.js";
import { asArray, asRecord, type JsonRecord, printed } from "./sources/json-access.js";

/** One JSON object that a person wrote, read field by field: every field has one type, and a field that nobody asked for is a mistake, for
 * a misspelt option that is silently ignored makes every figure wrong. */
export class CheckedFields {
  private readonly record: JsonRecord;
  private readonly asked = new Set<string>();

  /** @param where what messages call the object: "plans.json: plans[2]"
   * @throws {InputError} if the value isn't an object */
  constructor(
    value: unknown,
    readonly where: string,
  ) {
    const record = asRecord(value);
    if (record === null) throw new InputError(`${where} is ${described(value)}; give an object {...}`);
    this.record = record;
  }

  /** Whether a field is there; null counts as absent. */
  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  /** @throws {InputError} if it isn't a number in the range */
  number(name: string, range: Parameters<typeof checkNumber>[2]): number {
    const value = this.value(name);
    if (typeof value !== "number") throw this.wrong(name, value, "a number");
    checkNumber(this.path(name), value, range);
    return value;
  }

  optionalNumber(name: string, range: Parameters<typeof checkNumber>[2]): number | null {
    return this.has(name) ? this.number(name, range) : null;
  }

  text(name: string): string {
    const value = this.value(name);
    if (typeof value !== "string" || value.trim() === "") throw this.wrong(name, value, "a text");
    return value;
  }

  optionalText(name: string): string | null {
    return this.has(name) ? this.text(name) : null;
  }

  flag(name: string): boolean {
    const value = this.value(name) ?? false;
    if (typeof value !== "boolean") throw this.wrong(name, value, "true or false");
    return value;
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[], absent?: Choice): Choice {
    const value = this.value(name) ?? absent;
    const chosen = choices.find((choice) => choice === value);
    if (chosen === undefined) throw this.wrong(name, value, `one of ${choices.join(", ")}`);
    return chosen;
  }

  object(name: string): CheckedFields {
    return new CheckedFields(this.value(name), this.path(name));
  }

  optionalObject(name: string): CheckedFields | null {
    return this.has(name) ? this.object(name) : null;
  }

  /** A list of at least so many objects. */
  objects(name: string, atLeast = 1): CheckedFields[] {
    const items = asArray(this.value(name));
    if (items === null || items.length < atLeast)
      throw this.wrong(name, this.value(name), `a list of at least ${atLeast} objects`);
    return items.map((item, i) => new CheckedFields(item, `${this.path(name)}[${i}]`));
  }

  /** An object of numbers under names that the user chooses. */
  numbers(name: string, range: Parameters<typeof checkNumber>[2]): Array<[string, number]> {
    const fields = this.object(name);
    const names = Object.keys(fields.record);
    if (names.length === 0) throw this.wrong(name, {}, "at least one number under a name");
    return names.map((key) => [key, fields.number(key, range)]);
  }

  /** A field as it is, for what can have several types. */
  any(name: string): unknown {
    return this.value(name);
  }

  /** Call it last. @throws {InputError} naming the fields that nobody asked for */
  end(): void {
    const unknown = Object.keys(this.record).filter((name) => !this.asked.has(name));
    if (unknown.length > 0)
      throw new InputError(
        `${this.where} has ${unknown.map((name) => JSON.stringify(name)).join(", ")}, which means nothing here; known are: ${[...this.asked].join(", ")}`,
      );
  }

  /** @returns the error for a field that is absent or of another type, for the caller to throw */
  wrong(name: string, value: unknown, wanted: string): InputError {
    return new InputError(`${this.path(name)} is ${described(value)}; give ${wanted}`);
  }

  private value(name: string): unknown {
    this.asked.add(name);
    return Object.hasOwn(this.record, name) ? (this.record[name] ?? undefined) : undefined;
  }

  private path(name: string): string {
    return `${this.where}.${name}`;
  }
}

const shownChars = 60;

function described(value: unknown): string {
  if (value === undefined) return "missing";
  const text = typeof value === "string" ? JSON.stringify(value) : printed(value);
  return text.length > shownChars ? `${text.slice(0, shownChars)}...` : text;
}
