import type { AuditResult } from "../../datasets/results.js";
import type { Block, Section } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatCountOf, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { evidenceBadge } from "./estimate-text.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";

/** Money that can be saved without any router. */
export function wasteSection({ audit }: ReportDocuments): Section {
  const id = "waste";
  const title = "Waste without any routing";
  if (!audit)
    return {
      id,
      title,
      blocks: [missingStage("Waste has not been looked for yet.", "signalbox audit --workspace DIR")],
    };
  if (audit.waste.length === 0) {
    return {
      id,
      title,
      blocks: [{ kind: "paragraph", text: "No failed, repeated or cut-off calls were found in the logs." }],
    };
  }
  return {
    id,
    title,
    blocks: [
      {
        kind: "paragraph",
        text: "These calls cost money that no router is needed to save. The kinds overlap, so their amounts must not be added up.",
      },
      ...attempts(audit),
      tableBlock({
        caption: "Waste by kind",
        rows: audit.waste,
        columns: [
          {
            title: "Kind",
            cell: (row) => ({ text: visibleText(row.kind), detail: visibleText(row.note, 300) }),
          },
          { title: "Calls", isNumber: true, cell: (row) => formatCount(row.requests) },
          { title: "Cost", isNumber: true, cell: (row) => formatUsd(row.usd) },
          { title: "Evidence", cell: (row) => ({ text: "", badge: evidenceBadge(row.evidence) }) },
        ],
      }),
    ],
  };
}

function attempts({ attempts: { retried_requests, retries, fallbacks, ...rest } }: AuditResult): Block[] {
  if (retried_requests === 0) return [];
  const recovered = `${formatCount(rest.recovered_requests)} of them succeeded in the end`;
  const text = `${formatCountOf(retried_requests, "request")} took more than one attempt: ${formatCount(retries)} retries of the same model, ${formatCount(fallbacks)} fallbacks to another one. ${recovered}. The attempts before the last cost ${formatUsd(rest.usd_superseded)}.`;
  return [{ kind: "paragraph", text }];
}
