import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Decision } from "@signalbox/runtime";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import yargs, { type CommandModule } from "yargs";
import { InputError } from "../../datasets/errors.js";
import type { DecisionExplanation } from "../../models/explain/explain-decision.js";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import { decideCommand } from "../../scripts/commands/decide.js";

let root: string;
let artifact: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "signalbox-decide-"));
  artifact = join(root, "artifact");
  writeRandomArtifact(artifact, { hidden: 2 });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

/** Run the verb and return what it printed on stdout. */
async function decide(...options: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await yargs()
    .command(decideCommand as unknown as CommandModule)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseAsync(["decide", ...options]);
  return write.mock.calls.map(([text]) => String(text)).join("");
}

function file(name: string, content: string): string {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

describe("signalbox decide", () => {
  test("prints one decision as JSON", async () => {
    const output = await decide("--artifact", artifact, "--prompt", "Hello", "--json");
    const decision = JSON.parse(output) as Decision;
    expect(["small", "medium", "large"]).toContain(decision.model);
    expect(decision.artifact).toBe("random-00000000");
  });

  test("prints a decision for people, on a whole request from a file", async () => {
    const input = file("request.json", JSON.stringify({ messages: [{ role: "user", content: "Hello" }] }));
    const output = await decide("--artifact", artifact, "--input", input);
    expect(output).toMatch(/^model {7}\w+\nreasons/);
    expect(output).toContain("P(not worse than the strong model)");
  });

  test("explains a decision: each model, and what in the request mattered", async () => {
    const options = ["--artifact", artifact, "--prompt", "Prove that a haiku exists", "--explain"];
    const output = await decide(...options);
    expect(output).toMatch(/^model {7}\w+\nreasons/);
    expect(output).toMatch(/> +\w+ .* chosen: /);
    expect(output).toMatch(/Need of the strong model: \d+\.\d % \(one minus the sufficiency of small\)/);
    expect(output).toMatch(/"haiku" +[+-]\d+\.\d points +[+-]\d\.\d{3}/);
    vi.restoreAllMocks();
    const explained = JSON.parse(await decide(...options, "--json")) as DecisionExplanation;
    expect(explained.models.map(({ model }) => model)).toEqual(["small", "medium", "large"]);
    expect(explained.method).toMatch(/^occlusion/);
  });

  test("shows no control characters of a request", async () => {
    const output = await decide(
      "--artifact",
      artifact,
      "--prompt",
      "a\u001b[31mb \u0007 c\u009b",
      "--explain",
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  test.each<[string, () => string[], RegExp]>([
    ["no request", () => ["--artifact", artifact], /nothing to decide; give --prompt/],
    [
      "no artifact there",
      () => ["--artifact", join(root, "none"), "--prompt", "x"],
      /manifest.json: is not there/,
    ],
    [
      "an absent file",
      () => ["--artifact", artifact, "--input", join(root, "none.json")],
      /none.json: can't be read/,
    ],
    [
      "a file of many lines",
      () => ["--artifact", artifact, "--input", file("two.json", "{}\n{}")],
      /not one JSON document/,
    ],
    ["a list", () => ["--artifact", artifact, "--input", file("list.json", "[]")], /not a JSON object/],
  ])("names the user's mistake: %s", async (_, options, message) => {
    const error = await decide(...options()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
  });
});
