import { join } from "node:path";
import { createContext, Script } from "node:vm";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";
import type * as FetchEntry from "../../src/fetch.js";
import { type ModelServer, startModelServer } from "../support/model-server.js";
import { type RecordedRouter, recordedRouter } from "../support/recorded-router.js";

/** What a worker has of the web beside the language: https://min-common-api.proposal.wintertc.org */
const workerGlobals = {
  AbortController,
  AbortSignal,
  ArrayBuffer,
  Blob,
  clearTimeout,
  crypto,
  DOMException,
  fetch,
  Headers,
  performance,
  ReadableStream,
  Request,
  Response,
  setTimeout,
  TextDecoder,
  TextEncoder,
  TransformStream,
  Uint8Array,
  URL,
};

let code: string;
let server: ModelServer;
let recorded: RecordedRouter;
beforeAll(async () => {
  const bundle = await rolldown({
    input: join(import.meta.dirname, "../../src/fetch.ts"),
    platform: "neutral",
    onLog: (_, log) => {
      throw new Error(log.message);
    },
  });
  const { output } = await bundle.generate({ format: "iife", name: "entry" });
  await bundle.close();
  expect(output).toHaveLength(1);
  expect(output[0].imports).toEqual([]);
  code = output[0].code;
  server = await startModelServer();
  recorded = await recordedRouter({ shadow: { rate: 1, salt: "all" } });
});
afterAll(() => server.close());

test("routes and shadows in a worker, where nothing of Node's is", async () => {
  const context = createContext({ ...workerGlobals });
  new Script(`${code}\nglobalThis.entry = entry;`).runInContext(context);
  const { createRoutedFetch, openResponseShadow } = (context as unknown as { entry: typeof FetchEntry })
    .entry;
  const { router } = recorded;
  const pairs: unknown[] = [];
  const shadow = openResponseShadow({ router, log: (pair) => pairs.push(pair), maxUsdPerDay: 1 });
  const routedFetch = createRoutedFetch({ router, shadow });
  const body = JSON.stringify({
    model: "large",
    messages: [{ role: "user", content: "What is the capital of France?" }],
    stream: true,
  });
  const response = await routedFetch(`${server.url}/v1/chat/completions`, { method: "POST", body });
  expect(await response.text()).toContain("[DONE]");
  await shadow.flush();
  expect(server.calls.map((call) => call.body.model)).toEqual(["small", "large"]);
  expect(pairs).toMatchObject([{ status: "paired", served: "candidate" }]);
  expect(() => openResponseShadow({ router, log: "pairs.jsonl", maxUsdPerDay: 1 })).toThrow(
    "no file system here",
  );
});
