import { InputError } from "../../../datasets/errors.js";
import { openOrCreateWorkspace, openWorkspace } from "../../../datasets/workspace.js";
import { scoreSources } from "../../../models/cache/calibrate-cache.js";
import {
  type CacheCalibrateOptions,
  cacheCalibrateDefaults,
} from "../../../pipelines/cache/calibrate-options.js";
import { calibrateStreamCache } from "../../../pipelines/cache/calibrate-stream.js";
import { calibrateWorkspaceCache } from "../../../pipelines/cache/calibrate-workspace.js";
import { printJson, stderrProgress } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { embedderOptions } from "./embedder-options.js";
import { printCalibration } from "./print-calibration.js";
import { keepRejected } from "./rejected-lines.js";

/** `signalbox cache calibrate`: thresholds with a guarantee. */
export const cacheCalibrateCommand = defineCommand({
  command: "calibrate",
  describe: "Certify from which score on a cached answer may be served",
  builder: (yargs) =>
    yargs
      .option("workspace", {
        type: "string",
        describe: "Workspace with judged pairs; with --stream, where the result is left",
      })
      .option("stream", {
        type: "string",
        describe: "Calibrate on this file: JSONL with answer_key, plain or gzip",
      })
      .option("rejected", { type: "string", describe: "File for the lines of --stream that can't be used" })
      .options(embedderOptions)
      .option("alpha", {
        type: "number",
        default: cacheCalibrateDefaults.alpha,
        describe: "Most wrong hits, as a share of all requests",
      })
      .option("delta", {
        type: "number",
        default: cacheCalibrateDefaults.delta,
        describe: "Probability with which the promise may fail",
      })
      .option("labels", {
        type: "number",
        default: cacheCalibrateDefaults.labels,
        describe: "Offers to check at most; of a workspace, all judged pairs count",
      })
      .option("learn-from", {
        choices: scoreSources,
        defaultDescription: "answers where the log holds them, else labels",
        describe: "What the same-answer score learns from; nothing = the cosine is the score",
      })
      .option("calibration-share", {
        type: "number",
        default: cacheCalibrateDefaults.calibrationShare,
        describe: "Oldest part of the stream to calibrate on; the rest is for the check",
      })
      .option("ttl-s", {
        type: "number",
        default: cacheCalibrateDefaults.ttlS,
        describe:
          "Life of an entry in seconds, of a stream with times; 0 = for ever. A workspace has its replay's",
      })
      .option("seed", {
        type: "number",
        default: cacheCalibrateDefaults.seed,
        describe: "Which offers are checked",
      })
      .option("json", sharedOptions.json)
      .check((argv) => {
        if (argv.workspace === undefined && argv.stream === undefined)
          throw new InputError("nothing to calibrate on; give --stream FILE or --workspace DIR");
        if (argv.rejected !== undefined && argv.stream === undefined)
          throw new InputError("--rejected is for lines of a stream; give --stream FILE too");
        return true;
      })
      .example(
        "$0 cache calibrate --stream faq.jsonl --alpha 0.01 --labels 1000 --json",
        "Right answers are known: what is certified, and what comes of it later",
      )
      .example(
        "$0 cache calibrate --workspace ws --alpha 0.02",
        "From judged pairs; signalbox export puts the thresholds into the artifact",
      )
      .epilogue(
        "The promise: wrong hits are at most alpha of all requests; over calibrations it fails with probability at most delta. " +
          "Where it can't be kept a segment serves exact hits only, and the output says how many labels would change that. " +
          "docs/semantic-cache.md has the method.",
      ),
  handler: async ({ workspace: path, stream, rejected, json, ...argv }) => {
    const published = stream === undefined && path !== undefined;
    const { progress, end } = stderrProgress(
      published ? { workspace: openWorkspace(path), stage: "cache calibrate" } : undefined,
    );
    const options: CacheCalibrateOptions = {
      embedder: argv.embedder ?? null,
      encoder: argv.encoder ?? null,
      tokenizer: argv.tokenizer ?? null,
      dim: argv.dim,
      alpha: argv.alpha,
      delta: argv.delta,
      labels: argv.labels,
      seed: argv.seed,
      learnFrom: argv.learnFrom ?? null,
      calibrationShare: argv.calibrationShare,
      ttlS: argv.ttlS === 0 ? null : argv.ttlS,
      onProgress: progress,
    };
    if (stream === undefined) {
      const result = await calibrateWorkspaceCache(openWorkspace(path!), options).finally(end);
      if (json) printJson(result);
      else printCalibration(result);
      return;
    }
    const lines = keepRejected(rejected ?? null);
    const workspace = path === undefined ? null : openOrCreateWorkspace(path);
    const result = await calibrateStreamCache(stream, workspace, {
      ...options,
      onRejected: lines.keep,
    }).finally(() => {
      lines.close();
      end();
    });
    lines.report();
    if (json) printJson(result);
    else printCalibration(result);
  },
});
