const mostNodes = 20_000;
const mostChars = 4_194_304;

/** JSON as it would be sent, with every object's keys in order of their UTF-16 units: equal values give equal texts, and
 * different ones different texts. Lone surrogates are escaped, so that no two strings become one in UTF-8.
 * @throws {TypeError} for a cycle, a bigint, or nothing that JSON knows
 * @throws {RangeError} beyond 20,000 values, 4 Mi characters or the depth of the stack */
export function canonicalJson(value: unknown): string {
  let nodes = 0;
  let chars = 0;
  const text = JSON.stringify(value, (_, member: unknown) => {
    nodes += Array.isArray(member) ? 1 + member.length : 1;
    if (typeof member === "string") chars += member.length;
    if (nodes > mostNodes || chars > mostChars) throw new RangeError("too large to be read in full");
    return typeof member === "object" && member !== null && !Array.isArray(member)
      ? sortKeys(member as Record<string, unknown>)
      : member;
  });
  if (text === undefined) throw new TypeError("no JSON value");
  return text;
}

function sortKeys(value: Record<string, unknown>): Record<string, unknown> {
  const sorted: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value).sort()) sorted[key] = value[key];
  return sorted;
}
