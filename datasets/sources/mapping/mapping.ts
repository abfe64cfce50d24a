import type { MappingFieldName } from "./mapping-fields.js";

/** A value that a mapping file may name outright. */
export type Constant = string | number | boolean | null;

/** Where one value of a record is, and how to read it. */
export interface FieldRule {
  /** Path, or several of which the first with a value counts (see parsePath). */
  path?: string | string[];
  /** Paths whose values are joined by a blank: a date and a time in two columns. */
  join?: string[];
  /** A constant in place of a path. */
  value?: Constant;
  /** Regular expression; its first group (or the whole match) is the value. No match: no value. */
  match?: string;
  /** Other words for values: `{"200": "ok", "*": "error"}`. "*" is every word not listed; null is no value. */
  map?: Record<string, Constant>;
  unit?: string;
  /** Multiplied after the unit: a currency's rate, tokens in thousands. */
  factor?: number;
  /** For times that count from a moment of their own: that moment, ISO 8601. */
  since?: string;
}

/** A path, paths of which the first with a value counts, or a rule. */
export type FieldEntry = string | string[] | FieldRule;

/** What a record must be like to be a call of a language model: a value, one of several, or a test. */
export type Condition =
  | Constant
  | Constant[]
  | { exists?: boolean; not?: Constant | Constant[]; match?: string };

/** Whether input_tokens holds the cache, or output_tokens the reasoning; auto decides row by row, by the total. */
export const TokenConvention = { inclusive: "inclusive", exclusive: "exclusive", auto: "auto" } as const;
export type TokenConvention = (typeof TokenConvention)[keyof typeof TokenConvention];

/** A mapping file: how to read a log that has no source of its own. docs/mapping-files.md explains every key. */
export interface Mapping {
  $schema?: string;
  /** Stands in the `source` column. */
  name: string;
  about?: string;
  /** Path of the array that holds the records. In `fields`, a path that starts with `$.` then leads from the whole line. */
  explode?: string;
  /** Paths whose texts are JSON. */
  parse_json?: string[];
  where?: Record<string, Condition>;
  /** Zone of times that name none: an IANA name or an offset; default UTC. */
  time_zone?: string;
  /** Mark that divides whole numbers from fractions in texts; default ".". */
  decimal?: "." | ",";
  /** Texts that mean no value, such as "NULL" or "\\N". */
  null_values?: string[];
  /** Conventions of the log, a word or a rule that finds the word in the record. */
  tokens?: { cache?: TokenConvention | FieldRule; reasoning?: TokenConvention | FieldRule };
  fields: Partial<Record<MappingFieldName, FieldEntry>>;
}
