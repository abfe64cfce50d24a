import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { InputError } from "../../../datasets/errors.js";
import { applyModelFacts, readModelFacts } from "../../../pipelines/export/model-facts.js";
import { readOperatingFile, readRulesFile } from "../../../pipelines/export/read-operating.js";
import { routerPolicy } from "../../support/router-policy.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-facts-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(content: unknown): string {
  const path = join(root, "facts.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

test("what a user knows of a model goes over what the price book says, unknown stays unknown", () => {
  const facts = readModelFacts(
    file({
      small: { supports_tools: false, regions: ["eu"], context_window: null, cache_read_usd_per_mtok: 0.01 },
    }),
  );
  const [small, medium] = applyModelFacts(routerPolicy().models, facts);
  expect(small).toMatchObject({
    model: "small",
    supports_tools: false,
    supports_vision: null,
    regions: ["eu"],
    input_usd_per_mtok: 0.1,
    cache_read_usd_per_mtok: 0.01,
  });
  expect(medium).toEqual(routerPolicy().models[1]);
});

test.each<[string, unknown, RegExp]>([
  [
    "text for a switch",
    { small: { supports_tools: "yes" } },
    /small.supports_tools is "yes"; give true or false, or null/,
  ],
  [
    "a window of nothing",
    { small: { context_window: 0 } },
    /context_window is 0; give a whole number of tokens above 0/,
  ],
  ["one region as text", { small: { regions: "eu" } }, /regions is "eu"; give a list/],
  ["no regions", { small: { regions: [] } }, /regions is \[\]; give a list/],
  ["a price below nothing", { small: { input_usd_per_mtok: -1 } }, /give USD per million tokens, 0 or more/],
  [
    "a field that nobody reads",
    { small: { tools: true } },
    /small.tools is no fact of a model; known are provider, supports_tools/,
  ],
  ["a field of every object", { small: { constructor: true } }, /small.constructor is no fact/],
  ["a model that is no object", { small: true }, /small is true; give an object/],
  ["a list", [{ model: "small" }], /not a JSON object; give \{"MODEL"/],
  ["no JSON", "{", /not readable as JSON/],
])("refuses %s", (_, content, message) => {
  const read = () => readModelFacts(file(content));
  expect(read).toThrow(InputError);
  expect(read).toThrow(message);
});

test("refuses a model that the router doesn't have", () => {
  expect(() => applyModelFacts(routerPolicy().models, { smal: { supports_tools: true } })).toThrow(
    /names smal, which the router doesn't have; its models: small, medium, large/,
  );
});

test.each<[string, unknown, RegExp]>([
  ["a dial", { dial: [] }, /dial is certified by train, not set; choose a point of it with --retention/],
  ["a misspelt setting", { max_cost: 1 }, /max_cost is no operating setting; known are rules, max_cost_usd/],
  ["a list of settings", [], /not a JSON object/],
])("an operating file with %s is refused", (_, content, message) => {
  expect(() => readOperatingFile(file(content))).toThrow(message);
});

test.each<[string, unknown, RegExp]>([
  ["an object", { id: "legal" }, /not a JSON array; give a list of rules/],
  ["no JSON", "[{]", /facts.json: not JSON/],
])("a rules file with %s is refused", (_, content, message) => {
  expect(() => readRulesFile(file(content))).toThrow(message);
  expect(() => readRulesFile(join(root, "none.json"))).toThrow(/none.json: ENOENT/);
});
