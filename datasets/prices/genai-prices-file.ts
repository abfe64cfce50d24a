import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The installed genai-prices: its version, and the hash of the file that holds its prices. */
export function genaiPricesFile(): { version: string; sha256: string } {
  known ??= read();
  return known;
}

let known: { version: string; sha256: string } | null = null;

function read(): { version: string; sha256: string } {
  const path = createRequire(import.meta.url).resolve("@pydantic/genai-prices");
  const { version } = JSON.parse(readFileSync(join(dirname(path), "../package.json"), "utf8")) as {
    version: string;
  };
  return { version, sha256: createHash("sha256").update(readFileSync(path)).digest("hex") };
}
