import type { WhatIf } from "./content.js";
import { escapeHtml } from "./escape-html.js";
import { formatShare, formatUsd } from "./format-numbers.js";
import { renderTable } from "./html-table.js";
import { whatIfFigures } from "./page/what-if-figures.js";

/** Sliders with the figures at their starting marks; move-sliders.js moves them. Without JavaScript the sliders stay hidden and the
 * figures and the table are what there is. */
export function renderWhatIf({ points, start, table }: WhatIf): string {
  const point = points[start]!;
  const { usd, alwaysStrongUsd, saving } = whatIfFigures(point, 1, 1);
  const data = escapeHtml(JSON.stringify(points));
  return `<div class="what-if" data-points="${data}">
<fieldset hidden><legend class="hidden">Assumptions</legend>
${slider("floor", "Quality promised", `min="0" max="${points.length - 1}" step="1" value="${start}"`, point.label)}
${slider("strong", "Strong model's price", priceRange, "100 %")}
${slider("candidates", "Other models' price", priceRange, "100 %")}
</fieldset>
<dl class="figures" aria-live="polite">
${figure("Per 1,000 requests", "usd", formatUsd(usd * 1000))}
${figure("Always the strong model", "always", formatUsd(alwaysStrongUsd * 1000))}
${figure("Saving", "saving", formatShare(saving))}
${figure("To the strong model", "share", formatShare(point.strongShare))}
</dl>
</div>
<details><summary>${escapeHtml(table.caption)}</summary>${renderTable(table)}</details>`;
}

const priceRange = 'min="50" max="150" step="5" value="100"';

function slider(name: string, label: string, range: string, text: string): string {
  return `<p><label for="what-if-${name}">${label}</label> <output for="what-if-${name}">${escapeHtml(text)}</output>
<input type="range" id="what-if-${name}" ${range} aria-valuetext="${escapeHtml(text)}"></p>`;
}

function figure(label: string, name: string, value: string): string {
  return `<div><dt>${label}</dt><dd class="value" data-figure="${name}">${escapeHtml(value)}</dd></div>`;
}
