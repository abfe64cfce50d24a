import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Reason } from "../../../datasets/quarantine.js";
import { sources } from "../../../datasets/sources/index.js";
import { checkMapping } from "../../../datasets/sources/mapping/check-mapping.js";
import { mappingFields, mappingUnits } from "../../../datasets/sources/mapping/mapping-fields.js";
import { mappingSchemaText } from "../../../datasets/sources/mapping/mapping-schema.js";

const page = readFileSync("docs/sources.md", "utf8");
const rows = (start: string) =>
  page
    .slice(page.indexOf(start))
    .split("\n## ")[0]!
    .split("\n")
    .flatMap((line) => /^\| `([\w-]+)` \|/.exec(line)?.[1] ?? []);

test("docs/sources.md has a row for every source, and for nothing else", () => {
  expect(rows("## Formats").sort()).toEqual(sources.map(({ name }) => name).sort());
});

test("docs/sources.md explains every reason code, and no other", () => {
  expect(rows("## Reason codes").sort()).toEqual(Object.values(Reason).sort());
});

test("docs/mapping-files.md names every field, every unit and every key", () => {
  const text = readFileSync("docs/mapping-files.md", "utf8");
  const named = new Set([...text.matchAll(/`([\w$]+)`/g)].map(([, name]) => name));
  const tokenColumns = /^(input|output)_(cache|reasoning|audio|image)\w*_tokens$/;
  const fields = Object.keys(mappingFields).filter((name) => !tokenColumns.test(name));
  const units = Object.values(mappingUnits).flatMap((table) => Object.keys(table));
  expect([...fields, ...units].filter((name) => !named.has(name))).toEqual([]);
});

test("the mapping file in docs/mapping-files.md is one", () => {
  const [, example] = /```json\n([\s\S]*?)```/.exec(readFileSync("docs/mapping-files.md", "utf8"))!;
  expect(() => checkMapping(JSON.parse(example!), "docs/mapping-files.md")).not.toThrow();
});

test("mapping.schema.json is what the generator writes (npm run docs)", () => {
  expect(readFileSync("datasets/sources/mapping/mapping.schema.json", "utf8")).toBe(mappingSchemaText());
});
