import type { Block, Cell, CodeBlock, Content, Figure, Notice, Section, Table, Text } from "./content.js";
import { groupByPart } from "./group-by-part.js";

/** A report as GitHub-flavoured Markdown, with the numbers of each chart in place of its picture. Text from data is
 * escaped, so that a name can't become a link, an image, HTML or a table border. */
export function renderMarkdown(content: Content): string {
  const sections = content.sections.map(
    ({ title, blocks }) => `## ${escapeMarkdown(title)}\n\n${blocks.map(renderBlock).join("\n\n")}`,
  );
  return `# ${escapeMarkdown(content.title)}

${escapeMarkdown(content.subtitle)}

${renderContents(content.sections)}

${sections.join("\n\n")}

---

Made by Signalbox from a workspace complete at ${escapeMarkdown(content.generatedAt)}.
`;
}

/** Escape text so that Markdown shows it as it is, on one line. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/[\\`*[\]|~>!#{}]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/:\/\//g, "\\://")
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}\\.`)
    .replace(/@/g, "\\@")
    .replace(/^([-+=]|\d+[.)](?=\s|$))/, (start) => `${start.slice(0, -1)}\\${start.at(-1)}`);
}

function renderContents(sections: readonly Section[]): string {
  const link = ({ title }: Section) => `[${escapeMarkdown(title)}](#${anchorOf(title)})`;
  return groupByPart(sections)
    .map(({ part, sections: inPart }) => {
      const links = inPart.map(link).join(" · ");
      return part === null ? `- ${links}` : `- **${escapeMarkdown(part)}**: ${links}`;
    })
    .join("\n");
}

/** The anchor that GitHub gives a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return renderText(block.text);
    case "heading":
      return `### ${escapeMarkdown(block.text)}`;
    case "figures":
      return block.items.map(renderFigure).join("\n");
    case "table":
      return renderTable(block);
    case "chart":
      return `### ${escapeMarkdown(block.chart.title)}\n\n${escapeMarkdown(block.chart.description)}\n\n${renderTable(block.table)}`;
    case "what-if":
      return renderTable(block.table);
    case "notice":
      return renderNotice(block);
    case "code":
      return renderCodeBlock(block);
    case "fold":
      return [`**${escapeMarkdown(block.title)}**`, ...block.blocks.map(renderBlock)].join("\n\n");
  }
}

function renderText(text: Text): string {
  if (typeof text === "string") return escapeMarkdown(text);
  return text
    .map((part) => {
      if (typeof part === "string") return escapeMarkdown(part);
      return "code" in part ? renderCode(part.code) : `**${escapeMarkdown(part.strong)}**`;
    })
    .join("");
}

function renderCode(code: string): string {
  const longest = Math.max(0, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${code} ${fence}` : `${fence}${code}${fence}`;
}

/** A fence longer than any run of backticks inside. */
function renderCodeBlock({ lines }: CodeBlock): string {
  const runs = lines.flatMap((line) => [...line.matchAll(/`+/g)]).map(([run]) => run.length);
  const fence = "`".repeat(Math.max(3, Math.max(0, ...runs) + 1));
  return [fence, ...lines, fence].join("\n");
}

function renderFigure({ label, value, details }: Figure): string {
  const small = details.length > 0 ? ` (${details.map(escapeMarkdown).join("; ")})` : "";
  return `- ${escapeMarkdown(label)}: **${escapeMarkdown(value)}**${small}`;
}

function renderTable({ caption, columns, rows, notes }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `**${escapeMarkdown(caption)}**`,
    "",
    line(columns.map(({ title }) => escapeMarkdown(title))),
    line(columns.map(({ isNumber }) => (isNumber ? "---:" : "---"))),
    ...rows.map((row) => line(row.map(renderCell))),
    ...notes.flatMap((text) => ["", escapeMarkdown(text)]),
  ].join("\n");
}

function renderCell(cell: Cell): string {
  if (typeof cell === "string") return escapeMarkdown(cell);
  const badge = cell.badge ? badgeText(cell.text, cell.badge.text) : "";
  const detail = cell.detail ? `<br>${escapeMarkdown(cell.detail)}` : "";
  return `${escapeMarkdown(cell.text)}${badge}${detail}`;
}

function badgeText(text: string, badge: string): string {
  return text === "" ? escapeMarkdown(badge) : ` (${escapeMarkdown(badge)})`;
}

function renderNotice({ title, text }: Notice): string {
  return `> **${escapeMarkdown(title)}**\n>\n> ${renderText(text)}`;
}
