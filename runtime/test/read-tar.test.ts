import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ArtifactError } from "../src/artifact/artifact-error.js";
import { readTar } from "../src/artifact/read-tar.js";
import { type TarEntry, writeTar } from "./support/write-tar.js";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "signalbox-tar-"));
  mkdirSync(join(root, "a"));
  writeFileSync(join(root, "a", "manifest.json"), "{}");
  writeFileSync(join(root, "a", "empty"), "");
  writeFileSync(join(root, "a", "model.onnx"), Buffer.alloc(1_300, 7));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const tar = (...args: string[]) => execFileSync("tar", ["-C", root, "-cf", "-", ...args]);
const texts = (files: Map<string, Uint8Array>) =>
  Object.fromEntries([...files].map(([name, bytes]) => [name, bytes.length]));

describe("reads what tar writes", () => {
  test.each(["gnu", "ustar", "pax"])("--format=%s", (format) => {
    const files = readTar(tar(`--format=${format}`, "./a"), "archive");
    expect(texts(files)).toEqual({ "a/manifest.json": 2, "a/empty": 0, "a/model.onnx": 1_300 });
    expect(files.get("a/model.onnx")!.every((byte) => byte === 7)).toBe(true);
  });

  test("a name split in two, and the folder itself as an entry", () => {
    const files = readTar(
      writeTar([
        { name: "./", flag: "5" },
        { name: "b", prefix: "x/y", content: "z" },
      ]),
      "t",
    );
    expect([...files.keys()]).toEqual(["x/y/b"]);
  });
});

const good: TarEntry = { name: "manifest.json", content: "{}" };

test.each<[string, RegExp, () => Uint8Array]>([
  ["nothing", /end mark/, () => new Uint8Array(0)],
  ["a text", /no tar archive/, () => Buffer.from("hello ".repeat(200))],
  ["gzip", /compressed/, () => gzipSync(writeTar([good]))],
  ["no end mark", /end mark/, () => writeTar([good], { end: 0 })],
  ["a cut header", /end mark/, () => writeTar([good, good]).subarray(0, 1_300)],
  [
    "a cut file",
    /ends inside manifest/,
    () => writeTar([{ ...good, content: "x".repeat(2_000) }]).subarray(0, 1_024),
  ],
  ["a size beyond the end", /ends inside/, () => writeTar([{ ...good, size: "00000777777\0" }])],
  ["a huge size", /a size that is none/, () => writeTar([{ ...good, size: "777777777777" }])],
  ["a negative size", /a size that is none/, () => writeTar([{ ...good, size: "-0000000001\0" }])],
  ["a size in base 256", /a size that is none|checksum/, () => writeTar([{ ...good, size: "\xff\xff\xff" }])],
  ["no size", /a size that is none/, () => writeTar([{ ...good, size: "\0" }])],
  ["a wrong checksum", /checksum/, () => writeTar([{ ...good, checksum: "000001\0 " }])],
  ["another magic", /no tar archive/, () => writeTar([{ ...good, magic: "tarzan00" }])],
  ["a way up", /no name inside/, () => writeTar([{ ...good, name: "../manifest.json" }])],
  ["a way up in the middle", /no name inside/, () => writeTar([{ ...good, name: "a/../../b" }])],
  ["a way up in the prefix", /no name inside/, () => writeTar([{ ...good, prefix: ".." }])],
  ["a folder above", /no name inside/, () => writeTar([{ name: "../", flag: "5" }])],
  ["an absolute name", /no name inside/, () => writeTar([{ ...good, name: "/etc/passwd" }])],
  ["a drive", /no name inside/, () => writeTar([{ ...good, name: "C:x" }])],
  ["a backslash", /no name inside/, () => writeTar([{ ...good, name: "..\\x" }])],
  ["an empty name", /no name inside/, () => writeTar([{ ...good, name: "" }])],
  ["a line feed in a name", /no name inside/, () => writeTar([{ ...good, name: "a\nb" }])],
  ["two files of one name", /two files/, () => writeTar([good, { ...good, name: "./manifest.json" }])],
  ["a hard link", /link/, () => writeTar([{ ...good, flag: "1" }])],
  ["a symbolic link", /link/, () => writeTar([{ ...good, flag: "2" }])],
  ["a device", /no plain file/, () => writeTar([{ ...good, flag: "3" }])],
  ["a sparse file", /no plain file/, () => writeTar([{ ...good, flag: "S" }])],
  ["a long name of GNU's", /no plain file/, () => writeTar([{ ...good, flag: "L" }])],
  [
    "another name in an extended header",
    /path/,
    () => writeTar([{ name: "p", flag: "x", content: "16 path=../evil\n" }, good]),
  ],
  ["another size for all", /size/, () => writeTar([{ name: "p", flag: "g", content: "9 size=9\n" }, good])],
  ["a file after the end", /end mark/, () => Buffer.concat([writeTar([good]), writeTar([good])])],
  [
    "too many entries",
    /more than 1000/,
    () => writeTar(Array.from({ length: 1_001 }, (_, i) => ({ name: `f${i}` }))),
  ],
])("refuses %s", (_, message, make) => {
  const error = catchError(() => readTar(make(), "archive"));
  expect(error).toBeInstanceOf(ArtifactError);
  expect(error).toMatchObject({ fault: "bad_archive", message: expect.stringMatching(message) });
});

test("refuses a link that tar wrote", () => {
  symlinkSync("/etc/passwd", join(root, "link"));
  expect(() => readTar(tar("link"), "archive")).toThrow(/link/);
});

test("any damage to an archive gives a refusal or the files, never another error and no name that leads out", () => {
  const archive = writeTar([good, { name: "d/", flag: "5" }, { name: "d/x", content: "y".repeat(700) }]);
  const damage = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { maxLength: 6 });
  fc.assert(
    fc.property(damage, fc.nat(archive.length), (changes, length) => {
      const copy = Uint8Array.from(archive).subarray(0, length);
      for (const [at, byte] of changes) if (at < length) copy[at] = byte;
      const files = catchError(() => readTar(copy, "archive"));
      if (files instanceof Error) expect(files).toBeInstanceOf(ArtifactError);
      const names = files instanceof Map ? [...files.keys()] : [];
      for (const name of names) expect(name).not.toMatch(/^\/|(^|\/)\.\.(\/|$)/);
    }),
    { numRuns: 2_000 },
  );
});

function catchError(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
