import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import yargs from "yargs";
import { reportCommand } from "../../scripts/commands/report.js";
import { realisticDocuments, workspaceOf } from "./fixtures.js";

describe("signalbox report", () => {
  it("writes HTML, Markdown and JSON, leaves no temporary file and prints where they are", async () => {
    const workspace = workspaceOf(realisticDocuments());
    const folder = join(workspace.path, "out", "deep");
    const printed = await run([
      "report",
      "--workspace",
      workspace.path,
      "--out",
      join(folder, "savings.html"),
      "--json",
    ]);
    expect(JSON.parse(printed)).toEqual({
      html: join(folder, "savings.html"),
      markdown: join(folder, "savings.md"),
      json: join(folder, "savings.json"),
    });
    expect(readdirSync(folder).sort()).toEqual(["savings.html", "savings.json", "savings.md"]);
    expect(readFileSync(join(folder, "savings.html"), "utf8")).toMatch(/^<!doctype html>/);
  });

  it("refuses to write two forms into one file", async () => {
    const workspace = workspaceOf(realisticDocuments());
    const out = join(workspace.path, "report.json");
    await expect(run(["report", "--workspace", workspace.path, "--out", out])).rejects.toThrow(
      /would overwrite each other/,
    );
    expect(existsSync(out)).toBe(false);
  });

  it("refuses a folder that is no workspace", async () => {
    await expect(run(["report", "--workspace", "/nowhere", "--out", "r.html"])).rejects.toThrow(
      /no workspace here/,
    );
  });
});

async function run(argv: string[]): Promise<string> {
  let printed = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    await yargs(argv)
      .command(reportCommand as never)
      .exitProcess(false)
      .fail((message, error) => {
        throw error ?? new Error(message);
      })
      .parseAsync();
  } finally {
    write.mockRestore();
  }
  return printed;
}
