import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../datasets/package-root.js";
import type { Block, ChartBlock, CodeBlock, Content, Figure, Notice, Section, Text } from "./content.js";
import { escapeHtml } from "./escape-html.js";
import { groupByPart } from "./group-by-part.js";
import { renderTable } from "./html-table.js";
import { renderWhatIf } from "./html-what-if.js";
import type { DrawChart } from "./remember-charts.js";
import { chartScripts, type RenderedChart, renderChart } from "./render.js";

/** A report as one self-contained HTML page. It loads nothing: a content security policy forbids every request and every
 * script but the page's own, known by hash. Without JavaScript the charts are static pictures.
 * @param draw draws its charts */
export async function renderHtml(content: Content, draw: DrawChart = renderChart): Promise<string> {
  const blocks = content.sections
    .flatMap((section) => section.blocks)
    .filter((block) => block.kind === "chart");
  const drawn = new Map<string, RenderedChart>();
  for (const { chart } of blocks) drawn.set(chart.id, await draw(chart));
  const scripts = [...pageScripts.map(pageFile), ...(drawn.size > 0 ? chartScripts() : [])];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Signalbox">
<title>${escapeHtml(content.title)}</title>
<style>${pageStyles.map(pageFile).join("")}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the report</a>
<header>
<button class="theme" id="theme" type="button" hidden>Dark colours</button>
<p class="brand">Signalbox</p>
<h1>${escapeHtml(content.title)}</h1>
<p class="subtitle">${escapeHtml(content.subtitle)}</p>
</header>
${renderContents(content.sections)}
<main id="content">
${renderSections(content.sections, drawn).join("\n")}
</main>
<footer><p>Made by Signalbox from a workspace complete at ${escapeHtml(content.generatedAt)}. The page loads nothing from the network.</p></footer>
${drawn.size > 0 ? chartData(drawn) : ""}
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
</body>
</html>
`;
}

const pageStyles = ["page.css", "controls.css"];
const pageScripts = [
  "choose-theme.js",
  "sort-tables.js",
  "print-whole.js",
  "move-sliders.js",
  "mark-section.js",
];

function pageFile(name: string): string {
  return readFileSync(join(packageRoot, "reports", "page", name), "utf8");
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

/** The first section is a page of its own in print; the table of contents is printed after it. */
function renderSections(sections: readonly Section[], drawn: ReadonlyMap<string, RenderedChart>): string[] {
  const [first = "", ...rest] = groupByPart(sections).flatMap(({ part, sections: inPart }) =>
    inPart.map((section, i) => renderSection(section, drawn, i === 0 ? part : null)),
  );
  return [first, renderContents(sections, " printed"), ...rest];
}

function renderContents(sections: readonly Section[], more = ""): string {
  const link = ({ id, title }: Section) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`;
  const groups = groupByPart(sections).map(({ part, sections: inPart }) => {
    const links = `<ol>${inPart.map(link).join("")}</ol>`;
    return part === null
      ? `<li>${links}</li>`
      : `<li><span class="group">${escapeHtml(part)}</span>${links}</li>`;
  });
  return `<nav aria-label="Contents" class="contents${more}"><ul>${groups.join("")}</ul></nav>`;
}

/** @param part title of the part that begins with this section, or null */
function renderSection(
  section: Section,
  drawn: ReadonlyMap<string, RenderedChart>,
  part: string | null,
): string {
  return `<section id="${section.id}" aria-labelledby="${section.id}-title">
${part === null ? "" : `<p class="part">${escapeHtml(part)}</p>\n`}<h2 id="${section.id}-title">${escapeHtml(section.title)}</h2>
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
    case "what-if":
      return renderWhatIf(block);
    case "notice":
      return renderNotice(block);
    case "code":
      return renderCode(block);
    case "fold":
      return `<details><summary>${escapeHtml(block.title)}</summary>${block.blocks.map((inner) => renderBlock(inner, drawn)).join("\n")}</details>`;
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

function renderChartBlock({ chart, table }: ChartBlock, { wide, narrow }: RenderedChart): string {
  return `<figure class="chart" id="${chart.id}" aria-labelledby="${chart.id}-title">
<figcaption><strong id="${chart.id}-title">${escapeHtml(chart.title)}</strong> ${escapeHtml(chart.description)}</figcaption>
<div class="chart-picture" role="img" aria-label="${escapeHtml(`${chart.title}. ${chart.description}`)}"><div class="chart-wide" aria-hidden="true">${wide}</div><div class="chart-narrow" aria-hidden="true">${narrow}</div><div class="chart-live" aria-hidden="true"></div></div>
${table.isFolded ? renderBlock(table, new Map()) : ""}
</figure>
${table.isFolded ? "" : renderTable(table)}`;
}

/** Focusable, so that lines wider than the page can be scrolled with the keyboard. */
function renderCode({ label, lines }: CodeBlock): string {
  return `<pre tabindex="0" role="group" aria-label="${escapeHtml(label)}"><code>${lines.map(escapeHtml).join("\n")}</code></pre>`;
}

function renderNotice({ tone, title, text }: Notice): string {
  return `<div class="notice ${tone}" role="note"><p class="notice-title">${escapeHtml(title)}</p><p>${renderText(text)}</p></div>`;
}
