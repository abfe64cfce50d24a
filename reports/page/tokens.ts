import type { AuditResult } from "../../datasets/results.js";
import { tokenAnatomyChart } from "../charts/token-anatomy.js";
import type { Block, Section } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatShare } from "../format-numbers.js";
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
