/** Put another value in place of a field at the top of a JSON object, and leave every other character as it is: numbers beyond 2^53,
 * spacing and the order of fields survive. A field that isn't there is put first.
 * @param json text of a JSON object that parses
 * @param value put in place as JSON */
export function rewriteField(json: string, name: string, value: unknown): string {
  const text = JSON.stringify(value);
  const places = findValues(json, name);
  if (places.length === 0) return insertFirst(json, `${JSON.stringify(name)}:${text}`);
  let rewritten = "";
  let from = 0;
  for (const { start, end } of places) {
    rewritten += json.slice(from, start) + text;
    from = end;
  }
  return rewritten + json.slice(from);
}

function insertFirst(json: string, field: string): string {
  const open = json.indexOf("{") + 1;
  const isEmpty = /^\s*\}/.test(json.slice(open));
  return `${json.slice(0, open)}${field}${isEmpty ? "" : ","}${json.slice(open)}`;
}

/** Where the values of a field of the outermost object stand; more than one where it is named more than once. */
function findValues(json: string, name: string): Array<{ start: number; end: number }> {
  const found: Array<{ start: number; end: number }> = [];
  let depth = 0;
  let isKey = false;
  let isWanted = false;
  let start = 0;
  for (let i = 0; i < json.length; i++) {
    const character = json[i]!;
    if (character === '"') {
      const end = endOfString(json, i);
      if (depth === 1 && isKey) isWanted = JSON.parse(json.slice(i, end)) === name;
      i = end - 1;
    } else if (character === "{" || character === "[") {
      depth += 1;
      if (depth === 1) isKey = true;
    } else if (character === ":" && depth === 1 && isKey) {
      isKey = false;
      start = i + 1;
      while (/\s/.test(json[start] ?? "")) start += 1;
    } else if ((character === "," || character === "}") && depth === 1) {
      if (isWanted) found.push({ start, end: start + json.slice(start, i).trimEnd().length });
      isWanted = false;
      isKey = true;
    }
    if (character === "}" || character === "]") depth -= 1;
  }
  return found;
}

/** Place after the quote that closes the string which opens at `start`. */
function endOfString(json: string, start: number): number {
  for (let i = json.indexOf('"', start + 1); i >= 0; i = json.indexOf('"', i + 1)) {
    let backslashes = 0;
    while (json[i - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return i + 1;
  }
  return json.length;
}
