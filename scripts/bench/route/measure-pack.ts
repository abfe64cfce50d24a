import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../../datasets/package-root.js";

/** What `npm pack` would publish of runtime/, bundled from what `tsc -b` built. */
export function measurePack(): { kilobytes: number; dependencies: number } {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-pack-"));
  execFileSync(process.execPath, [join(packageRoot, "runtime", "scripts", "pack.mjs"), folder]);
  const output = execFileSync("npm", ["pack", "--dry-run", "--json"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(output) as [{ size: number }];
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    dependencies?: object;
  };
  rmSync(folder, { recursive: true });
  return { kilobytes: packed.size / 1_000, dependencies: Object.keys(dependencies).length };
}
