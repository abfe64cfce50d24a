import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadRouter, type Policy } from "@signalbox/runtime";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import yargs, { type CommandModule } from "yargs";
import { InputError } from "../../datasets/errors.js";
import type { RevisedPolicy } from "../../pipelines/export/revise-policy.js";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import { policyCommand } from "../../scripts/commands/policy.js";
import { routerPolicy } from "../support/router-policy.js";

let root: string;
const roots: string[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "signalbox-policy-"));
  roots.push(root);
  const { dial } = routerPolicy();
  writeRandomArtifact(join(root, "random-00000000"), { hidden: 2, policy: { dial } });
  writeFileSync(join(root, "latest.json"), JSON.stringify({ artifact_id: "random-00000000" }));
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => {
  for (const folder of roots) rmSync(folder, { recursive: true, force: true });
});

/** Run a verb and return what it printed on stdout. */
async function policy(...options: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await yargs()
    .command(policyCommand as unknown as CommandModule)
    .exitProcess(false)
    .strict()
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseAsync(["policy", ...options]);
  const printed = write.mock.calls.map(([text]) => String(text)).join("");
  write.mockRestore();
  return printed;
}

const policyOf = (path: string) => JSON.parse(readFileSync(join(path, "policy.json"), "utf8")) as Policy;

describe("signalbox policy", () => {
  test("set writes a new artifact that the runtime loads, and show prints it", async () => {
    const revised = JSON.parse(
      await policy(
        "set",
        "--artifact",
        root,
        "--ramp",
        "0.25",
        "--retention",
        "0.99",
        "--deny-model",
        "medium",
        "--note",
        "try",
        "--json",
      ),
    ) as RevisedPolicy;
    expect(revised.of).toBe("random-00000000");
    expect(policyOf(revised.path)).toMatchObject({
      ramp: { share: 0.25 },
      retention_target: 0.99,
      thresholds: { small: { min_sufficiency: 0.85 } },
      deny_models: ["medium"],
    });
    expect((await loadRouter(root)).artifact).toBe(revised.id);
    const shown = await policy("show", "--artifact", root);
    expect(shown).toMatch(/revised +from random-00000000: try\n/);
    expect(shown).toMatch(/ramp +25.0 % of sessions\n/);
    expect(shown).toMatch(/0.99 in force +0.9910 +0.8500 +0.8500\n/);
    expect(shown).toMatch(/large +answers the rest/);
  });

  test("set tells people what changed, or that nothing did", async () => {
    const off = await policy("set", "--artifact", root, "--enabled", "false");
    expect(off).toMatch(/^enabled: true -> false\n\nArtifact \d{8}-[0-9a-f]{8}: /);
    expect(await policy("set", "--artifact", root, "--enabled", "false")).toMatch(/^Nothing to change/);
  });

  test("set takes settings back", async () => {
    await policy("set", "--artifact", root, "--max-cost-usd", "0.5", "--switching", "never");
    const { path } = JSON.parse(
      await policy("set", "--artifact", root, "--clear", "max-cost-usd", "--clear", "switching", "--json"),
    ) as RevisedPolicy;
    expect(policyOf(path)).not.toHaveProperty("max_cost_usd");
    expect(policyOf(path)).not.toHaveProperty("switching");
  });

  test("show --json is the policy without the tables that only the runtime reads", async () => {
    const shown = JSON.parse(await policy("show", "--artifact", root, "--json")) as { policy: Policy };
    expect(shown.policy.strong_model).toBe("large");
    expect(shown.policy).not.toHaveProperty("in_distribution");
  });

  test.each<[string, string[], RegExp]>([
    ["nothing to set", [], /nothing to set; give a setting/],
    ["a share beyond all", ["--ramp", "1.5"], /--ramp is 1.5; give a number from 0 and at most 1/],
    ["a word for a number", ["--max-cost-usd", "cheap"], /--max-cost-usd is not a number/],
    ["a point that isn't on the dial", ["--retention", "0.97"], /isn't on the dial: 0.95, 0.98, 0.99, 0.995/],
    ["an unknown model", ["--deny-model", "huge"], /deny_models names "huge"/],
    ["an absent file of rules", ["--rules", "/none.json"], /\/none.json: ENOENT/],
    ["an unknown setting to clear", ["--clear", "dial"], /Invalid values/],
  ])("set refuses %s", async (_, options, message) => {
    const before = readFileSync(join(root, "latest.json"), "utf8");
    await expect(policy("set", "--artifact", root, ...options)).rejects.toThrow(message);
    expect(readFileSync(join(root, "latest.json"), "utf8")).toBe(before);
  });

  test("an absent artifact is the user's mistake", async () => {
    const error = await policy("set", "--artifact", join(root, "none"), "--ramp", "1").catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toMatch(/none/);
  });
});
