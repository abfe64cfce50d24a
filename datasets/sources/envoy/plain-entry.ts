import { asRecord, type JsonRecord, parseEmbedded } from "../json-access.js";

/** An access log's entry under plain keys: small letters, digits and underscores. Envoy prints "-" for what it doesn't know where the format makes
 * texts of everything. Higress keeps what it knows of the model as JSON text under one key.
 * @returns null when the value is no object */
export function plainEntry(value: unknown): JsonRecord | null {
  const record = asRecord(value);
  if (record === null) return null;
  const entries = [
    ...Object.entries(record),
    ...Object.entries(asRecord(parseEmbedded(record.ai_log)) ?? {}),
  ];
  return Object.fromEntries(
    entries.map(([name, field]) => [
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "_")
        .replace(/^_/, ""),
      field === "-" ? null : field,
    ]),
  );
}
