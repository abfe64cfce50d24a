import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import { loadRouter } from "../src/artifact/load-router.js";
import { loadRouterBytes } from "../src/artifact/load-router-bytes.js";
import { readPublicKey } from "../src/artifact/read-public-key.js";
import { readFiles } from "./support/artifact-files.js";

const ours = generateKeyPairSync("ed25519");
const theirs = generateKeyPairSync("ed25519");
const pem = (key: KeyObject) => key.export({ format: "pem", type: "spki" }).toString();
const der = (key: KeyObject) => key.export({ format: "der", type: "spki" });
const raw = (key: KeyObject) => der(key).subarray(-32).toString("base64");

let root: string;
let folder: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "signalbox-signature-"));
  folder = join(root, "signed");
  writeRandomArtifact(folder, { hidden: 0 });
  signWith(folder, ours.privateKey);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function signWith(artifact: string, key: KeyObject): void {
  const signature = sign(null, readFileSync(join(artifact, "manifest.json")), key);
  writeFileSync(join(artifact, "manifest.sig"), `${signature.toString("base64")}\n`);
}

let copies = 0;
function changed(change: (copy: string) => void): string {
  copies += 1;
  const copy = join(root, `copy-${copies}`);
  cpSync(folder, copy, { recursive: true });
  change(copy);
  return copy;
}

/** The Node entry checks by node:crypto, the core by WebCrypto: one list of cases for both. */
describe.each([
  { by: "node:crypto", load: (path: string, verify: string | string[]) => loadRouter(path, { verify }) },
  {
    by: "WebCrypto",
    load: (path: string, verify: string | string[]) => loadRouterBytes(readFiles(path), { verify }),
  },
])("by $by", ({ load }) => {
  test.each([
    ["PEM", () => pem(ours.publicKey)],
    ["base64 of its DER", () => der(ours.publicKey).toString("base64")],
    ["base64 of its 32 bytes", () => raw(ours.publicKey)],
    ["one of several", () => [raw(theirs.publicKey), raw(ours.publicKey)]],
  ])("loads an artifact that is signed by the key, given as %s", async (_, key) => {
    expect((await load(folder, key())).artifact).toBe("random-00000000");
  });

  test.each<[string, RegExp, (copy: string) => void]>([
    ["no signature", /is not there/, (copy) => rmSync(join(copy, "manifest.sig"))],
    ["an empty one", /no base64 of 64 bytes/, (copy) => writeFileSync(join(copy, "manifest.sig"), "")],
    [
      "one of another length",
      /no base64 of 64 bytes/,
      (copy) => writeFileSync(join(copy, "manifest.sig"), "AAAA"),
    ],
    [
      "a huge one",
      /no base64 of 64 bytes/,
      (copy) => writeFileSync(join(copy, "manifest.sig"), "A".repeat(1e6)),
    ],
    [
      "zeros",
      /not the manifest's/,
      (copy) => writeFileSync(join(copy, "manifest.sig"), Buffer.alloc(64).toString("base64")),
    ],
    ["someone else's", /not the manifest's/, (copy) => signWith(copy, theirs.privateKey)],
    [
      "one of another manifest",
      /not the manifest's/,
      (copy) => writeFileSync(join(copy, "manifest.json"), `${readFileSync(join(copy, "manifest.json"))}\n`),
    ],
    [
      "one over what is no JSON",
      /not the manifest's/,
      (copy) => writeFileSync(join(copy, "manifest.json"), "x"),
    ],
  ])("refuses %s", async (_, message, change) => {
    const error = { fault: "bad_signature", message: expect.stringMatching(message) };
    await expect(load(changed(change), pem(ours.publicKey))).rejects.toMatchObject(error);
  });

  test("a signed manifest vouches for every file", async () => {
    const copy = changed((path) => writeFileSync(join(path, "policy.json"), "{}"));
    await expect(load(copy, pem(ours.publicKey))).rejects.toMatchObject({ fault: "bad_hash" });
  });

  test.each([
    ["a private key", () => ours.privateKey.export({ format: "pem", type: "pkcs8" }).toString()],
    ["a key of another kind", () => pem(generateKeyPairSync("x25519").publicKey)],
    ["a certificate's frame", () => pem(ours.publicKey).replaceAll("PUBLIC KEY", "CERTIFICATE")],
    ["base64 of 31 bytes", () => Buffer.alloc(31).toString("base64")],
    ["no base64", () => "key!"],
    ["nothing", () => ""],
    ["no key at all", () => []],
  ])("throws a TypeError for %s, also where a bad artifact would fail open", async (_, key) => {
    await expect(load(folder, key())).rejects.toThrow(TypeError);
    await expect(
      loadRouter(folder, { verify: key(), onError: "default", defaultModel: "safe" }),
    ).rejects.toThrow(TypeError);
  });
});

test("every form of a key gives the same 32 bytes", () => {
  const forms = [pem(ours.publicKey), der(ours.publicKey).toString("base64"), ` ${raw(ours.publicKey)}\n`];
  for (const form of forms)
    expect(Buffer.from(readPublicKey(form)).toString("base64")).toBe(raw(ours.publicKey));
});

test("a reload that isn't signed is refused, and the old artifact goes on", async () => {
  const router = await loadRouter(folder, { verify: pem(ours.publicKey) });
  const unsigned = changed((copy) => rmSync(join(copy, "manifest.sig")));
  expect(await router.reload(unsigned)).toMatchObject({
    outcome: "refused",
    error: { fault: "bad_signature" },
  });
  expect(router.decide({ prompt: "x" }).artifact).toBe("random-00000000");
});
