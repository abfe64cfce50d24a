import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../datasets/errors.js";
import { type ExplainedPrice, explainPrice } from "../../datasets/prices/explain-price.js";
import { importPrices, type PriceImport, removePrices } from "../../datasets/prices/import/import-prices.js";
import { openPriceBook } from "../../datasets/prices/price-book.js";
import type { RateRow } from "../../datasets/prices/rate-rows.js";
import {
  type ImportedList,
  priceFolder,
  readPriceManifest,
} from "../../datasets/prices/read-price-folder.js";
import type { TokenUsage } from "../../datasets/tokens/token-usage.js";
import { openOrCreateWorkspace, openWorkspace } from "../../datasets/workspace.js";
import { percent, printJson, printLine, printTable, usd } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox prices`: import lists, contracts and aliases into a workspace, and say where a price comes from. */
export const pricesCommand = defineCommand({
  command: "prices <action> [subject]",
  describe: "Import price lists, contracts and model aliases; explain a price",
  builder: (yargs) =>
    yargs
      .positional("action", {
        choices: ["import", "aliases", "explain", "list", "remove"] as const,
        demandOption: true,
        describe: "aliases is import for an alias map alone",
      })
      .positional("subject", {
        type: "string",
        describe: "FILE to import, MODEL to explain, NAME of the list to remove",
      })
      .option("workspace", { type: "string", describe: "Workspace directory; explain works without one" })
      .option("as-of", { type: "string", describe: "import: day on which the list held, YYYY-MM-DD" })
      .option("name", { type: "string", describe: "import: name of the list in price_source" })
      .option("provider", {
        type: "string",
        describe: "explain: provider as logged or as price lists name it",
      })
      .option("at", { type: "string", describe: "explain: day or time, UTC; default now" })
      .option("tier", { type: "string", describe: "explain: service tier: flex, priority, ..." })
      .option("batch", { type: "boolean", default: false, describe: "explain: a batch job" })
      .option("tokens", {
        type: "string",
        describe: "explain: tokens to price: input,output[,cached[,written 5m[,written 1h[,reasoning]]]]",
      })
      .option("json", sharedOptions.json)
      .example("$0 prices import model_prices.json --as-of 2026-07-24 --workspace ws", "LiteLLM's price list")
      .example("$0 prices import contract.json --workspace ws", "What you pay by contract")
      .example("$0 prices explain gpt-4o --provider azure --tokens 1000,200,600", "Where a price comes from"),
  handler: async ({ action, subject, workspace, json, name, asOf, ...query }) => {
    if (action === "list") {
      const { lists } = readPriceManifest(priceFolder(openWorkspace(required(workspace, "--workspace DIR"))));
      if (json) printJson(lists);
      else printLists(lists);
    } else if (action === "remove") {
      const removed = removePrices(
        openWorkspace(required(workspace, "--workspace DIR")),
        required(subject, "the NAME of a list"),
      );
      if (json) printJson(removed);
      else printLine(`removed ${removed.map((list) => list.file).join(", ")}`);
    } else if (action === "explain") {
      const folder = workspace === undefined ? null : priceFolder(openWorkspace(workspace));
      const explained = explainPrice(
        openPriceBook({ folder }),
        {
          model: required(subject, "a MODEL"),
          provider: query.provider ?? null,
          createdAt: readMoment(query.at),
          serviceTier: query.tier ?? null,
          isBatch: query.batch,
        },
        query.tokens === undefined ? null : readTokens(query.tokens),
      );
      if (json) printJson(explained);
      else printExplained(explained);
    } else {
      const file = required(subject, "a FILE");
      const imported = importPrices(openOrCreateWorkspace(required(workspace, "--workspace DIR")), file, {
        asOf: asOf ?? null,
        name: name ?? null,
        ...(action === "aliases" && { only: "aliases" as const }),
      });
      if (json) printJson(imported);
      else {
        printImport(imported);
        if (existsSync(join(workspace!, "ingest.manifest.json")))
          printLine(
            "Requests in the workspace keep their old prices until their files are ingested again: signalbox ingest FILES --workspace DIR",
          );
      }
    }
  },
});

function required(value: string | undefined, what: string): string {
  if (value === undefined || value === "") throw new InputError(`prices: name ${what}`);
  return value;
}

function readMoment(text: string | undefined): number {
  const at = text === undefined ? Date.now() : Date.parse(/T/.test(text) ? text : `${text}T00:00:00Z`);
  if (Number.isNaN(at))
    throw new InputError(`--at ${text}: not a time; write 2026-06-01 or 2026-06-01T18:00:00Z`);
  return at * 1000;
}

function readTokens(text: string): TokenUsage {
  const counts = text.split(",").map((part) => (part.trim() === "" ? 0 : Number(part)));
  const [input = 0, output = 0, cached = 0, write5m = 0, write1h = 0, reasoning = 0] = counts;
  const areCounts = counts.length <= 6 && counts.every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!areCounts || cached + write5m + write1h > input || reasoning > output) {
    throw new InputError(
      `--tokens ${text}: write input,output[,cached[,written 5m[,written 1h[,reasoning]]]], each a whole number; cached and written ones are part of the input, reasoning is part of the output`,
    );
  }
  return {
    inputUncached: input - cached - write5m - write1h,
    inputCacheRead: cached,
    inputCacheWrite5m: write5m,
    inputCacheWrite1h: write1h,
    outputText: output - reasoning,
    outputReasoning: reasoning,
    inputAudio: null,
    inputImage: null,
    outputAudio: null,
  };
}

function printImport({ format, list, ignored, isReplaced }: PriceImport): void {
  const counts = [
    ...(list.entries > 0 ? [amount(list.entries, "price")] : []),
    ...(list.aliases > 0 ? [amount(list.aliases, "alias")] : []),
  ];
  printLine(
    `${isReplaced ? "replaced" : "imported"} ${list.name} (${format}${list.version === null ? "" : ` of ${list.version}`}): ${counts.join(", ")}`,
  );
  if (list.kind === "import" && list.version === null)
    printLine(
      "the list has no date; name the day on which it held with --as-of, so that older requests are marked",
    );
  if (ignored.length === 0) return;
  printLine();
  printTable(Object.entries(list.ignored), [
    { title: "not imported", value: ([reason]) => reason },
    { title: "entries", align: "right", value: ([, count]) => String(count) },
    {
      title: "for example",
      value: ([reason]) =>
        ignored
          .filter((entry) => entry.reason === reason)
          .slice(0, 3)
          .map(({ key }) => key)
          .join(", "),
    },
  ]);
}

function amount(count: number, what: "price" | "alias"): string {
  return `${count} ${what}${count === 1 ? "" : what === "alias" ? "es" : "s"}`;
}

function printLists(lists: readonly ImportedList[]): void {
  if (lists.length === 0) {
    printLine("No list was imported: prices are those of genai-prices and our own corrections.");
    return;
  }
  printTable(lists, [
    { title: "list", value: (list) => list.name },
    { title: "kind", value: (list) => list.kind },
    { title: "as of", value: (list) => list.version ?? "" },
    { title: "prices", align: "right", value: (list) => String(list.entries) },
    { title: "aliases", align: "right", value: (list) => String(list.aliases) },
    { title: "file", value: (list) => list.imported_from },
  ]);
}

function printExplained(explained: ExplainedPrice): void {
  for (const step of explained.steps) printLine(step);
  for (const meaning of explained.meaning) printLine(`  ${meaning}`);
  if (explained.rates.length > 0) {
    printLine();
    printRates(explained.rates);
    printLine(validity(explained.rates[0]!));
  }
  for (const [title, rows] of [
    ["before", explained.before],
    ["after", explained.after],
  ] as const) {
    if (rows.length === 0) continue;
    printLine();
    printLine(`${title}: ${validity(rows[0]!)}`);
    printRates(rows);
  }
  if (explained.lists.length > 0) {
    printLine();
    printTable(explained.lists, [
      { title: "list", value: (list) => `${list.is_in_force ? "* " : "  "}${list.price_source}` },
      { title: "model", value: (list) => list.model_key },
      { title: "version", value: (list) => list.list_version ?? "" },
      { title: "input", align: "right", value: (list) => rate(list.input_usd_per_mtok) },
      { title: "output", align: "right", value: (list) => rate(list.output_usd_per_mtok) },
      { title: "difference", align: "right", value: (list) => percent(list.difference, 2) },
    ]);
  }
  if (explained.price !== null) {
    printLine();
    const { usd: cost, priceSource } = explained.price;
    printLine(
      cost === null
        ? `price of these tokens: unknown (${priceSource})`
        : `price of these tokens: ${usd(cost)}`,
    );
  }
}

function printRates(rows: readonly RateRow[]): void {
  const column = (title: string, value: (row: RateRow) => number | null) =>
    rows.some((row) => value(row) !== null)
      ? [{ title, align: "right" as const, value: (row: RateRow) => rate(value(row)) }]
      : [];
  printTable(rows, [
    {
      title: "USD per million tokens, input total",
      value: ({ min_input_tokens: min, max_input_tokens: max }) =>
        max === null
          ? `${min.toLocaleString("en-US")} tokens and more`
          : `up to ${max.toLocaleString("en-US")} tokens`,
    },
    ...column("input", (row) => row.input_usd_per_mtok),
    ...column("cached", (row) => row.cache_read_usd_per_mtok),
    ...column("write 5m", (row) => row.cache_write_5m_usd_per_mtok),
    ...column("write 1h", (row) => row.cache_write_1h_usd_per_mtok),
    ...column("output", (row) => row.output_usd_per_mtok),
    ...column("reasoning", (row) => row.reasoning_usd_per_mtok),
    ...column("audio in", (row) => row.input_audio_usd_per_mtok),
    ...column("image in", (row) => row.input_image_usd_per_mtok),
    ...column("audio out", (row) => row.output_audio_usd_per_mtok),
    ...column("image out", (row) => row.output_image_usd_per_mtok),
  ]);
  const { per_request_usd: fee, per_web_search_usd: search } = rows[0]!;
  if (fee > 0) printLine(`${usd(fee)} for every request`);
  if (search !== null) printLine(`${usd(search)} for every search that the provider makes`);
}

function rate(value: number | null): string {
  return value === null ? "" : String(Number(value.toPrecision(10)));
}

function validity({
  valid_from: from,
  valid_to: to,
  service_tier: tier,
  price_source: source,
}: RateRow): string {
  const time = (at: number) => new Date(at / 1000).toISOString().slice(0, 16).replace("T00:00", "");
  const since = from === null ? "" : ` from ${time(from)}`;
  const until = to === null ? (from === null ? ", no change known" : ", still valid") : ` until ${time(to)}`;
  return `${tier}, ${source}${since}${until}`;
}
