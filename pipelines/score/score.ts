import { once } from "node:events";
import { createWriteStream, renameSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { ArtifactError, loadRouter, type RouteRequest, type Router } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import type { Progress } from "../../datasets/progress.js";
import { readLines } from "../../datasets/reader/read-lines.js";

/** One line of a score file. */
export interface ScoreRow {
  /** The line's own id, else its number from 1; null when the line could not be read. */
  id: string | null;
  /** Calibrated need of the strong model, 0 to 1; null when the model did not run. */
  score: number | null;
  /** P(this model's answer is not worse than the strong model's), per model. */
  sufficiency: Record<string, number>;
  /** Model that the router chooses; the default model for a line that could not be read. */
  model: string;
  reasons: string[];
  /** Why the line could not be read. */
  error?: string;
}

/** What became of a scored file. */
export interface ScoreSummary {
  lines: number;
  errors: number;
  /** Lines per chosen model. */
  models: Record<string, number>;
  output: string;
}

/** Score a JSONL file of requests with an artifact: one line in, one line out, in the same order; memory stays bounded. A line
 * is a request (`{id?, prompt | messages, system?, tools?, ...}`); a bad line gets the default model and an `error`. Each line
 * is decided on its own: sessions are not followed. The output appears under its name when it is whole.
 * @throws {InputError} if the input can't be read to its end, the artifact can't be used or the output can't be written */
export async function score(
  artifactDir: string,
  inputPath: string,
  outputPath: string,
  { onProgress = () => {} }: { onProgress?: Progress } = {},
): Promise<ScoreSummary> {
  checkPaths(inputPath, outputPath);
  const router = await openRouter(artifactDir);
  const temporary = `${outputPath}.${process.pid}.tmp`;
  const output = createWriteStream(temporary);
  const failed = once(output, "error").then(([error]) => {
    throw new InputError(`${outputPath}: can't be written (${(error as Error).message})`);
  });
  const summary: ScoreSummary = { lines: 0, errors: 0, models: {}, output: outputPath };
  const write = async (): Promise<void> => {
    for await (const lines of readLines(inputPath)) {
      for (const line of lines) {
        summary.lines += 1;
        const row = scoreLine(router, line, summary.lines);
        if (row.error !== undefined) summary.errors += 1;
        summary.models[row.model] = (summary.models[row.model] ?? 0) + 1;
        if (!output.write(`${JSON.stringify(row)}\n`)) await once(output, "drain");
      }
      onProgress({ label: "scoring", done: summary.lines, total: null, unit: "lines" });
    }
    output.end();
    await once(output, "finish");
  };
  try {
    await Promise.race([write(), failed]);
    renameSync(temporary, outputPath);
  } catch (error) {
    output.destroy();
    if (isFile(temporary)) rmSync(temporary);
    throw error;
  }
  return summary;
}

function checkPaths(inputPath: string, outputPath: string): void {
  if (!isFile(inputPath)) throw new InputError(`${inputPath}: no such file; name a JSONL file`);
  if (resolve(inputPath) === resolve(outputPath))
    throw new InputError(`${outputPath}: is the input too; name another output`);
  if (isFolder(outputPath)) throw new InputError(`${outputPath}: is a folder; name a file to write`);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

async function openRouter(artifactDir: string): Promise<Router> {
  try {
    return await loadRouter(artifactDir);
  } catch (error) {
    throw error instanceof ArtifactError ? new InputError(error.message, { cause: error }) : error;
  }
}

function scoreLine(router: Router, line: string | null, number: number): ScoreRow {
  const parsed = parseRequest(line);
  if ("error" in parsed) {
    const { model } = router.decide({ prompt: "" });
    return {
      id: null,
      score: null,
      sufficiency: {},
      model,
      reasons: ["bad_line"],
      error: `line ${number}: ${parsed.error}`,
    };
  }
  const { id, request } = parsed;
  const decision = router.decide(request);
  return {
    id: id ?? String(number),
    score: decision.score,
    sufficiency: decision.sufficiency,
    model: decision.model,
    reasons: decision.reasons,
  };
}

function parseRequest(line: string | null): { id: string | null; request: RouteRequest } | { error: string } {
  if (line === null) return { error: "longer than 64 MiB" };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { error: line.trim() === "" ? "empty" : "not JSON" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { error: "not a JSON object" };
  const { id, ...rest } = value as Record<string, unknown>;
  if (bodies.every((name) => rest[name] == null)) return { error: "neither prompt nor messages" };
  // Every line stands for itself: a session would let one line's decision carry over to the next.
  const request = Object.fromEntries(Object.entries(rest).filter(([name]) => !sessions.has(name)));
  return {
    id: typeof id === "string" ? id : typeof id === "number" ? String(id) : null,
    request: request as RouteRequest,
  };
}

/** Where a request of each provider keeps its text. */
const bodies = ["prompt", "messages", "input", "contents"];

const sessions: ReadonlySet<string> = new Set(["session", "sessionId", "session_id", "conversation"]);
