import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../datasets/package-root.js";

/** Version of the toolkit that is running: rows that another version wrote are read again. */
export const toolkitVersion: string = (
  JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }
).version;
