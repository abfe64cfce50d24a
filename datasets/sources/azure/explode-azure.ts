import { asArray, asRecord, asRecords, asText, type JsonRecord } from "../json-access.js";

/** The log records inside one document as Azure hands them over: a query's answer ({tables: [{columns, rows}]}), a batch of an event hub
 * ({records: [...]} or a list), or the record itself. */
export function explodeAzure(line: unknown): unknown[] {
  const batch = asArray(line);
  if (batch !== null && batch.length > 0) return batch;
  const record = asRecord(line);
  if (record === null) return [line];
  const tables = asRecords(record.tables).flatMap(tableRows);
  if (tables.length > 0) return tables;
  const records = asArray(record.records);
  return records !== null && records.length > 0 ? records : [line];
}

/** The first record inside such a document, without making all of them. */
export function firstAzureRecord(line: unknown): unknown {
  const table = asRecords(asRecord(line)?.tables).find(({ rows }) => (asArray(rows)?.length ?? 0) > 0);
  if (table === undefined) return explodeAzure(line)[0];
  return tableRows({ columns: table.columns, rows: (asArray(table.rows) ?? []).slice(0, 1) })[0];
}

function tableRows(table: JsonRecord): JsonRecord[] {
  const names = asRecords(table.columns).map((column) => asText(column.name));
  return (asArray(table.rows) ?? []).map((row) => {
    const cells = asArray(row) ?? [];
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? null]));
  });
}
