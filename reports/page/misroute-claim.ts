import type { MisrouteClaim, MisrouteFigures } from "../../datasets/misroutes-result.js";
import type { Table } from "../content.js";
import { formatShare } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { estimateCell } from "./estimate-text.js";
import { tableBlock } from "./table-block.js";

/** A published audit beside this one, marked as a claim. */
export function misrouteClaimTable(
  claim: MisrouteClaim,
  { wrong, overkill_of_wrong }: MisrouteFigures,
): Table {
  return tableBlock({
    caption: "What a published audit claims",
    rows: [
      { name: "this log", isClaim: false },
      { name: claim.label, isClaim: true },
    ],
    columns: [
      {
        title: "Audit",
        cell: ({ name, isClaim }) =>
          isClaim
            ? { text: visibleText(name, 120), badge: { text: "published claim", tone: "caution" } }
            : name,
      },
      {
        title: "On the wrong model",
        isNumber: true,
        cell: ({ isClaim }) => (isClaim ? formatShare(claim.wrong) : estimateCell(wrong, formatShare)),
      },
      {
        title: "Of these, overkill",
        isNumber: true,
        cell: ({ isClaim }) =>
          isClaim
            ? { text: formatShare(claim.overkill), detail: "if read as a share of the wrong calls" }
            : estimateCell(overkill_of_wrong, formatShare),
      },
    ],
    notes: [
      visibleText(claim.note, 400),
      `It enters no computation here. Source: ${visibleText(claim.source, 200)}.`,
    ],
  });
}
