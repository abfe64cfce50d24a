import type { Badge, Cell, Table } from "./content.js";
import { escapeHtml } from "./escape-html.js";
import { sortKey } from "./sort-key.js";

/** A table as HTML: a region that scrolls by itself when it must, a row header in each row, and on number cells the key
 * that sort-tables.js sorts by. Whole without JavaScript; the headers become buttons with it. */
export function renderTable({ caption, columns, rows, notes, isFolded }: Table): string {
  const classOf = (i: number) => (columns[i]?.isNumber ? ' class="number"' : "");
  const keyOf = (i: number, cell: Cell) => (columns[i]?.isNumber ? sortAttribute(cell) : "");
  const head = columns
    .map(({ title }, i) => `<th scope="col"${classOf(i)}>${escapeHtml(title)}</th>`)
    .join("");
  const body = rows
    .map(([first = "", ...rest]) => {
      const others = rest
        .map((cell, i) => `<td${classOf(i + 1)}${keyOf(i + 1, cell)}>${renderCell(cell)}</td>`)
        .join("");
      return `<tr><th scope="row"${classOf(0)}${keyOf(0, first)}>${renderCell(first)}</th>${others}</tr>`;
    })
    .join("\n");
  const label = `role="region" aria-label="${escapeHtml(caption)}" tabindex="0"`;
  return `<div class="table" ${label}><table><caption${isFolded ? ' class="hidden"' : ""}><span>${escapeHtml(caption)}</span></caption>
<thead><tr>${head}</tr></thead>
<tbody>${body}</tbody></table></div>${renderNotes(notes)}`;
}

/** Small print; more than two lines of it are closed until asked for. */
function renderNotes(notes: readonly string[]): string {
  const lines = notes.map((text) => `<p class="note">${escapeHtml(text)}</p>`).join("");
  return notes.length > mostNotes
    ? `<details class="notes"><summary>Method and notes</summary>${lines}</details>`
    : lines;
}

const mostNotes = 2;

function sortAttribute(cell: Cell): string {
  const key = sortKey(typeof cell === "string" ? cell : cell.text);
  return key === null ? "" : ` data-sort="${key}"`;
}

function renderCell(cell: Cell): string {
  if (typeof cell === "string") return escapeHtml(cell);
  const detail = cell.detail
    ? `<small${cell.detail.length > longDetail ? ' class="long"' : ""}>${escapeHtml(cell.detail)}</small>`
    : "";
  return `${escapeHtml(cell.text)}${cell.badge ? renderBadge(cell.badge) : ""}${detail}`;
}

/** Characters of small print that an interval doesn't have: such words wrap, an interval stays on one line. */
const longDetail = 42;

function renderBadge({ text, tone }: Badge): string {
  return ` <span class="badge ${tone}">${escapeHtml(text)}</span>`;
}
