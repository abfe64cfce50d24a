import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import yargs from "yargs";
import { reportCommand } from "../../scripts/commands/report.js";
import { noDocuments, realisticDocuments, workspaceOf } from "./fixtures.js";

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

  it("writes every text form into a folder, the same bytes each time, and leaves what isn't its own", async () => {
    const workspace = workspaceOf(realisticDocuments());
    const runInto = async (out: string) => {
      await run([
        "report",
        "--workspace",
        workspace.path,
        "--out",
        `${out}/`,
        "--format",
        "html,md,json,csv",
      ]);
      return filesBelow(out);
    };
    const [first, second] = [
      await runInto(join(workspace.path, "a")),
      await runInto(join(workspace.path, "b")),
    ];
    expect(second).toEqual(first);
    expect(Object.keys(first)).toEqual(
      expect.arrayContaining([
        "report.html",
        "report.md",
        "report.json",
        "report-tables/spend--spend-by-model.csv",
      ]),
    );
    expect(first["report-tables/spend--spend-by-model.csv"]).toContain('"$8,653.81",8653.81,');
    const tables = join(workspace.path, "a", "report-tables");
    writeFileSync(join(tables, "gone--old-table.csv"), "x");
    writeFileSync(join(tables, "mine.csv"), "x");
    await runInto(join(workspace.path, "a"));
    expect(readdirSync(tables)).toContain("mine.csv");
    expect(readdirSync(tables)).not.toContain("gone--old-table.csv");
  });

  it("prints SOURCE_DATE_EPOCH as the time in every form", async () => {
    const workspace = workspaceOf(realisticDocuments());
    vi.stubEnv("SOURCE_DATE_EPOCH", "86400");
    const out = join(workspace.path, "out");
    await run(["report", "--workspace", workspace.path, "--out", `${out}/`]);
    vi.unstubAllEnvs();
    for (const text of Object.values(filesBelow(out))) expect(text).toContain("1970-01-02T00:00:00.000Z");
  });

  it("writes the report, says each threshold that it breaks on a line, and fails", async () => {
    const workspace = workspaceOf(realisticDocuments());
    const out = join(workspace.path, "r.html");
    const said = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    const words = ["report", "--workspace", workspace.path, "--out", out, "--format", "html"];
    await expect(
      run([...words, "--fail-on", "saving<0.99", "--fail-on", "calls<1", "--fail-on", "billed_usd>1"]),
    ).rejects.toThrow("breaks 2 of --fail-on");
    const lines = said.mock.calls.map(([text]) => String(text));
    said.mockRestore();
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^saving<0\.99: saving is 0\.\d+\n$/);
    expect(existsSync(out)).toBe(true);
  });

  it("compares two workspaces in the forms of a report", async () => {
    const [before, after] = [workspaceOf(realisticDocuments()), workspaceOf(realisticDocuments())];
    const out = join(after.path, "change.html");
    await run(["report", "--compare", before.path, after.path, "--out", out]);
    expect(readFileSync(join(after.path, "change.md"), "utf8")).toContain("## What changed");
  });

  it.each([
    [["--format", "docx"], /no such form; there are html, md, json, csv, focus, pdf/],
    [["--fail-on", "joy<1"], /no figure joy/],
    [["--compare", "a", "b"], /leave --workspace away/],
  ])("refuses %j before anything is written", async (words, message) => {
    const workspace = workspaceOf(noDocuments);
    const out = join(workspace.path, "r.html");
    await expect(run(["report", "--workspace", workspace.path, "--out", out, ...words])).rejects.toThrow(
      message,
    );
    expect(existsSync(out)).toBe(false);
  });

  it("says what to do where there is no Chromium for a PDF", async () => {
    const workspace = workspaceOf(noDocuments);
    vi.stubEnv("SIGNALBOX_CHROMIUM", "/nowhere/chromium");
    const words = ["--workspace", workspace.path, "--out", join(workspace.path, "r.pdf"), "--format", "pdf"];
    await expect(run(["report", ...words])).rejects.toThrow(/no Chromium to print a PDF with; install one/);
    vi.unstubAllEnvs();
  });

  it("refuses a folder that is no workspace", async () => {
    await expect(run(["report", "--workspace", "/nowhere", "--out", "r.html"])).rejects.toThrow(
      /no workspace here/,
    );
  });
});

/** Text of every file below a folder, by its path in it. */
function filesBelow(folder: string): Record<string, string> {
  const names = (readdirSync(folder, { recursive: true }) as string[]).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

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
