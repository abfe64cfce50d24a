import type { Workspace } from "../datasets/workspace.js";
import { focusRows } from "../pipelines/focus/focus-rows.js";
import { focusCsv } from "../reports/formats/focus-csv.js";
import { placeholder } from "../reports/prepare-report.js";
import { replaceNames } from "../reports/redact/replace-names.js";

/** A workspace's spend as FOCUS-shaped CSV; redacted, API keys are placeholders and owners in model ids are hidden. */
export async function focusText(workspace: Workspace, isRedacted: boolean): Promise<string> {
  const rows = await focusRows(workspace);
  if (!isRedacted) return focusCsv(rows);
  return focusCsv(
    rows.map((row) => ({
      ...row,
      ChargeDescription: hideOwner(row.ChargeDescription),
      SkuId: hideOwner(row.SkuId),
      SkuPriceDetails: hideOwner(row.SkuPriceDetails),
      SkuPriceId: row.SkuPriceId === null ? null : hideOwner(row.SkuPriceId),
      SubAccountId: row.SubAccountId === null ? null : placeholder(workspace, "key", row.SubAccountId),
    })),
  );
}

function hideOwner(text: string): string {
  return replaceNames(text, new Map());
}
