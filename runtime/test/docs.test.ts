import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CacheReason } from "../src/cache/cache-reason.js";
import { scopeParts } from "../src/cache/cache-scope.js";
import { NeverCache } from "../src/cache/cacheability.js";
import { blockingDifferences } from "../src/cache/compare-prompts.js";
import { pairFeatureNames } from "../src/cache/pair-features.js";
import { unitClass } from "../src/cache/unit-classes.js";
import { cueFamilies, cueWords } from "../src/features/cue-words.js";
import { FEATURISER } from "../src/features/featurise.js";
import { decisionRecordFields } from "../src/log/decision-record.js";
import { Reason } from "../src/router/decision.js";
import { defaultFallbacks } from "../src/router/fallbacks-after.js";
import { ShadowStatus, shadowPairFields } from "../src/shadow/shadow-pair.js";
import { cachePolicy } from "./support/cache-policy.js";

const docs = join(import.meta.dirname, "..", "..", "docs");
const artifactPage = readFileSync(join(docs, "artifact.md"), "utf8");
const cachePage = readFileSync(join(docs, "cache-key.md"), "utf8");
const runtimeCachePage = readFileSync(join(docs, "runtime-cache.md"), "utf8");
const policyPage = readFileSync(join(docs, "policy.md"), "utf8");
const reasonsPage = readFileSync(join(docs, "reasons.md"), "utf8");
const runtimePage = readFileSync(join(docs, "runtime.md"), "utf8");

function tableRows(page: string, title: string): string[][] {
  const lines = page.slice(page.indexOf(title)).split("\n");
  const start = lines.findIndex((line) => line.startsWith("|---"));
  const end = lines.findIndex((line, i) => i > start && !line.startsWith("|"));
  return lines.slice(start + 1, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("docs/artifact.md", () => {
  test("names the featuriser's hash and every dense feature, in order", () => {
    expect(artifactPage).toContain(FEATURISER.hash);
    const names = tableRows(artifactPage, "### Dense features").map(([name]) => name!.replaceAll("`", ""));
    expect(names).toEqual([...FEATURISER.denseNames]);
  });

  test("gives every unit the class that the code gives it", () => {
    const numbers = { mark: 0, space: 1, letter: 2, ideograph: 3 } as Record<string, number>;
    const scripts = [
      "-",
      "latin",
      "cyrillic",
      "greek",
      "rtl",
      "indic",
      "han",
      "kana",
      "hangul",
      "southeast_asian",
    ];
    const classes = new Uint8Array(0x10000).fill(numbers.letter!);
    for (const [wordClass, script, ranges] of tableRows(artifactPage, "### Classes of units")) {
      for (const range of ranges!.split(", ")) {
        const [low, high = low] = range.split("-").map((unit) => Number.parseInt(unit, 16));
        classes.fill(numbers[wordClass!]! | (scripts.indexOf(script!) << 2), low, high! + 1);
      }
    }
    expect(Buffer.from(classes).equals(Buffer.from(unitClass))).toBe(true);
  });

  test("describes every field of cache.json and every pair feature, in order", () => {
    const namesIn = (title: string) =>
      tableRows(artifactPage, title).flatMap(([cell]) => cell!.match(/\w+/g) ?? []);
    const policy = cachePolicy();
    expect(namesIn("## cache.json")).toEqual(Object.keys(policy));
    expect(namesIn("| field of a segment |")).toEqual(Object.keys(policy.segments.default!));
    expect(namesIn("### Pair features")).toEqual([...pairFeatureNames]);
  });

  test("lists every cue", () => {
    for (const family of cueFamilies)
      expect(artifactPage).toContain(`- \`cue_${family}\`: ${cueWords[family].join(", ")}\n`);
  });
});

describe("docs/runtime.md", () => {
  test("describes every field of the decision log, in order", () => {
    const rows = tableRows(runtimePage, "## The decision log");
    const wanted = Object.entries(decisionRecordFields).map(([name, meaning]) => [`\`${name}\``, meaning]);
    expect(rows).toEqual(wanted);
  });
});

describe("docs/reasons.md", () => {
  const codes = tableRows(reasonsPage, "# Reasons").map(([code]) => code!.replaceAll("`", ""));

  test("lists every reason, and none that isn't one", () => {
    const stems = Object.values(Reason);
    const stemOf = (code: string) => stems.find((stem) => code === stem || code.startsWith(`${stem}:`));
    expect(new Set(codes.map(stemOf))).toEqual(new Set(stems));
    expect(new Set(codes).size).toBe(codes.length);
  });

  test("lists every detail", () => {
    const detailsOf = (stem: string) =>
      codes.filter((code) => code.startsWith(`${stem}:`)).map((code) => code.slice(stem.length + 1));
    expect(detailsOf(Reason.constraint).sort()).toEqual([
      "context",
      "cost",
      "denied",
      "endpoint",
      "json",
      "none_fits",
      "region",
      "state",
      "tools",
      "vision",
    ]);
    expect(detailsOf(Reason.outOfDistribution)).toEqual([
      "FEATURE",
      "novel_text",
      "unusual_shape",
      "disguised_text",
    ]);
    expect(detailsOf(Reason.disabled)).toEqual(["env", "call", "file", "policy"]);
    for (const stem of [Reason.rule, Reason.rulePassedOver]) expect(detailsOf(stem)).toEqual(["ID"]);
    expect(detailsOf(Reason.error)).toEqual(["STAGE"]);
  });
});

describe("docs/policy.md", () => {
  test("names every operating field, condition and class of error", () => {
    const fields = [
      "rules",
      "dial",
      "max_cost_usd",
      "min_confidence",
      "switching",
      "allow_models",
      "deny_models",
      "exploration",
      "ramp",
      "fallbacks",
    ];
    const conditions = tableRows(policyPage, "## Rules").flatMap(([cell]) => cell!.match(/\w+/g) ?? []);
    for (const field of fields) expect(policyPage).toContain(`${field}`);
    expect(conditions.sort()).toEqual([
      "app",
      "endpoint",
      "has_images",
      "has_tools",
      "max_chars",
      "meta",
      "min_chars",
      "tag",
      "text_matches",
    ]);
    const rows = tableRows(policyPage, "## Fallbacks").flatMap(([classes, rule]) =>
      (classes!.match(/\w+/g) ?? []).map((name) => [name, rule!.replaceAll("`", "")]),
    );
    expect(Object.fromEntries(rows)).toEqual(defaultFallbacks);
  });
});

describe("docs/adapters.md", () => {
  test("describes every field of a shadow pair, in order, and every status", () => {
    const page = readFileSync(join(docs, "adapters.md"), "utf8");

    const rows = tableRows(page, "| field | meaning |");
    expect(rows).toEqual(Object.entries(shadowPairFields).map(([name, meaning]) => [`\`${name}\``, meaning]));
    for (const status of Object.values(ShadowStatus)) expect(page).toContain(`\`${status}\``);
  });
});

describe("docs/runtime-cache.md", () => {
  test("lists every reason, in order", () => {
    const codes = tableRows(runtimeCachePage, "## Reasons").map(([cell]) => cell!.replaceAll("`", ""));
    expect(codes.filter((code) => code !== "guard:CODE")).toEqual(Object.values(CacheReason));
  });
});

describe("docs/cache-key.md", () => {
  test("lists the scope's parts, every reason not to cache, and every code of the guard, in order", () => {
    const codes = (title: string) =>
      tableRows(cachePage, title).flatMap(([cell]) => cell!.match(/\w+/g) ?? []);
    expect(codes("## What is in the scope").toSorted()).toEqual([...scopeParts].sort());
    expect(codes("## What is never cached").toSorted()).toEqual(Object.values(NeverCache).sort());
    expect(codes("## The guard")).toEqual([...blockingDifferences]);
  });
});
