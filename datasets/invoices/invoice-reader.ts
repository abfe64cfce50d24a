import type { JsonRecord } from "../sources/json-access.js";
import type { BillLine, BillPeriod, Vendor } from "./bill-row.js";

/** What a record of a bill says: the lines of one period (none for an empty bucket), or why it can't be read. */
export type BillEntry =
  | { period: BillPeriod; lines: BillLine[] }
  | { unread: string }
  /** Not about money or tokens: a total line, a remark. */
  | { note: string };

/** One format of bill. Pure: it gets parsed records (a CSV row by its column names, a JSON page, a bucket of one) and never
 * looks at file names. */
export interface InvoiceReader {
  /** Short name, shown beside every file: openai-costs-csv, ... */
  readonly name: string;
  /** One line for people: whose file it is and what is in it. */
  readonly title: string;
  readonly vendor: Vendor;
  /** Whether its money is computed (price times amount) rather than charged: it gives way to a statement of charges. */
  readonly isDerivedCost?: boolean;
  /** Whether a record is of this format, by the names of its fields. */
  recognises(record: JsonRecord): boolean;
  /** Everything in the record, in order. */
  read(record: JsonRecord): BillEntry[];
}
