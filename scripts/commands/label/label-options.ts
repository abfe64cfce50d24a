import type { Argv, InferredOptionTypes } from "yargs";
import { JudgeApiName, JudgeMode } from "../../../pipelines/label/judge.js";
import type { LabelOptions } from "../../../pipelines/label/plan-labels.js";
import { LabelFocus } from "../../../pipelines/label/uncertainty.js";
import { checkNumbers, type NumberRules } from "../check-numbers.js";
import { readModelNames, sharedOptions } from "../shared-options.js";

/** Which requests, and how much they may cost: options of every verb that draws the sample. */
export const sampleOptions = {
  workspace: sharedOptions.workspace,
  reference: {
    type: "string",
    defaultDescription: "any model",
    describe: "Only requests that this model served",
  },
  sample: { type: "number", default: 500, describe: "Requests to sample" },
  seed: { type: "number", default: 1, describe: "Seed of the sample" },
  focus: {
    choices: Object.values(LabelFocus),
    default: LabelFocus.even as LabelFocus,
    describe: "Sample all requests alike, or more of those that the trained model is unsure of",
  },
  "max-usd": {
    type: "number",
    defaultDescription: "no cap",
    describe: "Hard cap on what the run costs, restarts included",
  },
  "assume-usd-per-mtok": {
    type: "number",
    describe: "Price of every token of models without a known price",
  },
  mode: {
    choices: Object.values(JudgeMode),
    default: JudgeMode.chat as JudgeMode,
    describe: "Ask one by one, or through the batch API (half price, up to 24 h)",
  },
  "send-unredacted": {
    type: "boolean",
    default: false,
    describe: "Send text that was ingested with --content full as it is",
  },
  checks: {
    type: "string",
    describe: "JSONL file of known right answers, JSON schemas and code tests",
  },
  json: sharedOptions.json,
} as const;

/** Who judges what: options of the verbs that ask the judge. */
export const judgeOptions = {
  "judge-url": {
    type: "string",
    describe: "Base URL of the judge; nothing is sent without it",
  },
  "judge-api": {
    choices: Object.values(JudgeApiName),
    default: JudgeApiName.openai as JudgeApiName,
    describe: "What it speaks; the key is read from OPENAI_API_KEY or ANTHROPIC_API_KEY",
  },
  "judge-model": {
    type: "string",
    demandOption: true,
    describe: "Model that judges; better of another family than the candidates",
  },
  candidate: {
    type: "string",
    array: true,
    alias: "candidates",
    default: [] as string[],
    defaultDescription: "none, for difficulty and stakes only",
    describe: "Models to compare with the logged answers; repeat, or separate by commas",
  },
  "answers-url": {
    type: "string",
    defaultDescription: "the judge's",
    describe: "Base URL where the candidates answer",
  },
  "answers-api": {
    choices: Object.values(JudgeApiName),
    default: JudgeApiName.openai as JudgeApiName,
    describe: "What --answers-url speaks",
  },
} as const;

/** How calls are carried out: options of the verbs that send any. */
export const callOptions = {
  concurrency: { type: "number", default: 8, describe: "Calls at a time (chat)" },
  "poll-seconds": { type: "number", default: 30, describe: "Pause between two looks at a batch" },
} as const;

/** Numbers that every verb which asks a judge can use. */
export const callRules: NumberRules = {
  concurrency: { from: 1, isWhole: true },
  seed: { isWhole: true },
  "poll-seconds": { from: 0 },
  "max-usd": { above: 0 },
  "assume-usd-per-mtok": { from: 0 },
};

/** Refuse numbers that no verb of labelling can use. */
export function checkLabelNumbers<T>(yargs: Argv<T>): Argv<T> {
  return checkNumbers(yargs, { sample: { from: 1, isWhole: true }, ...callRules });
}

/** The part of the options that decides the sample and its price. */
export function readSampleOptions(argv: InferredOptionTypes<typeof sampleOptions> & CamelCased) {
  return {
    reference: argv.reference ?? null,
    mode: argv.mode,
    sample: argv.sample,
    seed: argv.seed,
    focus: argv.focus,
    maxUsd: argv.maxUsd ?? null,
    assumeUsdPerMTok: argv.assumeUsdPerMtok ?? null,
    isSentUnredacted: argv.sendUnredacted,
    checks: argv.checks ?? null,
  };
}

/** All options that decide a run's questions. */
export function readLabelOptions(
  argv: InferredOptionTypes<typeof sampleOptions> &
    InferredOptionTypes<typeof judgeOptions> &
    CamelCased & {
      judgeUrl?: string | undefined;
      judgeApi: JudgeApiName;
      judgeModel: string;
      answersUrl?: string | undefined;
      answersApi: JudgeApiName;
    },
): Omit<LabelOptions, "concurrency"> {
  return {
    ...readSampleOptions(argv),
    judgeUrl: argv.judgeUrl ?? null,
    judgeApi: argv.judgeApi,
    judgeModel: argv.judgeModel,
    candidates: readModelNames(argv.candidate),
    answers: argv.answersUrl === undefined ? null : { url: argv.answersUrl, api: argv.answersApi },
  };
}

/** The names under which the parser hands on options with hyphens. */
interface CamelCased {
  maxUsd?: number | undefined;
  assumeUsdPerMtok?: number | undefined;
  sendUnredacted: boolean;
}
