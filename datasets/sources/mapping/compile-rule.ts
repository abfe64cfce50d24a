import { printed } from "../json-access.js";
import { readTimestamp } from "../read-time.js";
import type { Constant, FieldEntry } from "./mapping.js";
import { type Path, parsePath, readPath } from "./parse-path.js";

/** A record of a log, and the line that it came in. They are the same where a line is a record. */
export interface MappedRecord {
  item: unknown;
  line: unknown;
}

/** A field's rule, ready to run. */
export interface Rule {
  /** The value in the log's own words, mapped to other words where the rule says so; undefined where there is none. */
  read(record: MappedRecord): unknown;
  unit: string | null;
  factor: number;
  /** Microseconds since 1970 that a relative time counts from. */
  since: number | null;
}

/** Make an entry of a mapping file ready to run.
 * @param entry as checkMapping lets it pass
 * @param nullValues texts that mean no value */
export function compileRule(entry: FieldEntry, nullValues: ReadonlySet<string> = new Set()): Rule {
  const rule = typeof entry === "string" || Array.isArray(entry) ? { path: entry } : entry;
  const { value, map, match } = rule;
  const paths = [rule.path ?? []].flat().map(compilePath);
  const joined = rule.join?.map(compilePath) ?? null;
  const pattern = match === undefined ? null : new RegExp(match, "u");
  const first = (record: MappedRecord): unknown => {
    if (value !== undefined) return value;
    if (joined !== null) return joinValues(joined.map((path) => readFrom(record, path)));
    for (const path of paths) {
      const found = readFrom(record, path);
      if (found !== undefined && found !== "" && !nullValues.has(found as string)) return found;
    }
    return undefined;
  };
  return {
    read: (record) => {
      const found = first(record);
      const matched = pattern === null || found === undefined ? found : firstGroup(pattern, printed(found));
      return (map === undefined || matched === undefined ? matched : mapped(map, matched)) ?? undefined;
    },
    unit: rule.unit ?? null,
    factor: rule.factor ?? 1,
    since: rule.since === undefined ? null : readTimestamp(rule.since),
  };
}

/** A path that checkMapping let pass. */
export function compilePath(text: string): Path {
  const path = parsePath(text);
  if ("error" in path) throw new Error(`${text}: ${path.error}`);
  return path;
}

/** The value at a path: of the line when the path starts with `$`, else of the record. */
export function readFrom({ item, line }: MappedRecord, path: Path): unknown {
  return readPath(path.isFromRoot ? line : item, path);
}

function joinValues(values: readonly unknown[]): string | undefined {
  const texts = values.filter((value) => value !== undefined && value !== "").map(printed);
  return texts.length === values.length ? texts.join(" ") : undefined;
}

function firstGroup(pattern: RegExp, text: string): string | undefined {
  const found = pattern.exec(text);
  return found === null ? undefined : (found[1] ?? found[0]);
}

function mapped(map: Record<string, Constant>, value: unknown): unknown {
  const word = printed(value);
  if (Object.hasOwn(map, word)) return map[word];
  return Object.hasOwn(map, "*") ? map["*"] : value;
}
