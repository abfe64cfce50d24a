import { Reason } from "../../quarantine.js";
import { asText, printed, toJson } from "../json-access.js";
import { readFlag } from "../read-flag.js";
import type { MappedRecord, Rule } from "./compile-rule.js";
import type { MappingFieldName } from "./mapping-fields.js";
import { type ReadContext, readDuration, readMoney, readNumber, readTime } from "./read-value.js";

/** The rules of a mapping, by field. */
export type FieldRules = ReadonlyMap<MappingFieldName, Rule>;

/** Reads the fields of one record by a mapping's rules, and remembers the first value that is not what its field wants. */
export class FieldReader {
  problem: { reason: Reason; detail: string } | null = null;

  constructor(
    private readonly record: MappedRecord,
    private readonly rules: FieldRules,
    private readonly context: ReadContext,
  ) {}

  /** The value as the log has it; undefined where there is none. */
  raw(name: MappingFieldName): unknown {
    return this.rules.get(name)?.read(this.record);
  }

  text(name: MappingFieldName): string | null {
    return this.read(name, "a text", (value) =>
      typeof value === "boolean" ? String(value) : asText(value) || null,
    );
  }

  /** A text, or the JSON of an object. */
  prose(name: MappingFieldName): string | null {
    const value = this.raw(name);
    return value === undefined ? null : typeof value === "object" ? toJson(value) : printed(value);
  }

  number(name: MappingFieldName): number | null {
    return this.read(name, "a number", (value, { factor }) => {
      const number = readNumber(value, this.context);
      return number === null ? null : number * factor;
    });
  }

  count(name: MappingFieldName): number | null {
    return this.read(name, "a whole number", (value, { factor }) => {
      const number = readNumber(value, this.context);
      const count = number !== null && factor !== 1 ? Math.round(number * factor) : number;
      return Number.isSafeInteger(count) ? count : null;
    });
  }

  flag(name: MappingFieldName): boolean | null {
    return this.read(name, "true or false", readFlag);
  }

  time(name: MappingFieldName): number | null {
    return this.read(name, "a time", (value, { unit, since }) =>
      readTime(value, unit ?? "iso", since, this.context),
    );
  }

  duration(name: MappingFieldName): number | null {
    return this.read(name, "a duration", (value, { unit, factor }) => {
      const millis = readDuration(value, unit ?? "ms", this.context);
      return millis === null ? null : millis * factor;
    });
  }

  money(name: MappingFieldName): number | null {
    return this.read(name, "an amount", (value, { unit, factor }) => {
      const usd = readMoney(value, unit ?? "usd", this.context);
      return usd === null ? null : usd * factor;
    });
  }

  private read<T>(
    name: MappingFieldName,
    wanted: string,
    read: (value: unknown, rule: Rule) => T | null,
  ): T | null {
    const rule = this.rules.get(name);
    const value = rule?.read(this.record);
    if (rule === undefined || value === undefined) return null;
    const found = read(value, rule);
    if (found === null) this.complain(name, wanted, value, rule);
    return found;
  }

  private complain(name: MappingFieldName, wanted: string, value: unknown, { unit }: Rule): void {
    const given = printed(value).slice(0, 80);
    const shown = typeof value === "number" ? given : JSON.stringify(given);
    const hint = name === "created_at" && unit === null ? "; the mapping names no unit" : "";
    this.problem ??= {
      reason: name === "created_at" ? Reason.missing_time : Reason.bad_value,
      detail: `${name} is ${shown}, not ${wanted}${unit === null ? "" : ` in ${unit}`}${hint}`,
    };
  }
}
