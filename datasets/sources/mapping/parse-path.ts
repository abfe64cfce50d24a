import { asArray, asRecord } from "../json-access.js";

/** One step of a path: a key, an index (negative from the end), every element, or the elements with a given member. */
type Step =
  | { kind: "key"; name: string; isQuoted: boolean }
  | { kind: "index"; index: number }
  | { kind: "all" }
  | { kind: "filter"; steps: Step[]; value: string };

/** A path that was understood. */
export interface Path {
  text: string;
  /** Whether it was written from the root: `$.a` rather than `a`. */
  isFromRoot: boolean;
  steps: Step[];
}

/** Read a path of a mapping file, a small part of JSONPath: `usage.input_tokens`, `$.usage`, `choices[0].text`, `turns[-1]`,
 * `headers["x-model"]`, `items[*].cost`, `attributes[?key=="model"].value`.
 * @returns the steps, or what is wrong and where */
export function parsePath(text: string): Path | { error: string } {
  const isFromRoot = /^\$(\.|\[|$)/.test(text);
  const cursor = { text, at: isFromRoot ? 1 : 0 };
  const steps: Step[] = [];
  if (text.trim() === "") return { error: "an empty path" };
  while (cursor.at < text.length) {
    const step = readStep(cursor, steps.length === 0 && !isFromRoot);
    if ("error" in step) return step;
    steps.push(step);
  }
  return { text, isFromRoot, steps };
}

/** The value at a path; undefined where nothing is. With `[*]` or a filter it is the first match that isn't null.
 * A key of the record may hold dots itself: `usage.input` finds `{"usage.input": 1}` too. */
export function readPath(record: unknown, path: Path): unknown {
  return walk(record, path.steps, 0).next().value;
}

/** Every value at a path, for paths with `[*]`. */
export function readAll(record: unknown, path: Path): unknown[] {
  return [...walk(record, path.steps, 0)];
}

function readStep(cursor: { text: string; at: number }, isFirst: boolean): Step | { error: string } {
  const { text } = cursor;
  const rest = text.slice(cursor.at);
  const take = (match: RegExpExecArray) => {
    cursor.at += match[0].length;
    return match;
  };
  const key = (isFirst ? /^([^.[\]"]+)/ : /^\.([^.[\]"]+)/).exec(rest);
  if (key) {
    const name = take(key)[1]!.trim();
    return name === "*" ? { kind: "all" } : { kind: "key", name, isQuoted: false };
  }
  const index = /^\[\s*(-?\d{1,9})\s*\]/.exec(rest);
  if (index) return { kind: "index", index: Number(take(index)[1]) };
  const all = /^\[\s*\*\s*\]/.exec(rest);
  if (all) return take(all) && { kind: "all" };
  const quoted = /^\.?\[?\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\]?/.exec(rest);
  if (quoted) {
    const [, double, single] = take(quoted);
    return { kind: "key", name: unescaped((double ?? single)!), isQuoted: true };
  }
  const filter =
    /^\[\?\(?\s*(?:@\.)?([^=[\]"']+?)\s*==?\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([\w.+-]+))\s*\)?\]/.exec(
      rest,
    );
  if (filter) {
    const [, member, double, single, bare] = take(filter);
    const inner = parsePath(member!);
    if ("error" in inner) return inner;
    return { kind: "filter", steps: inner.steps, value: bare ?? unescaped((double ?? single)!) };
  }
  return { error: `${JSON.stringify(rest.slice(0, 20))} at character ${cursor.at + 1} is no step of a path` };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

function* walk(value: unknown, steps: readonly Step[], at: number): Generator<unknown> {
  const step = steps[at];
  if (step === undefined) {
    if (value !== undefined && value !== null) yield value;
    return;
  }
  if (step.kind === "key") yield* walkKey(value, steps, at);
  else if (step.kind === "index") yield* walk(asArray(value)?.at(step.index), steps, at + 1);
  else {
    const items = asArray(value) ?? Object.values(asRecord(value) ?? {});
    for (const item of items) {
      if (step.kind === "all" || isMatch(item, step)) yield* walk(item, steps, at + 1);
    }
  }
}

function* walkKey(value: unknown, steps: readonly Step[], at: number): Generator<unknown> {
  const record = asRecord(value);
  if (record === null) return;
  let name = "";
  for (let end = at; end < steps.length; end++) {
    const step = steps[end]!;
    if (step.kind !== "key") return;
    name = end === at ? step.name : `${name}.${step.name}`;
    if (Object.hasOwn(record, name)) yield* walk(record[name], steps, end + 1);
    if (step.isQuoted) return;
  }
}

function isMatch(item: unknown, { steps, value }: { steps: Step[]; value: string }): boolean {
  for (const found of walk(item, steps, 0))
    if (typeof found !== "object" && String(found) === value) return true;
  return false;
}
