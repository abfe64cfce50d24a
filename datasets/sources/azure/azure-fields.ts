import { asRecord, parseEmbedded } from "../json-access.js";

/** The fields of an Azure log record by small-letter name, whichever way it was exported: the resource's own table (PromptTokens), the
 * AzureDiagnostics table (promptTokens_d), the portal's CSV ("TimeGenerated [UTC]"), or a diagnostic setting's records ({category, properties: {promptTokens}}, properties
 * maybe as text). Empty values are left out; what is nested doesn't replace what stands outside.
 * @returns null when the value is no object */
export function azureFields(value: unknown): ReadonlyMap<string, unknown> | null {
  const record = asRecord(value);
  if (record === null) return null;
  const fields = new Map<string, unknown>();
  const nested = asRecord(parseEmbedded(record.properties ?? record.properties_s ?? record.Properties));
  for (const source of [record, nested]) {
    for (const [name, field] of Object.entries(source ?? {})) {
      const plain = name.replace(/_[sdbtg]$| \[UTC\]$/, "").toLowerCase();
      if (field !== null && field !== undefined && field !== "" && !fields.has(plain))
        fields.set(plain, field);
    }
  }
  return fields;
}
