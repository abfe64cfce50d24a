import type { Block, Cell, Content, Table } from "../content.js";
import { sortKey } from "../sort-key.js";
import { type CsvValue, csvText } from "./csv-text.js";

/** Every table of a report as a CSV file, those behind charts included, named by section and caption in the order of the
 * page: `spend--spend-by-model.csv`. A column is what the page shows; beside a number stands the same as a plain number
 * (`Billed (number)`: shares in per cent, times in ms, sizes in bytes), and beside a cell with small print that
 * (`Saving (detail)`). Digits that the page doesn't show are in the JSON. */
export function tableFiles({ sections }: Content): Array<{ name: string; text: string }> {
  const taken = new Map<string, number>();
  return sections.flatMap(({ id, blocks }) =>
    blocks.flatMap(tablesOf).map((table) => {
      const name = `${id}--${slug(table.caption)}`;
      const times = (taken.get(name) ?? 0) + 1;
      taken.set(name, times);
      return { name: `${name}${times === 1 ? "" : `-${times}`}.csv`, text: tableText(table) };
    }),
  );
}

function tablesOf(block: Block): Table[] {
  if (block.kind === "table") return [block];
  if (block.kind === "fold") return block.blocks.flatMap(tablesOf);
  return block.kind === "chart" || block.kind === "what-if" ? [block.table] : [];
}

function slug(caption: string): string {
  const words = caption.toLowerCase().match(/[a-z0-9]+/g) ?? ["table"];
  return words.join("-").slice(0, 60);
}

function tableText({ columns, rows }: Table): string {
  const parts = columns.flatMap(({ title, isNumber }, i) => [
    { title, read: (row: readonly Cell[]): CsvValue => shown(row[i] ?? "") },
    ...(isNumber
      ? [
          {
            title: `${title} (number)`,
            read: (row: readonly Cell[]): CsvValue => sortKey(shown(row[i] ?? "")),
          },
        ]
      : []),
    ...(rows.some((row) => detail(row[i] ?? ""))
      ? [{ title: `${title} (detail)`, read: (row: readonly Cell[]): CsvValue => detail(row[i] ?? "") }]
      : []),
  ]);
  return csvText(
    parts.map(({ title }) => title),
    rows.map((row) => parts.map(({ read }) => read(row))),
  );
}

function shown(cell: Cell): string {
  if (typeof cell === "string") return cell;
  return cell.badge ? [cell.text, cell.badge.text].filter((text) => text !== "").join(", ") : cell.text;
}

function detail(cell: Cell): string | undefined {
  return typeof cell === "string" ? undefined : cell.detail;
}
