import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../datasets/package-root.js";

/** What `npm pack` would publish of runtime/, built by `tsc -b`. */
export function measurePack(): { kilobytes: number; dependencies: number } {
  const folder = join(packageRoot, "runtime");
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(output) as [{ size: number }];
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    dependencies?: object;
  };
  return { kilobytes: packed.size / 1_000, dependencies: Object.keys(dependencies).length };
}
