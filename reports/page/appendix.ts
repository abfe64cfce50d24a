import type { StageManifest } from "../../datasets/workspace.js";
import type { Block, Section, Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatBytes, formatCount, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { tableBlock } from "./table-block.js";

/** Everything needed to check or repeat the report: words, prices, stages, hashes. */
export function appendixSection(documents: ReportDocuments): Section {
  const { audit, ingest, manifests } = documents;
  return {
    id: "appendix",
    title: "Appendix: method, prices, provenance",
    blocks: [
      glossary,
      ...(audit && audit.price_sources.length > 0 ? [priceTable(audit.price_sources)] : []),
      ...router(documents),
      ...(manifests.length > 0 ? [stageTable(manifests)] : []),
      ...(ingest && ingest.files.length > 0 ? [hashTable("Hashes of the log files", ingest.files)] : []),
      ...manifests
        .filter(({ stage, inputs }) => stage !== "ingest" && inputs.length > 0)
        .map(({ stage, inputs }) => hashTable(`Inputs of ${visibleText(stage)}`, inputs)),
    ],
  };
}

const terms: ReadonlyArray<readonly [string, string]> = [
  [
    "Call, attempt",
    "The same thing: one try at a model. Request: what an app asked for; retried, it is several calls.",
  ],
  [
    "Billed",
    "The cost that the log reports; the list price at the call's date where it reports none. An unknown price is counted, never taken as zero.",
  ],
  ["Strong model", "The candidate with the highest measured quality; the reference, and where doubt goes."],
  ["Quality kept", "Mean quality of the routed answers over mean quality of the strong model's answers."],
  [
    "95 % interval",
    "A range that would hold the true value in 95 of 100 repetitions. Calls of one session are not independent, so intervals are clustered by session.",
  ],
  [
    "Cost-matched random",
    "Choosing at random with the router's own mix of models: what the same money buys without a router.",
  ],
  [
    "Saving",
    "One minus the strategy's cost over the baseline's cost on the same calls. Negative when the strategy costs more.",
  ],
  ["Certified", "The lower confidence bound keeps the promise, not only the best guess."],
];

const glossary: Table = tableBlock({
  caption: "Words used in this report",
  rows: terms,
  columns: [
    { title: "Word", cell: ([word]) => word },
    { title: "Meaning", cell: ([, meaning]) => meaning },
  ],
});

function priceTable(rows: ReadonlyArray<{ price_source: string; requests: number; usd: number }>): Table {
  return tableBlock({
    caption: "Where the prices come from",
    rows,
    columns: [
      { title: "Source", cell: (row) => visibleText(row.price_source, 120) },
      { title: "Calls", isNumber: true, cell: (row) => formatCount(row.requests) },
      {
        title: "Billed",
        isNumber: true,
        cell: (row) =>
          /^no price|^unknown|^missing/.test(row.price_source) ? "unknown" : formatUsd(row.usd),
      },
    ],
  });
}

function router({ model, simulate }: ReportDocuments): Block[] {
  const id = simulate?.artifact_id ?? model?.artifact_id;
  if (!id) return [];
  const path = model?.artifact_path;
  return [
    {
      kind: "paragraph",
      text: [
        "Router: ",
        { code: visibleText(id) },
        ...(path ? [" in ", { code: visibleText(path, 200) }] : []),
      ],
    },
  ];
}

function stageTable(manifests: readonly StageManifest[]): Table {
  const list = (record: Record<string, string | number>) =>
    Object.entries(record)
      .map(
        ([key, value]) =>
          `${visibleText(key)} ${typeof value === "number" ? formatCount(value) : visibleText(value)}`,
      )
      .join(", ");
  return tableBlock({
    caption: "Stages that made these numbers",
    rows: manifests,
    columns: [
      {
        title: "Stage",
        cell: (row) => ({
          text: visibleText(row.stage),
          detail: row.notes.map((text) => visibleText(text, 200)).join(" "),
        }),
      },
      { title: "Completed (UTC)", cell: (row) => visibleText(row.completed_at) },
      { title: "Rows", cell: (row) => list(row.rows) },
      { title: "Seed", isNumber: true, cell: (row) => (row.seed === null ? "none" : String(row.seed)) },
      { title: "Versions", cell: (row) => list(row.versions) },
    ],
  });
}

function hashTable(
  caption: string,
  files: ReadonlyArray<{ path: string; sha256: string; bytes: number }>,
): Table {
  return tableBlock({
    caption,
    rows: files,
    columns: [
      { title: "File", cell: (row) => visibleText(row.path, 120) },
      { title: "Size", isNumber: true, cell: (row) => formatBytes(row.bytes) },
      { title: "SHA-256", cell: (row) => visibleText(row.sha256) },
    ],
    isFolded: true,
    limit: 50,
  });
}
