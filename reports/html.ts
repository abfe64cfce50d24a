import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../datasets/package-root.js";
import type {
  Badge,
  Block,
  Cell,
  ChartBlock,
  Content,
  Figure,
  Notice,
  Section,
  Table,
  Text,
} from "./content.js";
import { chartScripts, type RenderedChart, renderChart } from "./render.js";

/** A report as one self-contained HTML page. It loads nothing: a content security policy forbids every request and every
 * script but the page's own, known by hash. Without JavaScript the charts are static pictures. */
export async function renderHtml(content: Content): Promise<string> {
  const blocks = content.sections
    .flatMap((section) => section.blocks)
    .filter((block) => block.kind === "chart");
  const drawn = new Map<string, RenderedChart>();
  for (const { chart } of blocks) drawn.set(chart.id, await renderChart(chart));
  const scripts = drawn.size > 0 ? chartScripts() : [];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Signalbox">
<title>${escapeHtml(content.title)}</title>
<style>${readFileSync(join(packageRoot, "reports", "page", "page.css"), "utf8")}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the report</a>
<header>
<p class="brand">Signalbox</p>
<h1>${escapeHtml(content.title)}</h1>
<p class="subtitle">${escapeHtml(content.subtitle)}</p>
<nav aria-label="Sections"><ol>${content.sections.map(({ id, title }) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`).join("")}</ol></nav>
</header>
<main id="content">
${content.sections.map((section) => renderSection(section, drawn)).join("\n")}
</main>
<footer><p>Made by Signalbox from a workspace complete at ${escapeHtml(content.generatedAt)}. The page loads nothing from the network.</p></footer>
${drawn.size > 0 ? chartData(drawn) : ""}
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
</body>
</html>
`;
}

/** Escape text for element content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function contentPolicy(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  return [
    "default-src 'none'",
    `script-src ${hashes.length > 0 ? hashes.join(" ") : "'none'"}`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** Specs as a data block: JSON in which no character can end the element. */
function chartData(drawn: ReadonlyMap<string, RenderedChart>): string {
  const specs = [...drawn].map(([id, { interactive, narrowConfig }]) => [
    id,
    { spec: interactive, narrowConfig },
  ]);
  const json = JSON.stringify(Object.fromEntries(specs)).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `<script type="application/json" id="chart-data">${json}</script>`;
}

function renderSection(section: Section, drawn: ReadonlyMap<string, RenderedChart>): string {
  return `<section id="${section.id}" aria-labelledby="${section.id}-title">
<h2 id="${section.id}-title">${escapeHtml(section.title)}</h2>
${section.blocks.map((block) => renderBlock(block, drawn)).join("\n")}
</section>`;
}

function renderBlock(block: Block, drawn: ReadonlyMap<string, RenderedChart>): string {
  switch (block.kind) {
    case "paragraph":
      return `<p${block.isNote ? ' class="note"' : ""}>${renderText(block.text)}</p>`;
    case "heading":
      return `<h3>${escapeHtml(block.text)}</h3>`;
    case "figures":
      return `<dl class="figures">${block.items.map(renderFigure).join("")}</dl>`;
    case "table":
      return block.isFolded
        ? `<details><summary>${escapeHtml(block.caption)}</summary>${renderTable(block)}</details>`
        : renderTable(block);
    case "chart":
      return renderChartBlock(block, drawn.get(block.chart.id)!);
    case "notice":
      return renderNotice(block);
  }
}

function renderText(text: Text): string {
  if (typeof text === "string") return escapeHtml(text);
  return text
    .map((part) => {
      if (typeof part === "string") return escapeHtml(part);
      return "code" in part
        ? `<code>${escapeHtml(part.code)}</code>`
        : `<strong>${escapeHtml(part.strong)}</strong>`;
    })
    .join("");
}

function renderFigure({ label, value, details, isHeadline }: Figure): string {
  const lines = details.map((detail) => `<dd class="detail">${keepSigns(escapeHtml(detail))}</dd>`).join("");
  return `<div${isHeadline ? ' class="headline"' : ""}><dt>${escapeHtml(label)}</dt><dd class="value">${escapeHtml(value)}</dd>${lines}</div>`;
}

/** A minus and its dollar sign stay on one line: U+2060 joins them. */
function keepSigns(html: string): string {
  return html.replaceAll("−$", "−&#8288;$");
}

function renderTable({ caption, columns, rows, notes, isFolded }: Table): string {
  const classOf = (i: number) => (columns[i]?.isNumber ? ' class="number"' : "");
  const head = columns
    .map(({ title }, i) => `<th scope="col"${classOf(i)}>${escapeHtml(title)}</th>`)
    .join("");
  const body = rows
    .map(([first, ...rest]) => {
      const others = rest.map((cell, i) => `<td${classOf(i + 1)}>${renderCell(cell)}</td>`).join("");
      return `<tr><th scope="row">${renderCell(first ?? "")}</th>${others}</tr>`;
    })
    .join("\n");
  const label = `role="region" aria-label="${escapeHtml(caption)}" tabindex="0"`;
  const small = notes.map((text) => `<p class="note">${escapeHtml(text)}</p>`).join("");
  return `<div class="table" ${label}><table><caption${isFolded ? ' class="hidden"' : ""}><span>${escapeHtml(caption)}</span></caption>
<thead><tr>${head}</tr></thead>
<tbody>${body}</tbody></table></div>${small}`;
}

function renderCell(cell: Cell): string {
  if (typeof cell === "string") return escapeHtml(cell);
  const detail = cell.detail ? `<small>${escapeHtml(cell.detail)}</small>` : "";
  return `${escapeHtml(cell.text)}${cell.badge ? renderBadge(cell.badge) : ""}${detail}`;
}

function renderBadge({ text, tone }: Badge): string {
  return ` <span class="badge ${tone}">${escapeHtml(text)}</span>`;
}

function renderChartBlock({ chart, table }: ChartBlock, { wide, narrow }: RenderedChart): string {
  return `<figure class="chart" id="${chart.id}" aria-labelledby="${chart.id}-title">
<figcaption><strong id="${chart.id}-title">${escapeHtml(chart.title)}</strong> ${escapeHtml(chart.description)}</figcaption>
<div class="chart-picture" role="img" aria-label="${escapeHtml(`${chart.title}. ${chart.description}`)}"><div class="chart-wide">${wide}</div><div class="chart-narrow">${narrow}</div><div class="chart-live"></div></div>
${table.isFolded ? renderBlock(table, new Map()) : ""}
</figure>
${table.isFolded ? "" : renderTable(table)}`;
}

function renderNotice({ tone, title, text }: Notice): string {
  return `<div class="notice ${tone}" role="note"><p class="notice-title">${escapeHtml(title)}</p><p>${renderText(text)}</p></div>`;
}
