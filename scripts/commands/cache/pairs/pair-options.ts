import type { Argv, InferredOptionTypes } from "yargs";
import { InputError } from "../../../../datasets/errors.js";
import { PairFocus } from "../../../../pipelines/cache/pairs/draw-pairs.js";
import type { PairOptions } from "../../../../pipelines/cache/pairs/plan-pairs.js";
import { checkNumbers } from "../../check-numbers.js";
import { callRules, judgeOptions, sampleOptions } from "../../label/label-options.js";
import { sharedOptions } from "../../shared-options.js";

/** Options of the verbs that draw pairs: which, by whom, for how much, and to prove what. */
export const pairOptions = {
  workspace: sharedOptions.workspace,
  labels: { type: "number", default: 1_000, describe: "Pairs to judge" },
  seed: sampleOptions.seed,
  floor: {
    type: "number",
    default: 0.6,
    describe: "Least score or cosine to judge: no threshold will be set below",
  },
  focus: {
    choices: Object.values(PairFocus),
    default: PairFocus.uniform as PairFocus,
    describe: "Draw all pairs alike, or more of those near a threshold",
  },
  threshold: {
    type: "string",
    array: true,
    default: [] as string[],
    defaultDescription: "quartiles of each segment",
    describe: "near-threshold: threshold in use, for all or as SEGMENT=NUMBER; repeat for more",
  },
  alpha: { type: "number", default: 0.01, describe: "Wrong hits to certify, as a share of all requests" },
  delta: { type: "number", default: 0.1, describe: "Probability with which the certificate may fail" },
  "both-orders": {
    type: "boolean",
    default: false,
    describe: "Ask twice, once with the cached part first; a contradiction is different",
  },
  "judge-url": judgeOptions["judge-url"],
  "judge-api": judgeOptions["judge-api"],
  "judge-model": { type: "string", demandOption: true, describe: "Model that judges" },
  mode: sampleOptions.mode,
  "max-usd": sampleOptions["max-usd"],
  "assume-usd-per-mtok": sampleOptions["assume-usd-per-mtok"],
  "send-unredacted": sampleOptions["send-unredacted"],
  json: sharedOptions.json,
} as const;

/** Refuse numbers that no verb of pairs can use. */
export function checkPairNumbers<T>(yargs: Argv<T>): Argv<T> {
  return checkNumbers(yargs, {
    labels: { from: 1, isWhole: true },
    floor: { from: -1, to: 1 },
    alpha: { above: 0, below: 1 },
    delta: { above: 0, below: 1 },
    ...callRules,
  });
}

/** The options as the pipeline takes them. */
export function readPairOptions(argv: InferredOptionTypes<typeof pairOptions> & CamelCased): PairOptions {
  return {
    judgeUrl: argv.judgeUrl ?? null,
    judgeApi: argv.judgeApi,
    judgeModel: argv.judgeModel,
    mode: argv.mode,
    labels: argv.labels,
    seed: argv.seed,
    floor: argv.floor,
    focus: argv.focus,
    thresholds: readThresholds(argv.threshold),
    alpha: argv.alpha,
    delta: argv.delta,
    isBothOrders: argv.bothOrders,
    maxUsd: argv.maxUsd ?? null,
    assumeUsdPerMTok: argv.assumeUsdPerMtok ?? null,
    isSentUnredacted: argv.sendUnredacted,
  };
}

/** Thresholds by segment, as `0.9` for all or `SEGMENT=0.9`; a segment's name may hold equals signs. */
function readThresholds(given: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.lastIndexOf("=");
      const value = Number(text.slice(at + 1));
      if (text.slice(at + 1).trim() === "" || !(value >= -1 && value <= 1))
        throw new InputError(`--threshold ${text}: give a number from -1 to 1, or SEGMENT=NUMBER`);
      return [at === -1 ? "*" : text.slice(0, at), value];
    }),
  );
}

/** The names under which the parser hands on options with hyphens. */
interface CamelCased {
  judgeUrl?: string | undefined;
  judgeApi: NonNullable<PairOptions["judgeApi"]>;
  judgeModel: string;
  bothOrders: boolean;
  maxUsd?: number | undefined;
  assumeUsdPerMtok?: number | undefined;
  sendUnredacted: boolean;
}
