import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { commands } from "../scripts/commands/index.js";

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "runtime/README.md",
  "datasets/samples/README.md",
  ...readdirSync("docs", { recursive: true })
    .map((name) => join("docs", String(name)))
    .filter((name) => name.endsWith(".md")),
];

test.each(pages)("%s links to files that exist", (page) => {
  const links = [...readFileSync(page, "utf8").matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link]) => link!);
  const local = links.filter((link) => !/^https?:/.test(link));
  expect(local.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
});

test.each(pages)("%s names files of the repository that exist", (page) => {
  const folders = "runtime|datasets|models|pipelines|reports|scripts|tests|docs|examples";
  const named = readFileSync(page, "utf8").matchAll(
    new RegExp(`\`((?:${folders})/[\\w./-]*\\w\\.\\w+|(?:${folders})/[\\w/-]*/)\``, "g"),
  );
  expect([...named].map(([, path]) => path!).filter((path) => !existsSync(path))).toEqual([]);
});

test("docs/README.md lists every page", () => {
  const index = readFileSync("docs/README.md", "utf8");
  const listed = pages.filter(
    (page) => /^docs\/(decisions\/)?[^/]+$/.test(page) && page !== "docs/README.md",
  );
  expect(listed.filter((page) => !index.includes(`](${page.slice("docs/".length)})`))).toEqual([]);
});

test.each(pages)("%s runs scripts and verbs that exist", (page) => {
  const text = readFileSync(page, "utf8");
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  const verbs = new Set(commands.map(({ command }) => String(command).split(" ")[0]));
  for (const [, name] of text.matchAll(/npm run (?:--silent )?([\w:-]+)/g))
    expect(scripts).toHaveProperty([name!]);
  for (const [, verb] of text.matchAll(/(?:^|`|npx )signalbox ([a-z]+)/gm)) expect(verbs).toContain(verb);
});
