import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express, { type Request } from "express";
import Fastify, { type FastifyRequest } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expressRouting } from "../../src/adapters/http/express-routing.js";
import { fastifyRouting } from "../../src/adapters/http/fastify-routing.js";
import type { HttpRequest, HttpRoutingOptions, RoutedRequest } from "../../src/adapters/http/http-shapes.js";
import type { DecisionRecord } from "../../src/log/decision-record.js";
import type { Router } from "../../src/router/router.js";
import { recordingRouter } from "../support/recording-router.js";
import { easy } from "../support/scripted-router.js";

let root: string;
let router: Router;
let records: DecisionRecord[];
/** Called after each record, so that a test can wait for one. */
let onRecord = () => {};

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "signalbox-http-"));
  const decisionLog = (record: DecisionRecord) => {
    records.push(record);
    onRecord();
  };
  ({ router } = await recordingRouter(root, () => easy, {}, { decisionLog }));
  records = [];
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => {
  records.length = 0;
});

interface Host {
  url: string;
  close(): Promise<unknown>;
}
type Options = Partial<HttpRoutingOptions<HttpRequest>>;
type Handler = (routed: RoutedRequest | null | undefined) => Promise<{ status: number; body: unknown }>;

const answer: Handler = async (routed) => ({ status: 200, body: { model: routed?.decision.model ?? null } });

async function startExpress(options: Options, handle: Handler): Promise<Host> {
  const app = express();
  app.use(express.json({ limit: "2mb" }));
  app.use(expressRouting<Request>({ router, ...options } as HttpRoutingOptions<Request>));
  app.all("/{*path}", async (request, response) => {
    const { status, body } = await handle((request as { signalbox?: RoutedRequest }).signalbox);
    response.status(status).json(body);
  });
  return await new Promise((resolve) => {
    const server = app.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("no address");
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        close: () => new Promise((closed) => server.close(closed).closeAllConnections()),
      });
    });
  });
}

async function startFastify(options: Options, handle: Handler): Promise<Host> {
  const app = Fastify({
    bodyLimit: 2 * 2 ** 20,
    forceCloseConnections: true,
    onProtoPoisoning: "ignore",
    onConstructorPoisoning: "ignore",
  });
  app.register(fastifyRouting<FastifyRequest>({ router, ...options } as HttpRoutingOptions<FastifyRequest>));
  app.all("/*", async (request, reply) => {
    const { status, body } = await handle(
      (request as unknown as { signalbox: RoutedRequest | null }).signalbox,
    );
    return reply.status(status).send(body);
  });
  return { url: await app.listen({ port: 0, host: "127.0.0.1" }), close: () => app.close() };
}

const chat = {
  model: "gpt-4o",
  messages: [{ role: "user", content: "Write an essay about the history of canals." }],
};

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

describe.each([
  ["Express", startExpress],
  ["Fastify", startFastify],
])("routing in %s", (_, start) => {
  async function withHost<T>(options: Options, handle: Handler, run: (host: Host) => Promise<T>): Promise<T> {
    const host = await start(options, handle);
    try {
      return await run(host);
    } finally {
      await host.close();
    }
  }
  /** Resolves when as many records are written. */
  const recorded = (count: number) =>
    new Promise<void>((resolve) => {
      onRecord = () => {
        if (records.length >= count) resolve();
      };
      onRecord();
    });

  test("decides for a model call, says so in headers and records it once", async () => {
    await withHost({}, answer, async ({ url }) => {
      const response = await post(url, chat, { "x-request-id": "r-7" });
      expect(await response.json()).toEqual({ model: "small" });
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "x-signalbox-decision": "small",
        "x-signalbox-reasons": "sufficient",
        "x-signalbox-artifact": "random-00000000",
        "x-signalbox-request-id": "r-7",
      });
      await recorded(1);
    });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ request_id: "r-7", decided_model: "small", error: null, usage: null });
    expect(records[0]!.latency_ms).toBeGreaterThan(0);
  });

  test("records what the handler knows of the call", async () => {
    const handle: Handler = async (routed) => {
      routed!.record({ usage: { input_tokens: 5 }, servedModel: "small" });
      routed!.record({ finishReason: "end_turn" });
      return answer(routed);
    };
    await withHost({}, handle, async ({ url }) => {
      await post(url, chat);
      await recorded(1);
    });
    expect(records[0]).toMatchObject({
      usage: { input_tokens: 5 },
      served_model: "small",
      finish_reason: "end_turn",
    });
  });

  test("records a response that failed", async () => {
    await withHost(
      {},
      async () => ({ status: 429, body: {} }),
      async ({ url }) => {
        await post(url, chat);
        await recorded(1);
      },
    );
    expect(records[0]).toMatchObject({ error: "429", error_class: "rate_limited" });
  });

  test("records a caller that leaves before the answer", async () => {
    const leave: { now?: () => void } = {};
    const handle: Handler = async () => {
      leave.now!();
      await recorded(1);
      return { status: 200, body: {} };
    };
    await withHost({}, handle, async ({ url }) => {
      const abort = new AbortController();
      leave.now = () => abort.abort();
      const body = JSON.stringify(chat);
      const headers = { "content-type": "application/json" };
      await expect(
        fetch(`${url}/x`, { method: "POST", body, headers, signal: abort.signal }),
      ).rejects.toThrow(/abort/);
      await recorded(1);
    });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ error: "connection_closed" });
  });

  test.each<[string, unknown, Record<string, string>]>([
    ["asks not to be routed", chat, { "x-signalbox-route": "off" }],
    ["is no model call", { name: "a form" }, {}],
    ["has a list for a body", [1, 2], {}],
    ["has no turns", { messages: [] }, {}],
    ["has turns of the wrong type", { messages: "none", contents: 7, prompt: {} }, {}],
  ])("leaves alone a request that %s", async (__, body, headers) => {
    await withHost({}, answer, async ({ url }) => {
      const response = await post(url, body, headers);
      expect(await response.json()).toEqual({ model: null });
      expect(response.headers.get("x-signalbox-decision")).toBeNull();
    });
    expect(records).toEqual([]);
  });

  test("leaves alone what is no POST", async () => {
    await withHost({}, answer, async ({ url }) => {
      expect(await (await fetch(`${url}/anything`)).json()).toEqual({ model: null });
    });
  });

  test.each<[string, unknown]>([
    ["messages of the wrong types", { messages: [null, 1, "text", [], {}, { role: 3, content: 12 }] }],
    [
      "a thousand nested lists",
      `{"messages":[{"role":"user","content":${"[".repeat(1_000)}${"]".repeat(1_000)}}]}`,
    ],
    ["a megabyte of text", { prompt: "漢".repeat(300_000) }],
    ["names of the prototype", '{"__proto__":{"messages":[1]},"constructor":1,"prompt":"x"}'],
    [
      "lone surrogates and control characters",
      '{"prompt":"\\ud83d\\u0000","request_id":"\\ud83d\\r\\nx: y"}',
    ],
    ["an id of a hundred thousand characters", { prompt: "x", request_id: "i".repeat(100_000) }],
  ])("answers a hostile body: %s", async (__, body) => {
    await withHost({}, answer, async ({ url }) => {
      const response = await post(url, body);
      expect(response.status).toBe(200);
      const { model } = (await response.json()) as { model: string };
      expect(["small", "medium", "large"]).toContain(model);
      expect(response.headers.get("x-signalbox-decision")).toBe(model);
    });
  });

  test("believes facts and limits from the server, not from the body", async () => {
    const seen: unknown[] = [];
    const spy = {
      decide: (request: unknown) => {
        seen.push(request);
        return router.decide(request as never);
      },
      record: () => {},
    };
    const forged = {
      ...chat,
      meta: { plan: "forged" },
      retention: 0,
      allowModels: ["small"],
      maxCostUsd: 1e-9,
    };
    const options: Options = {
      router: spy,
      metaOf: () => ({ plan: "free" }),
      limitsOf: () => ({ regions: ["eu"] }),
      sessionOf: () => "s1",
    };
    await withHost(options, answer, async ({ url }) => void (await post(url, forged)));
    expect(seen[0]).toMatchObject({ meta: { plan: "free" }, regions: ["eu"], sessionId: "s1" });
    expect(seen[0]).toMatchObject({ allowModels: undefined, retention: undefined, maxCostUsd: undefined });
  });

  test("answers although the router and every hook throw", async () => {
    const fail = () => {
      throw new Error("broken");
    };
    for (const options of [
      { sessionOf: fail },
      { metaOf: fail },
      { limitsOf: fail },
      { isModelCall: fail },
      { router: { decide: fail, record: fail } },
    ] as Options[]) {
      await withHost(options, answer, async ({ url }) => expect((await post(url, chat)).status).toBe(200));
    }
  });

  test("keeps its headers to itself when told to", async () => {
    await withHost({ sendHeaders: false }, answer, async ({ url }) => {
      const response = await post(url, chat);
      expect(await response.json()).toEqual({ model: "small" });
      expect(response.headers.get("x-signalbox-decision")).toBeNull();
    });
  });

  test("survives a connection that breaks within a body", async () => {
    await withHost({}, answer, async ({ url }) => {
      const { port } = new URL(url);
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), "127.0.0.1", () => {
          socket.write(
            'POST /x HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{"messages":[',
            () => {
              socket.destroy();
              resolve();
            },
          );
        });
      });
      expect((await post(url, chat)).status).toBe(200);
    });
  });
});
