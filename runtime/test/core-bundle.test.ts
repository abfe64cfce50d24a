import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, Script } from "node:vm";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import type { GoldenRow } from "../src/artifact/artifact.js";
import { loadRouter } from "../src/artifact/load-router.js";
import type * as Core from "../src/core.js";
import type { RouteRequest } from "../src/request/request.js";
import { packFolder, readFiles } from "./support/artifact-files.js";
import { cachePolicy } from "./support/cache-policy.js";

/** What every worker has, beside the language itself: https://min-common-api.proposal.wintertc.org */
const workerGlobals = { atob, btoa, crypto, performance, setTimeout, TextDecoder, TextEncoder };

let folder: string;
let code: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-core-"));
  writeRandomArtifact(folder, { cache: cachePolicy() });
  code = await bundleCore();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One script that assigns the core's exports to `core`. Anything that would have to be imported fails the build. */
async function bundleCore(): Promise<string> {
  const bundle = await rolldown({
    input: join(import.meta.dirname, "../src/core.ts"),
    platform: "neutral",
    onLog: (_, log) => {
      throw new Error(log.message);
    },
  });
  const { output } = await bundle.generate({ format: "iife", name: "core" });
  await bundle.close();
  expect(output).toHaveLength(1);
  expect(output[0].imports).toEqual([]);
  return output[0].code;
}

/** A world with the language, what every worker has, and nothing of Node's. */
function openWorker(globals: object = workerGlobals): typeof Core {
  const context = createContext({ ...globals });
  new Script(`${code}\nglobalThis.core = core;`).runInContext(context);
  return (context as unknown as { core: typeof Core }).core;
}

/** Decisions without what differs from call to call. */
function decideAll(router: Pick<Core.Router, "decide">, requests: readonly RouteRequest[]): unknown {
  const decisions = requests.map((request, i) => {
    const { tookUs, ...decision } = router.decide({ ...request, requestId: `r${i}`, sessionId: `s${i % 3}` });
    return decision;
  });
  return JSON.parse(JSON.stringify(decisions));
}

function goldenRequests(): RouteRequest[] {
  const lines = readFileSync(join(folder, "golden.jsonl"), "utf8").trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as GoldenRow).request);
}

describe("the core in one script", () => {
  test("names no module of Node's", () => {
    expect(code).not.toMatch(/\bnode:|\brequire\s*\(|\bimport\s*\(/);
    for (const name of builtinModules) expect(code).not.toContain(`from "${name}"`);
  });

  test("decides as the Node entry does, from an archive and from files", async () => {
    const requests = [...goldenRequests(), { messages: [{ role: "user", content: "Why? ".repeat(500) }] }];
    const wanted = decideAll(await loadRouter(folder), requests);
    const core = openWorker();
    for (const bytes of [packFolder(folder), readFiles(folder)]) {
      const router = await core.loadRouter(inWorker(bytes));
      expect(decideAll(router, requests)).toEqual(wanted);
      expect(router.stats()).toMatchObject({ errors: {}, defaults: 0, off: null });
    }
  });

  test("has the same cache keys and embedder as the Node entry", async () => {
    const request = {
      model: "gpt-4o",
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this? \ud83d" },
            { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
          ],
        },
      ],
    };
    const core = openWorker();
    const router = await loadRouter(folder);
    expect(JSON.stringify(core.cacheKey(request))).toBe(JSON.stringify(router.cacheKey(request)));
    expect(core.answerId("Paris.")).toBe((await import("../src/cache/answer-id.js")).answerId("Paris."));
    const { hashedEmbedder } = await import("../src/embed/hashed-embedder.js");
    expect(core.hashedEmbedder(256).sha256).toBe(hashedEmbedder(256).sha256);
  });

  test("refuses damage, swaps and rolls back there as well", async () => {
    const core = openWorker();
    const router = await core.loadRouter(inWorker(packFolder(folder)));
    const cut = inWorker(packFolder(folder).subarray(0, 100_000)) as Uint8Array;
    expect(await router.reload(cut)).toMatchObject({ outcome: "refused", error: { fault: "bad_archive" } });
    const other = mkdtempSync(join(tmpdir(), "signalbox-core-"));
    writeRandomArtifact(other, { seed: 2, id: "second" });
    expect(await router.reload(inWorker(readFiles(other)))).toMatchObject({ outcome: "swapped" });
    rmSync(other, { recursive: true });
    expect(router.artifact).toBe("second");
    expect(router.rollback()).toBe(true);
    expect(router.decide({ prompt: "x" }).artifact).toBe("random-00000000");
  });

  test("decides without WebAssembly, and without WebCrypto's subtle", async () => {
    const { randomUUID } = crypto;
    const core = openWorker({
      ...workerGlobals,
      WebAssembly: undefined,
      crypto: { randomUUID: () => randomUUID.call(crypto) },
    });
    const router = await core.loadRouter(inWorker(readFiles(folder)));
    expect(router.decide({ prompt: "Hello" }).reasons[0]).not.toMatch(/error/);
    expect(router.stats().errors).toEqual({});
  });
});

/** Plain byte arrays in place of Node's Buffers. */
function inWorker<Bytes extends Core.ArtifactBytes>(bytes: Bytes): Core.ArtifactBytes {
  if (bytes instanceof Uint8Array) return new Uint8Array(bytes);
  return Object.fromEntries(Object.entries(bytes).map(([name, file]) => [name, new Uint8Array(file)]));
}
