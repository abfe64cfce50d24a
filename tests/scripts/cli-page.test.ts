import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commands } from "../../scripts/commands/index.js";
import { createCli } from "../../scripts/create-cli.js";
import { cliPage } from "../../scripts/docs/cli-page.js";

test("docs/cli.md is what the generator writes (npm run docs)", async () => {
  expect(readFileSync("docs/cli.md", "utf8")).toBe(await cliPage());
});

test("the list of verbs fits a screen, one line each", async () => {
  const lines = (await createCli([], 110).getHelp()).split("\n");
  expect(lines.filter((line) => /^ {2}signalbox /.test(line))).toHaveLength(commands.length);
  expect(lines.length).toBeLessThanOrEqual(40);
});

test.each(commands.map(({ command }) => String(command).split(" ")[0]!))(
  "%s --help shows an example, and a description for every option",
  async (verb) => {
    const help = await createCli([verb], 200).getHelp();
    expect(help).toMatch(new RegExp(`Examples:\n  signalbox ${verb} `));
    expect(help.match(/^ +--[\w-]+(, --[\w-]+)* *\[/gm)).toBeNull();
  },
);

test("the help is English on every machine", async () => {
  const { LC_ALL } = process.env;
  process.env.LC_ALL = "de_DE.UTF-8";
  try {
    expect(await createCli(["audit"], 110).getHelp()).toContain("[required]");
  } finally {
    if (LC_ALL === undefined) delete process.env.LC_ALL;
    else process.env.LC_ALL = LC_ALL;
  }
});
