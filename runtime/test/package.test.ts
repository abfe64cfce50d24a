import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";

const require = createRequire(import.meta.url);
const runtime = join(import.meta.dirname, "..");
const modules = join(runtime, "..", "node_modules");
const manifest = JSON.parse(readFileSync(join(runtime, "package.json"), "utf8")) as {
  version: string;
  exports: Record<string, string | { types: string; default: string }>;
  peerDependencies: Record<string, string>;
};
/** Where scripts/test.sh puts other majors of Node. */
const otherNodes = [22, 24].map((major) => {
  const platform = `node-${process.platform}-${process.arch}`;
  return { major, binary: join(modules, ".cache", `node-${major}`, "node_modules", platform, "bin", "node") };
});

let root: string;
let tarball: string;
let project: string;

/** Pack what would be published, and install it in a project of its own. Needs dist/, which `npm run build` makes. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "signalbox-package-"));
  const staged = join(root, "staged");
  run(process.execPath, [join(runtime, "scripts", "pack.mjs"), staged]);
  run("npm", ["pack", staged, "--pack-destination", root]);
  tarball = join(root, `signalbox-runtime-${manifest.version}.tgz`);
  project = join(root, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "name": "project", "private": true, "type": "module" }');
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], project);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(command: string, args: readonly string[], cwd = root): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function evaluate(code: string): string {
  return run(process.execPath, ["--input-type=module", "-e", code], project);
}

function artifacts(name: string): string {
  const folder = join(root, name);
  for (const [i, id] of ["first", "second"].entries())
    writeRandomArtifact(join(folder, id), { hidden: 4, seed: i + 1, id });
  writeFileSync(join(folder, "latest.json"), '{ "artifact_id": "first" }');
  return folder;
}

describe("the package", () => {
  test("is smaller than 100 kB and installs nothing else", () => {
    expect(statSync(tarball).size).toBeLessThan(100_000);
    const installed = run("npm", ["ls", "--all", "--parseable"], project).trim().split("\n");
    expect(installed).toHaveLength(2);
  });

  test("holds bundles, types that they name, and no map or source", () => {
    const names = run("tar", ["-tzf", tarball]).trim().split("\n");
    const others = names.filter((name) => !/^package\/dist\/.+\.(js|d\.ts)$/.test(name));
    expect(others.sort()).toEqual(["package/LICENSE", "package/README.md", "package/package.json"]);
    for (const target of Object.values(manifest.exports)) {
      if (typeof target === "string") continue;
      expect(names).toContain(target.default.replace("./", "package/"));
      expect(names).toContain(target.types.replace("./", "package/"));
    }
  });

  test("can be imported, and required, without any peer", () => {
    const exported = evaluate(`
      import { createRequire } from "node:module";
      import { loadRouter } from "@signalbox/runtime";
      import { loadRouter as loadBytes } from "@signalbox/runtime/core";
      import { onnxruntimeEngine } from "@signalbox/runtime/onnxruntime";
      const required = createRequire(import.meta.url)("@signalbox/runtime");
      console.log(loadRouter === required.loadRouter, typeof loadBytes, typeof onnxruntimeEngine);`);
    expect(exported.trim()).toBe("true function function");
  });

  test("publint finds nothing", async () => {
    const { messages } = await publint({ pkgDir: join(root, "staged"), strict: true });
    expect(messages).toEqual([]);
  });

  test("its types resolve for ES modules and bundlers", () => {
    const attw = require
      .resolve("@arethetypeswrong/cli/internal/getExitCode")
      .replace(/getExitCode/, "index");
    const said = run(process.execPath, [attw, tarball, "--profile", "esm-only", "--format", "ascii"]);
    const entries = Object.values(manifest.exports).filter((target) => typeof target !== "string");
    expect(said.match(/node16 \(from ESM\): 🟢 \(ESM\)/gu)).toHaveLength(entries.length);
  });

  test("says what to install when onnxruntime-node is missing, or is one that it can't use", () => {
    const folder = artifacts("engine");
    const load = `
      import { loadRouter } from "@signalbox/runtime";
      import { onnxruntimeEngine } from "@signalbox/runtime/onnxruntime";
      const router = await loadRouter(${JSON.stringify(folder)}, { engine: onnxruntimeEngine }).catch((error) => error);
      console.log(router.fault, router.message);`;
    expect(evaluate(load)).toMatch(/^bad_engine onnxruntime-node: can't be loaded; install it/);
    const fake = join(project, "node_modules", "onnxruntime-node");
    mkdirSync(join(fake, "dist"), { recursive: true });
    writeFileSync(join(fake, "package.json"), '{ "name": "onnxruntime-node", "main": "dist/index.js" }');
    writeFileSync(join(fake, "dist", "index.js"), "exports.Tensor = class {};");
    writeFileSync(join(fake, "dist", "binding.js"), "exports.binding = { InferenceSession: class {} };");
    expect(evaluate(load)).toMatch(/^bad_engine onnxruntime-node: has no synchronous native session/);
    rmSync(fake, { recursive: true });
  });

  test("every entry can be imported where its peers are", () => {
    for (const peer of Object.keys(manifest.peerDependencies)) {
      mkdirSync(dirname(join(project, "node_modules", peer)), { recursive: true });
      symlinkSync(join(modules, peer), join(project, "node_modules", peer));
    }
    for (const [subpath, target] of Object.entries(manifest.exports)) {
      if (typeof target === "string") continue;
      const exported = evaluate(
        `console.log(Object.keys(await import("@signalbox/runtime${subpath.slice(1)}")).length)`,
      );
      expect([subpath, Number(exported) > 0]).toEqual([subpath, true]);
    }
  });
});

describe("loads, decides, swaps, rolls back and logs", () => {
  test("on the Node that runs the tests", () => smoke(process.execPath, "here"));

  test.each(otherNodes.filter(({ binary }) => existsSync(binary)))("on Node $major", ({ major, binary }) => {
    expect(smoke(binary, `node-${major}`)).toBe(major);
  });
  for (const { major, binary } of otherNodes.filter(({ binary }) => !existsSync(binary)))
    test.skip(`on Node ${major} (${binary} is missing; scripts/test.sh installs it)`, () => {});
});

function smoke(node: string, name: string): number {
  const folder = artifacts(name);
  const script = join(import.meta.dirname, "support", "smoke.mjs");
  const { major, ...result } = JSON.parse(run(node, [script, folder, "second"], project));
  expect(result).toEqual({
    wrong: 0,
    logged: 4,
    golden: 4,
    reload: "swapped",
    after: "second",
    back: "first",
    errors: {},
  });
  expect(readFileSync(join(folder, "latest.json"), "utf8")).toContain("first");
  return major;
}
