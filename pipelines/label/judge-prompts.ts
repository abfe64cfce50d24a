import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../datasets/package-root.js";
import type { CallMessage } from "./judge.js";

/** A JSON schema that the answer must conform to. */
export interface JudgeSchema {
  name: string;
  schema: Record<string, unknown>;
  /** Every key required, nothing else allowed; default true. Schemas of users needn't be. */
  isStrict?: boolean;
}

/** A versioned prompt: its text is the system message of the judge. */
export interface Rubric {
  /** Name, version and the first 8 hex digits of the text's SHA-256: an edited text is another rubric. */
  id: string;
  text: string;
  schema: JudgeSchema;
}

/** The request that is judged, cleaned and cut for the judge. */
export interface JudgedRequest {
  system: string | null;
  history: ReadonlyArray<{ role: string; content: string }>;
  user: string;
}

const tierSchema: JudgeSchema = {
  name: "tier",
  schema: {
    type: "object",
    properties: {
      rationale: { type: "string" },
      tier: { type: "string", enum: ["0", "1", "2", "cannot_tell"] },
      stakes: { type: "boolean" },
    },
    required: ["rationale", "tier", "stakes"],
    additionalProperties: false,
  },
};

const sufficiencySchema: JudgeSchema = {
  name: "sufficiency",
  schema: {
    type: "object",
    properties: {
      rationale: { type: "string" },
      verdict: { type: "string", enum: ["sufficient", "insufficient", "cannot_tell"] },
    },
    required: ["rationale", "verdict"],
    additionalProperties: false,
  },
};

/** Read the rubrics in use from pipelines/label/prompts. */
export function readRubrics(): { tier: Rubric; sufficiency: Rubric } {
  return {
    tier: readRubric("tier.v1", tierSchema),
    sufficiency: readRubric("sufficiency.v2", sufficiencySchema),
  };
}

/** Read a prompt of pipelines/label/prompts.
 * @param name with its version, such as "tier.v1" */
export function readRubric(name: string, schema: JudgeSchema): Rubric {
  const text = readFileSync(join(packageRoot, "pipelines", "label", "prompts", `${name}.md`), "utf8");
  const digest = createHash("sha256").update(text).update(JSON.stringify(schema)).digest("hex");
  return { id: `${name}@${digest.slice(0, 8)}`, text, schema };
}

/** Messages that ask for the tier of a request.
 * @param nonce hex digits that the request's author can't know */
export function tierMessages(rubric: Rubric, request: JudgedRequest, nonce: string): CallMessage[] {
  return [
    { role: "system", content: rubric.text },
    {
      role: "user",
      content: `${requestBlocks(request, nonce)}\n\nWhich tier is the last user turn, and are its stakes high?`,
    },
  ];
}

/** Messages that ask whether one of two answers could be sent instead of the other. Neither is said to be the logged one.
 * @param answers in the order in which the judge reads them
 * @param judged position of the judged answer
 * @param knownRight the right answer, where one is known beforehand */
export function sufficiencyMessages(
  rubric: Rubric,
  request: JudgedRequest,
  {
    answers,
    judged,
    nonce,
    knownRight = null,
  }: { answers: readonly [string, string]; judged: 1 | 2; nonce: string; knownRight?: string | null },
): CallMessage[] {
  const blocks = [
    requestBlocks(request, nonce),
    ...(knownRight === null ? [] : [block("KNOWN_RIGHT", knownRight, nonce)]),
    ...answers.map((answer, i) => block(`ANSWER_${i + 1}`, answer, nonce)),
  ];
  return [
    { role: "system", content: rubric.text },
    { role: "user", content: `${blocks.join("\n\n")}\n\nJudged answer: ${judged}` },
  ];
}

/** A request between delimiters: its system prompt, what came before, and the last user turn. */
export function requestBlocks({ system, history, user }: JudgedRequest, nonce: string): string {
  const turns = history.map(({ role, content }) => `[${role}]\n${content}`).join("\n\n");
  return [
    ...(system ? [block("SYSTEM", system, nonce)] : []),
    ...(turns ? [block("HISTORY", turns, nonce)] : []),
    block("REQUEST", user, nonce),
  ].join("\n\n");
}

/** A text between delimiters that its author can't imitate. */
export function block(name: string, text: string, nonce: string): string {
  return `<<<${name} ${nonce}>>>\n${neutralise(text)}\n<<<END ${name} ${nonce}>>>`;
}

/** Text that can't steer the judge by anything but its meaning: no control characters, no invisible marks (but the joiners
 * that scripts and emoji need), no chat template tokens; cut in the middle when it is very long. */
export function neutralise(text: string): string {
  const clean = text
    .toWellFormed()
    .replace(/(?![\t\n\r\u200c\u200d])[\p{Cc}\p{Cf}]/gu, "")
    .replace(/<\|[^|<>]{1,40}\|>/g, "")
    .replace(/\[\/?INST\]|<<\/?SYS>>/g, "");
  if (clean.length <= maxBlockChars) return clean;
  const half = maxBlockChars / 2;
  const cut = clean.length - maxBlockChars;
  return `${clean.slice(0, half).toWellFormed()}\n[... ${cut} characters left out ...]\n${clean.slice(-half).toWellFormed()}`;
}

/** Longest text that a judge is shown, in UTF-16 units. */
const maxBlockChars = 24_000;
