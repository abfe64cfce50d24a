import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadRouter } from "@signalbox/runtime";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import yargs, { type CommandModule } from "yargs";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import { artifactCommand } from "../../scripts/commands/artifact.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-artifact-"));
let folder: string;
let keyFile: string;
let printed = "";
beforeEach(async () => {
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  folder = mkdtempSync(join(root, "artifacts-"));
  writeRandomArtifact(join(folder, "one"), { hidden: 0, id: "one" });
  writeFileSync(join(folder, "latest.json"), '{ "artifact_id": "one" }');
  keyFile = join(folder, "release.pem");
  await run("keygen", "--out", keyFile);
  printed = "";
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function run(...args: string[]): Promise<string> {
  await yargs(["artifact", ...args])
    .command(artifactCommand as unknown as CommandModule)
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseAsync();
  return printed;
}

test("signs the artifact that latest.json names, with a key that only its owner may read", async () => {
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  const signed = JSON.parse(await run("sign", "--artifact", folder, "--key", keyFile, "--json"));
  expect(signed).toMatchObject({ artifact_id: "one", path: join(folder, "one") });
  printed = "";
  expect(await run("verify", "--artifact", folder, "--key", `${keyFile}.pub`)).toContain(
    "whole, and signed by",
  );
  for (const verify of [readFileSync(`${keyFile}.pub`, "utf8"), signed.public_key_base64])
    expect((await loadRouter(folder, { verify })).artifact).toBe("one");
});

test("verify refuses an artifact that isn't signed, and one that was changed since", async () => {
  const verify = () => run("verify", "--artifact", folder, "--key", `${keyFile}.pub`);
  await expect(verify()).rejects.toThrow(/manifest\.sig: is not there.+signalbox artifact sign/);
  await run("sign", "--artifact", folder, "--key", keyFile);
  const manifest = join(folder, "one", "manifest.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("2026-01-01", "2026-01-02"));
  await expect(verify()).rejects.toThrow(/not the manifest's signature/);
});

test("sign vouches for nothing that can't be used", async () => {
  writeFileSync(join(folder, "one", "policy.json"), "{}");
  await expect(run("sign", "--artifact", folder, "--key", keyFile)).rejects.toThrow(/sha256/);
  expect(existsSync(join(folder, "one", "manifest.sig"))).toBe(false);
});

test.each<[string, RegExp, (folder: string) => string[]]>([
  [
    "keygen over a file",
    /exists already; name another file/,
    (at) => ["keygen", "--out", join(at, "release.pem")],
  ],
  ["keygen without a name", /keygen needs --out FILE/, () => ["keygen"]],
  ["keygen into no folder", /can't be written/, (at) => ["keygen", "--out", join(at, "no", "key")]],
  ["sign without an artifact", /sign needs --artifact DIR/, () => ["sign"]],
  ["sign without a key", /sign needs --key FILE/, (at) => ["sign", "--artifact", at]],
  [
    "a key file that isn't there",
    /can't be read/,
    (at) => ["sign", "--artifact", at, "--key", join(at, "none")],
  ],
  [
    "the public key to sign with",
    /no private key/,
    (at) => ["sign", "--artifact", at, "--key", join(at, "release.pem.pub")],
  ],
  [
    "a key of another kind",
    /of type ec, not ed25519/,
    (at) => {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      writeFileSync(join(at, "ec.pem"), privateKey.export({ format: "pem", type: "pkcs8" }));
      return ["sign", "--artifact", at, "--key", join(at, "ec.pem")];
    },
  ],
  [
    "the private key to verify with",
    /no Ed25519 public key; name the \.pub file/,
    (at) => ["verify", "--artifact", at, "--key", join(at, "release.pem")],
  ],
  ["another verb", /Choices/, () => ["seal"]],
])("refuses %s in one line", async (_, message, args) => {
  await expect(run(...args(folder))).rejects.toThrow(message);
});
