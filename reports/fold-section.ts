import type { Block, Section, Table } from "./content.js";

/** A section that can be read at a glance: its first tables stay open as long as they fit in eight rows, the others and long runs
 * of small print are closed until asked for. Nothing is left out; print and Markdown show all of it. */
export function foldSection(section: Section): Section {
  let left = mostRows;
  const fold = (table: Table): Table => {
    const staysOpen = !table.isFolded && table.rows.length <= left;
    if (staysOpen) left -= table.rows.length;
    return { ...table, isFolded: !staysOpen };
  };
  const blocks = section.blocks.map((block): Block => {
    if (block.kind === "table") return fold(block);
    return block.kind === "chart" ? { ...block, table: fold(block.table) } : block;
  });
  return { ...section, blocks: foldNotes(blocks) };
}

const mostRows = 8;
const mostNotes = 2;

/** Small print that follows on small print, from the third line on worth a fold. */
function foldNotes(blocks: readonly Block[]): Block[] {
  const folded: Block[] = [];
  for (let i = 0; i < blocks.length; ) {
    let end = i;
    while (end < blocks.length && isNote(blocks[end]!)) end++;
    const run = blocks.slice(i, end);
    if (run.length > mostNotes) folded.push({ kind: "fold", title: "Method and limits", blocks: run });
    else folded.push(...run);
    if (end < blocks.length) folded.push(blocks[end]!);
    i = end + 1;
  }
  return folded;
}

function isNote(block: Block): boolean {
  return block.kind === "paragraph" && block.isNote === true;
}
