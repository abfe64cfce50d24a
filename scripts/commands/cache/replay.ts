import { checkNumber } from "../../../datasets/check-number.js";
import { InputError } from "../../../datasets/errors.js";
import { openOrCreateWorkspace, openWorkspace } from "../../../datasets/workspace.js";
import { evictionKinds } from "../../../models/cache/eviction-queue.js";
import {
  type CacheReplayOptions,
  cacheReplayDefaults,
  replayStreamCache,
  replayWorkspaceCache,
} from "../../../pipelines/cache/replay.js";
import { printJson, stderrProgress } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { embedderOptions } from "./embedder-options.js";
import { printReplay } from "./print-replay.js";
import { keepRejected } from "./rejected-lines.js";

/** `signalbox cache replay`: put a cache in front of traffic that was logged. */
export const cacheReplayCommand = defineCommand({
  command: "replay",
  describe: "Say what a cache would have served, saved and got wrong",
  builder: (yargs) =>
    yargs
      .option("workspace", {
        type: "string",
        describe: "Workspace to replay; with --stream, where the tables are left",
      })
      .option("stream", {
        type: "string",
        describe: "Replay this file instead: JSONL, one request a line, plain or gzip",
      })
      .option("rejected", { type: "string", describe: "File for the lines of --stream that can't be used" })
      .options(embedderOptions)
      .option("thresholds", {
        type: "string",
        default: cacheReplayDefaults.thresholds.join(","),
        describe: "Least cosines of the semantic tier, each a replay of its own",
      })
      .option("ttl-s", {
        type: "number",
        default: cacheReplayDefaults.ttlS,
        describe: "Life of an entry in seconds; 0 = for ever",
      })
      .option("capacity", {
        type: "number",
        default: cacheReplayDefaults.capacity,
        describe: "Most entries, over all scopes",
      })
      .option("eviction", {
        choices: evictionKinds,
        default: cacheReplayDefaults.eviction,
        describe: "Which entry a full cache gives up",
      })
      .option("guard", {
        type: "boolean",
        default: true,
        describe: "Keep prompts apart that differ in numbers, negation, ...; --no-guard doesn't",
      })
      .option("same-answer", {
        type: "number",
        defaultDescription: "equal texts alone",
        describe: "Cosine from which logged answers count as one",
      })
      .option("embedding-usd", {
        type: "number",
        defaultDescription: "0 in your process, 0.02 with --encoder",
        describe: "Price of embedding, per million tokens",
      })
      .option("operations-usd", {
        type: "number",
        defaultDescription: "4",
        describe: "Price of the index, per million lookups and writes",
      })
      .option("storage-usd", {
        type: "number",
        defaultDescription: "5e-8",
        describe: "Price of an entry, per day",
      })
      .option("json", sharedOptions.json)
      .check((argv) => {
        if (argv.workspace === undefined && argv.stream === undefined)
          throw new InputError("nothing to replay; give --workspace DIR or --stream FILE");
        if (argv.rejected !== undefined && argv.stream === undefined)
          throw new InputError("--rejected is for lines of a stream; give --stream FILE too");
        readThresholds(argv.thresholds);
        checkNumber("--ttl-s", argv["ttl-s"], { from: 0 });
        checkNumber("--capacity", argv.capacity, { from: 1, to: 10_000_000, isWhole: true });
        if (argv["same-answer"] !== undefined)
          checkNumber("--same-answer", argv["same-answer"], { above: 0, to: 1 });
        for (const name of ["embedding-usd", "operations-usd", "storage-usd"] as const)
          if (argv[name] !== undefined) checkNumber(`--${name}`, argv[name], { from: 0 });
        return true;
      })
      .example("$0 cache replay --workspace ws", "Your own traffic, at nine thresholds")
      .example(
        "$0 cache replay --workspace ws --embedder my.sbemb --ttl-s 3600",
        "Your own embedder, entries of an hour",
      )
      .example(
        "$0 cache replay --stream faq.jsonl --thresholds 0.9,0.95 --json",
        "A plain stream; with answer_key, wrong hits are counted",
      )
      .epilogue(
        'A line of a stream is {"id": "1", "text": "...", "tenant": "acme", "segment": "billing", "created_at": ' +
          '"2026-01-05T12:00:00Z", "system": "...", "history": [{"role": "user", "content": "..."}], "answer_key": "refund"}; ' +
          "only id and text must be there. docs/semantic-cache.md says what the figures mean.",
      ),
  handler: async ({ workspace: path, stream, rejected, json, ...argv }) => {
    const published = stream === undefined && path !== undefined;
    const { progress, end } = stderrProgress(
      published ? { workspace: openWorkspace(path), stage: "cache replay" } : undefined,
    );
    const options: CacheReplayOptions = {
      embedder: argv.embedder ?? null,
      encoder: argv.encoder ?? null,
      tokenizer: argv.tokenizer ?? null,
      dim: argv.dim,
      thresholds: readThresholds(argv.thresholds),
      ttlS: argv.ttlS === 0 ? null : argv.ttlS,
      capacity: argv.capacity,
      eviction: argv.eviction,
      hasGuard: argv.guard,
      minAnswerCosine: argv.sameAnswer ?? null,
      prices: {
        embeddingUsdPerMtok: argv.embeddingUsd,
        operationsUsdPerM: argv.operationsUsd,
        storageUsdPerEntryDay: argv.storageUsd,
      },
      onProgress: progress,
    };
    if (stream === undefined) {
      const result = await replayWorkspaceCache(openWorkspace(path!), options).finally(end);
      if (json) printJson(result);
      else printReplay(result, path!);
      return;
    }
    const lines = keepRejected(rejected ?? null);
    const workspace = path === undefined ? null : openOrCreateWorkspace(path);
    const result = await replayStreamCache(stream, workspace, { ...options, onRejected: lines.keep }).finally(
      () => {
        lines.close();
        end();
      },
    );
    lines.report();
    if (json) printJson(result);
    else printReplay(result, path ?? null);
  },
});

function readThresholds(text: string): number[] {
  const thresholds = text.split(",").map((word) => (word.trim() === "" ? Number.NaN : Number(word)));
  for (const threshold of thresholds) checkNumber("--thresholds", threshold, { above: 0, to: 1 });
  return thresholds;
}
