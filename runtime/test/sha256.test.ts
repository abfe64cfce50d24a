import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256, sha256Hex, sha256HexOfUnits, toHex } from "../src/hash/sha256.js";
import { digestSha256 } from "../src/hash/sha256-digest.js";
import { sha256HexInSteps } from "../src/hash/sha256-in-steps.js";

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const reference = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");

test.each([
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  ],
  ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
])("gives the published digest of %#", (text, digest) => {
  expect(hexOf(digestSha256(new TextEncoder().encode(text)))).toBe(digest);
});

test("gives what Node gives for every length around the block borders, also inside a larger buffer", () => {
  const bytes = Uint8Array.from({ length: 400 }, (_, i) => (i * 89) & 255);
  for (let length = 0; length < 260; length++) {
    const part = bytes.subarray(7, 7 + length);
    expect(hexOf(digestSha256(part))).toBe(reference(part));
  }
});

test("gives what Node gives for random bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
      expect(hexOf(digestSha256(bytes))).toBe(reference(bytes));
    }),
  );
});

test("hashes text as UTF-8, lone surrogates as U+FFFD, by the host's means as by its own", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const digest = reference(text);
      expect(sha256Hex(text)).toBe(digest);
      expect(toHex(sha256(text))).toBe(digest);
      expect(toHex(digestSha256(new TextEncoder().encode(text)))).toBe(digest);
      expect(sha256HexOfUnits(text)).toBe(createHash("sha256").update(text, "utf16le").digest("hex"));
    }),
  );
});

test("hashes a large file in steps, with a breath after each, and an empty one", async () => {
  const file = Buffer.alloc(2_500_000, "signalbox");
  let breaths = 0;
  const breathe = async () => {
    breaths += 1;
  };
  expect(await sha256HexInSteps(file, breathe)).toBe(reference(file));
  expect(breaths).toBe(3);
  expect(await sha256HexInSteps(new Uint8Array(0), breathe)).toBe(reference(""));
});
