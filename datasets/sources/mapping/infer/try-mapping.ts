import { validateDraft } from "../../validate-draft.js";
import type { Mapping } from "../mapping.js";
import { mappingSource } from "../mapping-source.js";

/** What a mapping makes of some lines. */
export interface MappingTrial {
  lines: number;
  records: number;
  rows: number;
  not_rows: Array<{ disposition: string; reason: string; count: number; example: string }>;
}

/** Run a mapping over parsed lines and count what becomes of them. */
export function tryMapping(mapping: Mapping, lines: readonly unknown[]): MappingTrial {
  const source = mappingSource(mapping);
  const trial: MappingTrial = { lines: lines.length, records: 0, rows: 0, not_rows: [] };
  const reject = (disposition: string, reason: string, detail: string) => {
    const known = trial.not_rows.find(
      (entry) => entry.disposition === disposition && entry.reason === reason,
    );
    if (known) known.count += 1;
    else trial.not_rows.push({ disposition, reason, count: 1, example: detail });
  };
  for (const record of lines.flatMap((line) => source.explode?.(line) ?? [line])) {
    trial.records += 1;
    const mapped = source.map(record);
    if (mapped.kind !== "row") {
      reject(mapped.kind, mapped.reason, mapped.detail);
      continue;
    }
    const unfit = validateDraft(mapped.draft, { nowUs: Date.now() * 1000 });
    if (unfit) reject("quarantined", unfit.reason, unfit.detail);
    else trial.rows += 1;
  }
  return trial;
}
