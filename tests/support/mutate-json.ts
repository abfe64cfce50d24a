import fc from "fast-check";

/** Values that break what is careless: edges of numbers, half characters, names of Object's own members, texts that look like something. */
const oddities: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  -0,
  0.5,
  1e308,
  -1e308,
  1e21,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  1e-320,
  "",
  " ",
  "\ud800",
  "a\udc00b",
  "\u0000",
  "NaN",
  "-5",
  "1e400",
  "9007199254740993",
  "0x10",
  "1970-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999999999Z",
  "2026-13-45",
  "null",
  "{",
  '{"a":[',
  '"{\\"a\\":1}"',
  "[]",
  "data: [DONE]\n\n",
  "x".repeat(5000),
  [],
  {},
  [[]],
  [null],
  [1, "a", null, {}, []],
  JSON.parse('{"__proto__": {"x": 1}}'),
  JSON.parse('{"constructor": 1, "toString": 2, "hasOwnProperty": 3, "length": -1, "then": 4}'),
  JSON.parse(`${'{"a":['.repeat(60)}1${"]}".repeat(60)}`),
];

const oddKeys = [
  "__proto__",
  "constructor",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "length",
  "",
  "\ud800",
  "0",
  "a.b",
  "a[0]",
];

/** Copies of the given records with a few things wrong in each: a key dropped, renamed or doubled, a value of another type, nested, cut
 * or taken from another record. */
export function mutated(records: readonly unknown[]): fc.Arbitrary<unknown> {
  const change = fc.record({
    kind: fc.constantFrom(
      "drop",
      "rename",
      "replace",
      "nest",
      "list",
      "text",
      "cut",
      "swap",
      "twice",
      "odd key",
    ),
    /** Which of the record's places, as a share of them; all alike, for a record without its root is soon refused. */
    at: fc.noBias(fc.nat({ max: 9999 })).map((part) => part / 10_000),
    value: fc.oneof(fc.constantFrom(...oddities), fc.jsonValue({ maxDepth: 2 })),
    key: fc.oneof(fc.constantFrom(...oddKeys), fc.string({ maxLength: 12 })),
  });
  return fc
    .record({
      record: fc.constantFrom(...records),
      other: fc.constantFrom(...records),
      changes: fc.array(change, { minLength: 0, maxLength: 4 }),
    })
    .map(({ record, other, changes }) => {
      const copy = { root: structuredClone(record) };
      for (const { kind, at, value, key } of changes) applyChange(copy, kind, at, value, key, other);
      // Lists lose elements without closing up: what is left has to be JSON.
      return JSON.parse(JSON.stringify(copy.root)) as unknown;
    });
}

interface Place {
  parent: Record<string, unknown> | unknown[];
  key: string;
}

function applyChange(
  copy: { root: unknown },
  kind: string,
  at: number,
  value: unknown,
  key: string,
  other: unknown,
): void {
  const places = placesOf(copy, []);
  const { parent, key: name } = places[Math.floor(at * places.length)]!;
  const holder = parent as Record<string, unknown>;
  const old = holder[name];
  const isRoot = parent === copy;
  if (kind === "drop" && !isRoot) delete holder[name];
  else if (kind === "rename" && !isRoot) {
    delete holder[name];
    define(holder, Array.isArray(parent) ? "0" : key, old);
  } else if (kind === "replace") holder[name] = structuredClone(value);
  else if (kind === "nest") holder[name] = { [name]: old };
  else if (kind === "list") holder[name] = [old, structuredClone(value)];
  else if (kind === "text") holder[name] = JSON.stringify(old) ?? "";
  else if (kind === "cut") holder[name] = typeof old === "string" ? old.slice(0, old.length >> 1) : null;
  else if (kind === "swap") {
    const others = placesOf({ root: structuredClone(other) }, []);
    const from = others[Math.floor(at * others.length)]!;
    holder[name] = (from.parent as Record<string, unknown>)[from.key];
  } else if (kind === "twice" && Array.isArray(parent)) parent.push(structuredClone(old));
  else if (typeof old === "object" && old !== null) define(old, key, structuredClone(value));
}

/** Sets a key as JSON.parse would, `__proto__` too. */
function define(target: object, key: string, value: unknown): void {
  if (Array.isArray(target) && !/^\d+$/.test(key)) return;
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function placesOf(parent: object, found: Place[]): Place[] {
  for (const [key, value] of Object.entries(parent)) {
    found.push({ parent: parent as Place["parent"], key });
    if (typeof value === "object" && value !== null && found.length < 400) placesOf(value, found);
  }
  return found;
}
