import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commands } from "../../scripts/commands/index.js";
import { createCli } from "../../scripts/create-cli.js";
import { cliPage } from "../../scripts/docs/cli-page.js";
import { verbName } from "../../scripts/overview.js";

test("docs/cli.md is what the generator writes (npm run docs)", async () => {
  expect(readFileSync("docs/cli.md", "utf8")).toBe(await cliPage());
});

test("every verb is on one screen, with what it is for", async () => {
  const lines = (await createCli([], 100).getHelp()).trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(34);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  for (const verb of commands.map(verbName))
    expect(
      lines.filter((line) => new RegExp(`^(\\w+)? +(\\w+, )?${verb}(, \\w+)? +[A-Z]`).test(line)),
    ).toHaveLength(1);
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
