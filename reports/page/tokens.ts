import type { AuditResult } from "../../datasets/results.js";
import { tokenAnatomyChart } from "../charts/token-anatomy.js";
import type { Block, Section, Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatShare, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";

/** Which kinds of tokens the money went to. */
export function tokensSection({ audit }: ReportDocuments): Section {
  return {
    id: "tokens",
    title: "Where the tokens went",
    blocks: audit
      ? [
          {
            kind: "paragraph",
            text: "Providers charge each kind of token differently: cached input costs a fraction of fresh input, and hidden reasoning is billed as output although nobody reads it.",
          },
          ...anatomy(audit.tokens),
          ...(audit.prompt_cache.length > 0 ? [promptCache(audit)] : []),
          ...(audit.input_sizes.length > 0 ? [promptSizes(audit)] : []),
        ]
      : [missingStage("Tokens have not been counted yet.", "signalbox audit --workspace DIR")],
  };
}

function anatomy(tokens: AuditResult["tokens"]): Block[] {
  const total = tokens.reduce((sum, row) => sum + row.tokens, 0);
  return chartBlocks(
    {
      id: "chart-token-anatomy",
      title: "Tokens by kind",
      description: `${formatCount(total)} tokens in all. The kinds don't overlap.`,
      spec: tokenAnatomyChart(tokens),
    },
    tableBlock({
      caption: "Tokens by kind",
      rows: tokens,
      columns: [
        { title: "Kind", cell: (row) => visibleText(row.kind) },
        { title: "Tokens", isNumber: true, cell: (row) => formatCount(row.tokens) },
        { title: "Share", isNumber: true, cell: (row) => formatShare(total > 0 ? row.tokens / total : null) },
      ],
    }),
    "The logs hold no token counts, so there is nothing to draw.",
  );
}

function promptCache({ prompt_cache }: AuditResult): Table {
  const shareOfInput = (tokens: number, input: number) => formatShare(input > 0 ? tokens / input : null);
  return tableBlock({
    caption: "Use of the providers' prompt caches",
    rows: prompt_cache,
    columns: [
      { title: "Model", cell: (row) => visibleText(row.model) },
      { title: "Input tokens", isNumber: true, cell: (row) => formatCount(row.input_tokens) },
      { title: "Read", isNumber: true, cell: (row) => shareOfInput(row.read_tokens, row.input_tokens) },
      {
        title: "Written for 5 min",
        isNumber: true,
        cell: (row) => shareOfInput(row.write_5m_tokens, row.input_tokens),
      },
      {
        title: "Written for 1 h",
        isNumber: true,
        cell: (row) => shareOfInput(row.write_1h_tokens, row.input_tokens),
      },
      {
        title: "Calls with reads",
        isNumber: true,
        cell: (row) => shareOfInput(row.requests_with_reads, row.requests),
      },
    ],
    notes: [
      "Shares are of the model's input, the last one of its calls. Writing costs more than fresh input, reading a fraction of it.",
    ],
  });
}

function promptSizes({ input_sizes, billed }: AuditResult): Table {
  return tableBlock({
    caption: "Calls by size of the prompt",
    rows: input_sizes.map((row, i) => ({ ...row, to_tokens: input_sizes[i + 1]?.from_tokens ?? null })),
    columns: [
      {
        title: "Input tokens",
        cell: ({ from_tokens: from, to_tokens: to }) =>
          to === null ? `${formatCount(from)} and more` : `${formatCount(from)} to below ${formatCount(to)}`,
      },
      { title: "Calls", isNumber: true, cell: (row) => formatCount(row.requests) },
      { title: "Billed", isNumber: true, cell: (row) => formatUsd(row.usd) },
      {
        title: "Share",
        isNumber: true,
        cell: (row) => formatShare(billed.usd > 0 ? row.usd / billed.usd : null),
      },
    ],
    notes: ["Some models charge more per token above 200,000 or 272,000 tokens of input."],
  });
}
