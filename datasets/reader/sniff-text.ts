import { parseJson, trimRecord } from "./parse-json.js";

/** How the records of a text file lie: one JSON text a line, JSON values across lines, or CSV. */
export type TextFormat = { kind: "lines" } | { kind: "values" } | { kind: "csv"; delimiter: string };

/** Bytes of a file's beginning that {@link sniffText} wants to see. */
export const sniffTextBytes = 1024 * 1024;

/** Recognise the layout of a text file from its beginning. A file that is none of the three counts as lines, so that each of
 * its lines is reported as broken.
 * @param isWhole whether the head is all of the file */
export function sniffText(head: Buffer, isWhole: boolean): TextFormat {
  const text = trimRecord(head.toString("utf8"));
  const lines = completeLines(text, isWhole);
  if (text.startsWith("[")) return { kind: "values" };
  if (lines.some(isJsonObject)) return { kind: "lines" };
  if (text.startsWith("{")) return { kind: isSpread(lines[0] ?? text) ? "values" : "lines" };
  const delimiter = csvDelimiter(lines[0] ?? text);
  return delimiter === null ? { kind: "lines" } : { kind: "csv", delimiter };
}

/** Lines that matter for recognition: a bad start must not hide the format, a thousand bad lines may. */
const sniffLines = 1000;

function completeLines(text: string, isWhole: boolean): string[] {
  const lines = text.split("\n", sniffLines + 1);
  if (!isWhole && lines.length <= sniffLines) lines.pop();
  return lines.slice(0, sniffLines).filter((line) => line.trim() !== "");
}

function isJsonObject(line: string): boolean {
  if (!trimRecord(line).startsWith("{")) return false;
  const parsed = parseJson(line);
  return "value" in parsed && Object.keys(parsed.value as object).length > 0;
}

/** Whether an object goes on after the line, or another value follows on it. */
function isSpread(line: string): boolean {
  return /[[{,:]\s*$/.test(line) || /\}\s*\{/.test(line);
}

/** The delimiter of a header row; null when the line doesn't look like column names. */
function csvDelimiter(line: string): string | null {
  const candidates = [",", "\t", ";", "|"].map((delimiter) => ({ delimiter, names: line.split(delimiter) }));
  const best = candidates.reduce((a, b) => (b.names.length > a.names.length ? b : a));
  const looksLikeNames = best.names.every((name) => /^\s*"?[\p{L}_][^"\n=]{0,79}"?\s*$/u.test(name));
  return best.names.length >= 2 && looksLikeNames ? best.delimiter : null;
}
