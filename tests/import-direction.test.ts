import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** Who may import whom: the arrows of docs/architecture.md. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  datasets: [],
  models: ["datasets"],
  pipelines: ["datasets", "models"],
  reports: ["datasets"],
  scripts: ["datasets", "models", "pipelines", "reports"],
};
const folders = Object.keys(allowed);

let sandbox: string;

beforeAll(() => {
  sandbox = mkdtempSync(join(tmpdir(), "signalbox-imports-"));
  symlinkSync(join(root, "node_modules"), join(sandbox, "node_modules"));
  cpSync(join(root, "tsconfig.base.json"), join(sandbox, "tsconfig.base.json"));
  writeFileSync(join(sandbox, "package.json"), '{ "type": "module" }');
  mkdirSync(join(sandbox, "runtime", "src"), { recursive: true });
  cpSync(join(root, "runtime", "tsconfig.json"), join(sandbox, "runtime", "tsconfig.json"));
  writeFileSync(join(sandbox, "runtime", "src", "here.ts"), "export const here = 1;\n");
  for (const folder of folders) {
    mkdirSync(join(sandbox, folder));
    cpSync(join(root, folder, "tsconfig.json"), join(sandbox, folder, "tsconfig.json"));
    writeFileSync(join(sandbox, folder, "here.ts"), "export const here = 1;\n");
  }
});

afterAll(() => rmSync(sandbox, { recursive: true, force: true }));

function build(folder: string, importPath: string): { ok: boolean; output: string } {
  const file = join(sandbox, folder, folder === "runtime" ? "src/probe.ts" : "probe.ts");
  writeFileSync(file, `export { here as there } from "${importPath}";\n`);
  const result = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b", folder], {
    cwd: sandbox,
    encoding: "utf8",
  });
  rmSync(file);
  return { ok: result.status === 0, output: result.stdout };
}

for (const folder of folders) {
  for (const other of folders.filter((name) => name !== folder)) {
    const mayImport = allowed[folder]!.includes(other);
    test(`${folder} ${mayImport ? "may" : "can't"} import ${other}`, () => {
      const { ok, output } = build(folder, `../${other}/here.js`);
      expect(ok, output).toBe(mayImport);
    });
  }
}

test("the runtime can't import the toolkit", () => {
  expect(build("runtime", "../../datasets/here.js").ok).toBe(false);
});
