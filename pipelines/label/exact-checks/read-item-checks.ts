import { readFileSync } from "node:fs";
import { InputError } from "../../../datasets/errors.js";
import type { SampledRequest } from "../sample-requests.js";
import { type AnswerSchema, compileJsonSchema } from "./compile-json-schema.js";

/** What is known about the right answer to a request, beside the logged one. */
export interface ItemChecks {
  /** The right answer, checked beforehand. */
  gold: string | null;
  /** Schema that the request demanded. */
  jsonSchema: AnswerSchema | null;
  /** Whether the code in an answer passes the request's tests; null without tests, or when they may not be run. */
  passesTests: ((answer: string) => boolean) | null;
}

/** A line of a checks file, for one request or for all of an app; where both speak, the request's own word counts. */
interface ChecksLine extends Partial<ItemChecks> {
  requestId: string | null;
  app: string | null;
}

/** Read a file of checks: JSON lines `{"request_id" or "app", "gold"?, "json_schema"?, "tests"?}`.
 * @param isRunningTests the user's word that the code in answers may be run
 * @returns the checks of a request; null when the file says nothing of it
 * @throws {InputError} naming the line that can't be used */
export async function readItemChecks(
  path: string,
  isRunningTests: boolean,
): Promise<(row: SampledRequest) => ItemChecks | null> {
  const runner = isRunningTests ? await (await import("./open-code-runner.js")).openCodeRunner() : null;
  const byRequest = new Map<string, Partial<ItemChecks>>();
  const byApp = new Map<string, Partial<ItemChecks>>();
  for (const { requestId, app, ...checks } of readLines(path, runner)) {
    if (requestId !== null) byRequest.set(requestId, checks);
    else byApp.set(app!, checks);
  }
  return (row) => {
    const checks = { ...byApp.get(row.app ?? ""), ...byRequest.get(row.request_id) };
    if (Object.keys(checks).length === 0) return null;
    return { gold: null, jsonSchema: null, passesTests: null, ...checks };
  };
}

type Runner = ((answer: string, tests: string) => boolean) | null;

function readLines(path: string, runner: Runner): ChecksLine[] {
  return readText(path)
    .split("\n")
    .flatMap((line, i) => (line.trim() === "" ? [] : [readLine(line, `${path}:${i + 1}`, runner)]));
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError(`--checks ${path}: can't be read (${(cause as Error).message})`, { cause });
  }
}

function readLine(line: string, place: string, runner: Runner): ChecksLine {
  const wrong = (what: string, cause?: unknown) => new InputError(`${place}: ${what}`, { cause });
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(line) as Record<string, unknown>;
  } catch (cause) {
    throw wrong("not readable as JSON; one object a line is expected", cause);
  }
  const { request_id, app, gold, json_schema, tests, ...others } = given ?? {};
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw wrong(`${unknown} is not known; there are request_id, app, gold, json_schema and tests`);
  if ((typeof request_id === "string") === (typeof app === "string"))
    throw wrong("either request_id or app has to say what the line is about");
  const text = (name: string, value: unknown): string => {
    if (typeof value !== "string" || value.trim() === "") throw wrong(`${name} is not a text`);
    return value;
  };
  return {
    requestId: typeof request_id === "string" ? request_id : null,
    app: typeof app === "string" ? app : null,
    ...(gold === undefined ? {} : { gold: typeof gold === "number" ? String(gold) : text("gold", gold) }),
    ...(json_schema === undefined ? {} : { jsonSchema: readSchema(json_schema, wrong) }),
    ...(tests === undefined ? {} : { passesTests: testsOf(text("tests", tests), runner) }),
  };
}

function readSchema(given: unknown, wrong: (what: string, cause?: unknown) => InputError): AnswerSchema {
  if (given === null || typeof given !== "object" || Array.isArray(given))
    throw wrong("json_schema is not an object");
  try {
    return compileJsonSchema(given as Record<string, unknown>);
  } catch (cause) {
    throw wrong(`json_schema can't be used: ${(cause as Error).message}`, cause);
  }
}

function testsOf(tests: string, runner: Runner): ItemChecks["passesTests"] {
  return runner === null ? null : (answer) => runner(answer, tests);
}
