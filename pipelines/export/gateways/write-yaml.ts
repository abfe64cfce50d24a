/** A value that YAML can hold. */
export type YamlValue =
  | string
  | number
  | boolean
  | null
  | readonly YamlValue[]
  | { readonly [name: string]: YamlValue | undefined };

/** Write a document in YAML's block style. Texts that another reader could take for something else are quoted, by JSON's rules; fields
 * that are undefined are left out.
 * @param value an object or a list
 * @param comments lines to put on top */
export function writeYaml(value: YamlValue, comments: readonly string[] = []): string {
  const lines = comments
    .flatMap((comment) => comment.split(/\r?\n/))
    .map((line) => `# ${printable(line)}`.trimEnd());
  return `${[...lines, ...block(value)].join("\n")}\n`;
}

function block(value: YamlValue): string[] {
  if (isList(value)) return value.flatMap((item) => entry("-", item));
  const fields = Object.entries(value as object).filter(([, field]) => field !== undefined);
  return fields.flatMap(([name, field]) => entry(`${scalar(name)}:`, field as YamlValue));
}

function entry(head: string, value: YamlValue): string[] {
  if (typeof value !== "object" || value === null) return [`${head} ${scalar(value)}`];
  const lines = block(value);
  if (lines.length === 0) return [`${head} ${isList(value) ? "[]" : "{}"}`];
  if (head === "-") return lines.map((line, i) => `${i === 0 ? "- " : "  "}${line}`);
  return [head, ...lines.map((line) => `  ${line}`)];
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** Words of YAML 1.1 and 1.2 that aren't texts. */
const words = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/i;

function scalar(value: string | number | boolean | null): string {
  // YAML 1.1 takes 6e-7 for a text: a number needs its point.
  if (typeof value === "number") return String(value).replace(/^(-?\d+)e/, "$1.0e");
  if (typeof value !== "string") return String(value);
  return /^[A-Za-z_][\w/.@-]*$/.test(value) && !words.test(value) ? value : quoted(value);
}

function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(/[^\x20-\x7e]/gu, escapeCodePoint);
}

function escapeCodePoint(character: string): string {
  const hex = character.codePointAt(0)!.toString(16);
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

function printable(line: string): string {
  return line.replace(/[^\x20-\x7e]/gu, "?");
}
