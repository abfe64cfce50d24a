import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Config, Error as errorLevel, logger, parse, type Spec, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { packageRoot } from "../datasets/package-root.js";
import type { Chart } from "./charts/chart.js";
import { chartConfig } from "./charts/theme.js";

/** A chart drawn: two static pictures for pages without JavaScript, and what the page needs to bring it to life. */
export interface RenderedChart {
  /** SVG text for wide screens and print. */
  wide: string;
  /** SVG text for screens of a phone's width. */
  narrow: string;
  /** Compiled Vega spec that fills its container, so that the page doesn't need Vega-Lite. */
  interactive: object;
  /** Vega config that replaces parts of the spec's own on a narrow screen. */
  narrowConfig: object;
}

const wideWidth = 760;
const narrowWidth = 340;

/** Draw a chart. The same chart gives the same text, whatever was drawn before it. */
export async function renderChart(chart: Chart): Promise<RenderedChart> {
  const narrowSpec = compileChart(chart, narrowWidth, true);
  const [wide, narrow] = await Promise.all([
    drawSvg(compileChart(chart, wideWidth, false), `${chart.id}-wide`),
    drawSvg(narrowSpec, `${chart.id}-narrow`),
  ]);
  return {
    wide,
    narrow,
    interactive: compileChart(chart, "container", false),
    narrowConfig: narrowSpec.config ?? {},
  };
}

async function drawSvg(spec: Spec, id: string): Promise<string> {
  const view = new View(parse(spec), { renderer: "none", logger: quiet });
  const svg = await view.toSVG();
  view.finalize();
  return uniqueIds(shortNumbers(svg), id);
}

/** Coordinates to a hundredth of a pixel: half the size, the same picture. */
function shortNumbers(svg: string): string {
  return svg.replace(/ (?:d|transform|x|y|x1|x2|y1|y2|width|height)="[^"]*"/g, (attribute) =>
    attribute.replace(/-?\d+\.\d{3,}(?!e)/g, (number) => String(Math.round(Number(number) * 100) / 100)),
  );
}

function uniqueIds(svg: string, prefix: string): string {
  // Vega numbers its clip paths over the whole process; ids must depend on this chart alone and be unique in the page
  const ids = [...new Set([...svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!))];
  return ids.reduce(
    (text, id, i) =>
      text
        .replaceAll(` id="${id}"`, ` id="${prefix}-${i}"`)
        .replaceAll(`url(#${id})`, `url(#${prefix}-${i})`),
    svg,
  );
}

function compileChart(
  chart: Chart,
  width: number | "container",
  isNarrow: boolean,
): Spec & { config?: Config } {
  const spec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...chart.spec,
    width,
    autosize: { type: "fit-x", contains: "padding", resize: true },
    // room at the right for the last label of an axis, which stands centred on its tick
    padding: { left: 4, top: 4, right: 24, bottom: 4 },
    config: chartConfig(isNarrow),
  };
  // our own spec type is a narrow part of Vega-Lite's, which TypeScript can't relate to its large unions
  return compile(spec as unknown as TopLevelSpec, { logger: quiet }).spec as Spec & { config?: Config };
}

const quiet = logger(errorLevel);

/** JavaScript that draws the charts of a page: Vega, vega-embed and the page's own few lines, with their licences. */
export function chartScripts(): string[] {
  const vega = dirname(resolve("vega"));
  const embed = dirname(resolve("vega-embed"));
  return [
    `${licence("Vega", join(vega, "..", "LICENSE"))}${script(join(vega, "vega.min.js"))}`,
    // vega-embed looks for Vega-Lite when it loads; the specs here are compiled already
    `${licence("vega-embed", join(embed, "..", "LICENSE"))}var vegaLite={version:""};${script(join(embed, "vega-embed.min.js"))}`,
    script(join(packageRoot, "reports", "page", "hydrate.js")),
  ];
}

const { resolve } = createRequire(import.meta.url);

/** Text of a script that can stand inside a script element. */
function script(path: string): string {
  return readFileSync(path, "utf8")
    .replace(/\n?\/\/# sourceMappingURL=\S*\s*$/, "\n")
    .replace(/<(?=\/script|!--|script)/gi, "\\x3c");
}

function licence(name: string, path: string): string {
  return `/*! ${name}\n${readFileSync(path, "utf8").trim().replaceAll("*/", "* /")}\n*/\n`;
}
