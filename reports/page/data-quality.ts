import type { IngestResult } from "../../datasets/results.js";
import type { Block, Section } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatCountOf, formatShare } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";

/** What was read and what became of every line, and how much of it has a price. */
export function dataQualitySection({ ingest, audit }: ReportDocuments): Section {
  return {
    id: "data-quality",
    title: "What was read",
    blocks: ingest
      ? [...lines(ingest), ...(audit ? [pricedShare(audit.billed)] : []), ...details(ingest)]
      : [missingStage("No log has been read yet.", "signalbox ingest FILES --workspace DIR")],
  };
}

function lines({ totals, files }: IngestResult): Block[] {
  const { read, accepted, quarantined, duplicates, skipped } = totals;
  const isExplained = read === accepted + quarantined + duplicates + skipped;
  return [
    {
      kind: "figures",
      items: [
        {
          label: "Records read",
          value: formatCount(read),
          details: [`in ${formatCountOf(files.length, "file")}`],
        },
        {
          label: "Accepted",
          value: formatCount(accepted),
          details: [`${formatShare(read > 0 ? accepted / read : null)} of what was read`],
        },
        {
          label: "Quarantined",
          value: formatCount(quarantined),
          details: ["could not be used; kept with a reason"],
        },
        {
          label: "Duplicates",
          value: formatCount(duplicates),
          details: ["logged more than once; counted once"],
        },
        { label: "Skipped", value: formatCount(skipped), details: ["not a model call"] },
      ],
    },
    isExplained
      ? {
          kind: "paragraph",
          isNote: true,
          text: `Every record is accounted for: ${formatCount(read)} read = ${formatCount(accepted)} accepted + ${formatCount(quarantined)} quarantined + ${formatCount(duplicates)} duplicates + ${formatCount(skipped)} skipped.`,
        }
      : {
          kind: "notice",
          tone: "bad",
          title: "Records are unaccounted for",
          text: `${formatCount(read)} were read, but accepted, quarantined, duplicates and skipped add up to ${formatCount(accepted + quarantined + duplicates + skipped)}. The totals below can't be trusted.`,
        },
  ];
}

function pricedShare({
  priced_requests,
  unpriced_requests,
}: {
  priced_requests: number;
  unpriced_requests: number;
}): Block {
  const all = priced_requests + unpriced_requests;
  return {
    kind: "paragraph",
    text: [
      { strong: formatShare(all > 0 ? priced_requests / all : null) },
      ` of ${formatCountOf(all, "call")} have a known price.`,
      unpriced_requests > 0
        ? ` ${formatCount(unpriced_requests)} have none and are left out of every total.`
        : "",
    ],
  };
}

function details(ingest: IngestResult): Block[] {
  return [
    tableBlock({
      caption: "Files",
      rows: ingest.files,
      columns: [
        {
          title: "File",
          cell: (row) => ({
            text: visibleText(row.path, 120),
            detail: row.reused ? "read before; its rows were kept" : undefined,
          }),
        },
        {
          title: "Format",
          cell: (row) => (row.source === null ? "not recognised" : visibleText(row.source)),
        },
        { title: "Read", isNumber: true, cell: (row) => formatCount(row.read) },
        { title: "Accepted", isNumber: true, cell: (row) => formatCount(row.accepted) },
        { title: "Quarantined", isNumber: true, cell: (row) => formatCount(row.quarantined) },
        { title: "Duplicates", isNumber: true, cell: (row) => formatCount(row.duplicates) },
        { title: "Skipped", isNumber: true, cell: (row) => formatCount(row.skipped) },
      ],
      notes: [contentNote(ingest.content)],
    }),
    ...(ingest.reasons.length > 0 ? [reasonTable(ingest)] : []),
    ...(ingest.ignored_files && ingest.ignored_files.length > 0 ? [ignoredTable(ingest.ignored_files)] : []),
    ...(ingest.unpriced_models.length > 0 ? [unpricedTable(ingest)] : []),
  ];
}

function contentNote(content: string): string {
  const meanings: Readonly<Record<string, string>> = {
    none: "No prompt or answer text was kept.",
    hash: "Prompts and answers were kept as salted hashes only.",
    redacted: "Secrets and personal data in prompts and answers were replaced by placeholders.",
    full: "Prompts and answers were kept as they are.",
  };
  return meanings[content] ?? `Content setting: ${visibleText(content)}.`;
}

function reasonTable({ reasons }: IngestResult): Block {
  return tableBlock({
    caption: "Records that did not become calls, by reason",
    rows: reasons,
    columns: [
      { title: "Reason", cell: (row) => visibleText(row.reason) },
      { title: "What happened", cell: (row) => visibleText(row.disposition) },
      { title: "Records", isNumber: true, cell: (row) => formatCount(row.count) },
      { title: "Example", cell: (row) => visibleText(row.example, 140) },
    ],
  });
}

function unpricedTable({ unpriced_models }: IngestResult): Block {
  return tableBlock({
    caption: "Models without a known price",
    rows: unpriced_models,
    columns: [
      { title: "Model", cell: (row) => visibleText(row.model) },
      { title: "Provider", cell: (row) => (row.provider === null ? "not said" : visibleText(row.provider)) },
      { title: "Calls", isNumber: true, cell: (row) => formatCount(row.requests) },
      { title: "Tokens", isNumber: true, cell: (row) => formatCount(row.tokens) },
    ],
  });
}

function ignoredTable(files: NonNullable<IngestResult["ignored_files"]>): Block {
  return tableBlock({
    caption: "Files that were not read",
    rows: files,
    columns: [
      { title: "File", cell: (row) => visibleText(row.path, 120) },
      { title: "Why", cell: (row) => visibleText(row.why, 160) },
    ],
    isFolded: true,
  });
}
