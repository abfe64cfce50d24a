import { existsSync, statSync } from "node:fs";
import { InputError } from "../errors.js";
import { readRecords } from "../reader/read-records.js";
import { asRecord } from "../sources/json-access.js";
import type { BillPeriod, BillRow, Vendor } from "./bill-row.js";
import { invoiceReaders } from "./index.js";
import type { InvoiceReader } from "./invoice-reader.js";

/** What one file says. */
export interface Bill {
  path: string;
  /** Formats found in it; one, but for a file that several answers were saved to. */
  readers: string[];
  vendors: Vendor[];
  /** Records of the file: rows of CSV, pages or elements of JSON. */
  records: number;
  rows: BillRow[];
  /** Every period that the file speaks of, those in which nothing was billed too. */
  periods: Array<BillPeriod & { vendor: Vendor; reader: string }>;
  unread: Array<{ line: number; reason: string }>;
  notes: string[];
}

/** Read a vendor's bill or usage export: CSV or JSON, plain or compressed, recognised by its fields and never by its name.
 * @throws {InputError} if there is no such file, or nothing in it is a bill that we know */
export async function readBill(path: string): Promise<Bill> {
  if (!existsSync(path) || statSync(path).isDirectory())
    throw new InputError(`${path}: no such file; name the vendor's exports, one or more files`);
  const bill: Bill = {
    path,
    readers: [],
    vendors: [],
    records: 0,
    rows: [],
    periods: [],
    unread: [],
    notes: [],
  };
  let last: InvoiceReader | null = null;
  let firstFields: string[] | null = null;
  for await (const batch of readRecords(path)) {
    for (const { line, value, problem } of batch) {
      bill.records += 1;
      const record = asRecord(value);
      if (record === null) {
        bill.unread.push({ line, reason: problem ? `${problem.reason}: ${problem.detail}` : "not a record" });
        continue;
      }
      firstFields ??= Object.keys(record);
      const reader: InvoiceReader | null =
        invoiceReaders.find((candidate) => candidate.recognises(record)) ?? last;
      if (reader === null) bill.unread.push({ line, reason: "not of a known format" });
      else takeRecord(bill, reader, record, line);
      last = reader;
    }
  }
  if (bill.readers.length === 0) {
    const seen =
      firstFields === null
        ? (bill.unread[0]?.reason ?? "no record in it")
        : `its first record has the fields ${firstFields.slice(0, 8).join(", ")}`;
    throw new InputError(
      `${path}: not a bill of a known format (${seen}); docs/reconcile.md names the exports that are read and how to get them`,
    );
  }
  return bill;
}

function takeRecord(bill: Bill, reader: InvoiceReader, record: Record<string, unknown>, line: number): void {
  if (!bill.readers.includes(reader.name)) bill.readers.push(reader.name);
  if (!bill.vendors.includes(reader.vendor)) bill.vendors.push(reader.vendor);
  const place = { vendor: reader.vendor, reader: reader.name };
  for (const entry of reader.read(record)) {
    if ("unread" in entry) bill.unread.push({ line, reason: entry.unread });
    else if ("note" in entry) bill.notes.push(entry.note);
    else {
      bill.periods.push({ ...entry.period, ...place });
      for (const billLine of entry.lines)
        bill.rows.push({ ...billLine, ...entry.period, ...place, file: bill.path, line });
    }
  }
}
