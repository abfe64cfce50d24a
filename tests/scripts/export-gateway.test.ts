import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import { createCli } from "../../scripts/create-cli.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-export-gateway-"));
const artifact = join(root, "artifact");
beforeAll(() => void writeRandomArtifact(artifact, { hidden: 2 }));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

/** Run the verb and return what it printed. */
async function run(...words: string[]): Promise<{ stdout: string; stderr: string }> {
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  }
  await createCli(["export", ...words], 100).parseAsync();
  return printed;
}

describe("signalbox export --format", () => {
  test("prints the configuration, and what is lost beside it", async () => {
    const { stdout, stderr } = await run("--format", "portkey", "--artifact", artifact);
    expect(JSON.parse(stdout)).toHaveProperty("strategy.default", "large");
    expect(stderr).toContain("lost: the trained choice: ");
  });

  test("writes a file", async () => {
    const out = join(root, "config.yaml");
    const { stdout } = await run("--format", "litellm", "--artifact", artifact, "--out", out);
    expect(stdout).toBe("");
    expect(readFileSync(out, "utf8")).toMatch(/^# The static part of Signalbox artifact random-00000000\./);
  });

  test("prints one document with --json", async () => {
    const { stdout } = await run("--format", "vercel", "--artifact", artifact, "--json");
    const { format, artifact: id, lost, text } = JSON.parse(stdout) as Record<string, unknown>;
    expect({ format, id }).toEqual({ format: "vercel", id: "random-00000000" });
    expect(JSON.parse(String(text))).toMatchObject({ default: "large", lost });
  });

  test.each([
    [["--format", "kong", "--artifact", artifact], /format can't be "kong"/],
    [["--format", "envoy"], /name a --workspace or an --artifact/],
    [["--format", "envoy", "--artifact", join(root, "none")], /manifest.json/],
    [["--format", "envoy", "--workspace", join(root, "none")], /no workspace here|no exported artifact/],
    [["--format", "envoy", "--artifact", artifact, "--out", join(root, "no", "file")], /can't be written/],
    [["--artifact", artifact], /format/],
    [[], /--workspace is missing/],
  ])("refuses %j", async (words, message) => {
    await expect(run(...words)).rejects.toThrow(message);
  });
});
