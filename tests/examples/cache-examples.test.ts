import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CachePolicy, hashedEmbedder, pairFeatureNames } from "@signalbox/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../datasets/package-root.js";
import { cachePolicy } from "../../runtime/test/support/cache-policy.js";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";

const { id, sha256, dim } = hashedEmbedder(512);
const cache: CachePolicy = cachePolicy(
  { default: { level: "own", min_score: 0.5 } },
  { score: "pair_model", learnt_answers: true, embedder: { id, sha256, dim }, ttl_s: 3_600 },
);
/** Serves what has a cosine above 0.5. */
const cacheModel = { weights: Float32Array.from(pairFeatureNames, (_, i) => (i === 0 ? 10 : 0)), bias: -5 };

/** Tier and reason of each request; the same whatever the cache is kept in. */
const wanted = [
  ["acme", "miss", "no_neighbours"],
  ["acme", "exact", "exact"],
  ["acme", "near", "above_threshold"],
  ["acme", "miss", "guard:numbers"],
  ["acme", "miss", "guard:negation"],
  ["globex", "miss", "no_neighbours"],
  ["globex", "near", "above_threshold"],
  ["acme", "uncached", "user_specific"],
  ["acme", "miss", "below_threshold"],
];
const summary = "1 exact, 2 near, 5 misses, 1 not cached; answers of another tenant: 0";

let root: string;
let artifact: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "signalbox-examples-"));
  artifact = join(root, "artifact");
  writeRandomArtifact(artifact, { hidden: 0, cache, cacheModel });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(program: string, ...options: string[]): string[] {
  const output = execFileSync(process.execPath, [program, artifact, ...options], {
    cwd: packageRoot,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return output.trim().split("\n");
}

function expectWanted(lines: readonly string[]): void {
  expect(lines.slice(0, -1).map((line) => line.split(/\s+/).slice(0, 3))).toEqual(wanted);
  expect(lines.at(-1)).toBe(summary);
}

function hasRedis(): boolean {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("examples", () => {
  test("cache-in-process.mjs serves exact and near hits inside a tenant", () => {
    expectWanted(run("examples/cache-in-process.mjs"));
  });

  test("cache-redis.mjs does the same in a Redis server", async ({ skip }) => {
    if (!hasRedis()) skip("no redis-server here (apt-get install redis-server)");
    const socket = join(root, "redis.sock");
    const server = spawn(
      "redis-server",
      ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", root],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    const ended = new Promise((resolve) => server.once("exit", resolve));
    try {
      await new Promise<void>((resolve, reject) => {
        server.stdout.on("data", (text: Buffer) => {
          if (/accept connections/.test(text.toString())) resolve();
        });
        server.once("error", reject);
        server.once("exit", () => reject(new Error("redis-server ended")));
      });
      expectWanted(run("examples/cache-redis/cache-redis.mjs", socket));
      const again = run("examples/cache-redis/cache-redis.mjs", socket);
      expect(again.slice(0, -1).filter((line) => /^\w+ +exact/.test(line))).toHaveLength(6);
      expect(again.at(-1)).toMatch(/answers of another tenant: 0$/);
    } finally {
      server.kill();
      await ended;
    }
  });

  test("cache-redis.mjs answers without a Redis", () => {
    const lines = run("examples/cache-redis/cache-redis.mjs", join(root, "nobody.sock"));
    expect(lines.at(-1)).toBe("0 exact, 0 near, 8 misses, 1 not cached; answers of another tenant: 0");
  });
});
