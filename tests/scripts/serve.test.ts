import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Decision, type DecisionRecord, loadRouter, type Router } from "@signalbox/runtime";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import yargs, { type CommandModule } from "yargs";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import { serveCommand } from "../../scripts/commands/serve.js";
import {
  type DecisionServer,
  type DecisionServerOptions,
  startDecisionServer,
} from "../../scripts/serve/decision-server.js";
import { openApiDocument } from "../../scripts/serve/openapi-document.js";
import { openApiSchemas } from "../../scripts/serve/openapi-schemas.js";
import { keepRecentDecisions } from "../../scripts/serve/recent-decisions.js";
import { routes } from "../../scripts/serve/routes.js";
import { startServe } from "../support/start-serve.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-serve-"));
const artifact = join(root, "artifact");
beforeAll(() => void writeRandomArtifact(artifact, { hidden: 2 }));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const models = ["small", "medium", "large"];
const question = "Compare the canals of Venice with those of Amsterdam in two paragraphs.";
const chat = { messages: [{ role: "user", content: question }] };

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

/** Send bytes as they are; resolves with all that comes back when the connection ends. */
function raw(port: number, ...pieces: string[]): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => {
      for (const piece of pieces) socket.write(piece);
    });
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
  });
}

describe("a decision server", () => {
  let records: DecisionRecord[];
  let router: Router;
  let server: DecisionServer;
  let url: string;

  async function start(options: Partial<DecisionServerOptions> = {}): Promise<void> {
    server = await startDecisionServer({
      router,
      host: "127.0.0.1",
      port: 0,
      maxBodyBytes: 64 * 1024,
      maxConcurrency: 8,
      failsOpen: false,
      ...options,
    });
    url = server.url;
  }
  beforeEach(async () => {
    records = [];
    router = await loadRouter(artifact, { decisionLog: (record) => void records.push(record) });
    await start();
  });
  afterEach(() => server.stop(1_000));

  test.each<[string, unknown]>([
    ["OpenAI chat", chat],
    ["OpenAI responses", { input: question }],
    ["Anthropic", { system: "Be brief.", max_tokens: 100, ...chat }],
    ["Gemini", { contents: [{ role: "user", parts: [{ text: question }] }] }],
    ["a prompt", { prompt: question }],
  ])("decides as the router does: %s", async (_, body) => {
    const response = await post(`${url}/decide`, body);
    expect(response.status).toBe(200);
    const decision = (await response.json()) as Decision;
    const expected = router.decide(body as never);
    expect(decision).toMatchObject({ model: expected.model, probabilities: expected.probabilities });
    expect(response.headers.get("x-signalbox-model")).toBe(expected.model);
  });

  test("explains a decision when asked to", async () => {
    const plain = (await (await post(`${url}/decide`, chat)).json()) as Decision;
    const { explanation } = (await (await post(`${url}/decide?explain=1`, chat)).json()) as {
      explanation: { models: Array<{ model: string; chosen: boolean; fallback: number | null }> };
    };
    expect(plain).not.toHaveProperty("explanation");
    expect(explanation.models.map(({ model }) => model).sort()).toEqual([...models].sort());
    expect(explanation.models[0]).toMatchObject({ model: plain.model, chosen: true, fallback: null });
    expect(explanation.models[1]).toMatchObject({ model: plain.fallbacks[0], chosen: false, fallback: 1 });
  });

  test("keeps the caller's request id, in a body before one in a header, and makes up what can't be kept", async () => {
    const idOf = async (body: object, header?: string) => {
      const response = await post(
        `${url}/decide`,
        body,
        header === undefined ? {} : { "x-request-id": header },
      );
      return [((await response.json()) as Decision).requestId, response.headers.get("x-request-id")];
    };
    expect(await idOf(chat, "h-1")).toEqual(["h-1", "h-1"]);
    expect(await idOf({ ...chat, requestId: "b-1" }, "h-1")).toEqual(["b-1", "h-1"]);
    const [made, echoed] = await idOf(chat, "x".repeat(500));
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
    expect(echoed).toBe(made);
  });

  test("records a result with its decision, once", async () => {
    await post(`${url}/decide`, { ...chat, requestId: "r1" });
    const result = {
      request_id: "r1",
      usage: { prompt_tokens: 9 },
      latency_ms: 50,
      served_model: "small",
      finish_reason: "stop",
      attempts: [{ model: "large", error_class: "timeout", latency_ms: 30 }, { model: "small" }],
    };
    expect((await post(`${url}/record`, result)).status).toBe(202);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      request_id: "r1",
      usage: { prompt_tokens: 9 },
      latency_ms: 50,
      served_model: "small",
      finish_reason: "stop",
      attempts: [
        { model: "large", error_class: "timeout", latency_ms: 30 },
        { model: "small", error_class: null, latency_ms: null },
      ],
    });
    const again = await post(`${url}/record`, result);
    expect(again.status).toBe(404);
    expect(await again.json()).toMatchObject({ error: { code: "unknown_decision" } });
  });

  test("takes a result in camelCase too", async () => {
    await post(`${url}/decide`, { ...chat, requestId: "r1" });
    await post(`${url}/record`, { requestId: "r1", latencyMs: 5, errorClass: "timeout", error: "ETIMEDOUT" });
    expect(records[0]).toMatchObject({ latency_ms: 5, error_class: "timeout", error: "ETIMEDOUT" });
  });

  test.each<[string, object]>([
    ["no_request_id", {}],
    ["unfit_field", { request_id: 7 }],
    ["unfit_field", { request_id: "i".repeat(201) }],
    ["unfit_field", { request_id: "r1", latency_ms: -1 }],
    ["unfit_field", { request_id: "r1", latency_ms: "fast" }],
    ["unfit_field", { request_id: "r1", finish_reason: "long ".repeat(100) }],
    ["unfit_field", { request_id: "r1", attempts: "two" }],
    ["unfit_field", { request_id: "r1", attempts: [null] }],
    ["unfit_field", { request_id: "r1", attempts: [{ latency_ms: 4 }] }],
    ["unfit_field", { request_id: "r1", attempts: Array(21).fill({ model: "small" }) }],
  ])("refuses a result with %s: %j", async (code, result) => {
    await post(`${url}/decide`, { ...chat, requestId: "r1" });
    const response = await post(`${url}/record`, result);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(records).toEqual([]);
    expect((await post(`${url}/record`, { request_id: "r1" })).status).toBe(202);
  });

  test("logs decisions that nobody reported when it stops", async () => {
    await post(`${url}/decide`, { ...chat, requestId: "silent" });
    expect(records).toEqual([]);
    expect(await server.stop(1_000)).toBe(true);
    expect(records.map(({ request_id, latency_ms }) => [request_id, latency_ms])).toEqual([["silent", null]]);
  });

  test.each<[string, string, string, Record<string, string>, string | undefined, number, string]>([
    ["no JSON", "POST", "/decide", {}, `{"prompt": "secret`, 400, "bad_json"],
    ["nothing", "POST", "/decide", {}, undefined, 400, "bad_json"],
    ["a list", "POST", "/decide", {}, "[]", 400, "not_an_object"],
    ["null", "POST", "/record", {}, "null", 400, "not_an_object"],
    ["a form", "POST", "/decide", { "content-type": "text/plain" }, "{}", 415, "not_json"],
    ["JSON of a kin", "POST", "/decide", { "content-type": "application/jsonp" }, "{}", 415, "not_json"],
    ["a packed body", "POST", "/decide", { "content-encoding": "gzip" }, "{}", 415, "encoded"],
    ["too much", "POST", "/decide", {}, `{"prompt":"${"x".repeat(70_000)}"}`, 413, "too_large"],
    ["a long session id", "POST", "/decide", {}, `{"sessionId":"${"x".repeat(201)}"}`, 400, "unfit_field"],
    ["a long request id", "POST", "/decide", {}, `{"request_id":"${"x".repeat(201)}"}`, 400, "unfit_field"],
    ["facts in a list", "POST", "/decide", {}, `{"meta":[1]}`, 400, "unfit_field"],
    ["a long fact", "POST", "/decide", {}, `{"meta":{"app":"${"x".repeat(201)}"}}`, 400, "unfit_field"],
    ["a wrong path", "GET", "/", {}, undefined, 404, "no_such_route"],
    ["a wrong method", "GET", "/decide", {}, undefined, 405, "wrong_method"],
    ["another wrong method", "DELETE", "/health", {}, undefined, 405, "wrong_method"],
  ])("refuses %s", async (_, method, path, headers, body, status, code) => {
    const response = await fetch(url + path, {
      method,
      headers: method === "POST" ? { "content-type": "application/json", ...headers } : headers,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(JSON.parse(text)).toMatchObject({ error: { code, requestId: expect.any(String) } });
    expect(text).not.toContain("secret");
    expect(text.length).toBeLessThan(500);
    if (status === 405) expect(response.headers.get("allow")).toBe(path === "/decide" ? "POST" : "GET, HEAD");
    if (status === 404) expect(text).toContain("POST /decide");
  });

  test("refuses a body that turns out too large as it comes", async () => {
    const chunks = Array.from({ length: 8 }, () => `4000\r\n${"x".repeat(0x4000)}\r\n`);
    const head =
      "POST /decide HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    const answer = await raw(Number(new URL(url).port), head, ...chunks, "0\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toMatch(/connection: close/i);
  });

  test("refuses bytes that aren't UTF-8", async () => {
    const body = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/decide`, { method: "POST", headers, body });
    expect(await response.json()).toMatchObject({ error: { code: "bad_json" } });
  });

  test("says whether it is ready", async () => {
    const health = async () => {
      const response = await fetch(`${url}/health`);
      return { code: response.status, ...((await response.json()) as object) };
    };
    const artifactId = "random-00000000";
    expect(await health()).toEqual({
      code: 200,
      status: "ok",
      live: true,
      ready: true,
      artifact: artifactId,
    });
    expect((await fetch(`${url}/health`, { method: "HEAD" })).status).toBe(200);
    router = await loadRouter(join(root, "none"), { onError: "default", defaultModel: "large" });
    for (const [failsOpen, code] of [
      [false, 503],
      [true, 200],
    ] as const) {
      await server.stop(1_000);
      await start({ failsOpen });
      expect(await health()).toMatchObject({ code, status: "no_artifact", ready: failsOpen, artifact: null });
      const decision = (await (await post(`${url}/decide`, chat)).json()) as Decision;
      expect(decision).toMatchObject({ model: "large", reasons: ["artifact_unavailable"] });
    }
  });

  test("counts what it does in Prometheus' text format", async () => {
    const { model, reasons } = (await (await post(`${url}/decide`, chat)).json()) as Decision;
    await post(`${url}/decide`, chat);
    await fetch(`${url}/made/up/path`);
    const text = await (await fetch(`${url}/metrics`)).text();
    for (const line of text.trimEnd().split("\n")) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) signalbox_\w+ .+|signalbox_\w+(\{\w+="[^"\n]*"(,\w+="[^"\n]*")*\})? [\d.e+-]+)$/,
      );
    }
    const reason = reasons[0]!.split(":")[0];
    expect(text).toContain(`signalbox_decisions_total{model="${model}",reason="${reason}"} 2\n`);
    expect(text).toContain(`signalbox_decision_seconds_bucket{le="+Inf"} 2\n`);
    expect(text).toContain("signalbox_decision_seconds_count 2\n");
    expect(text).toContain("signalbox_decisions_waiting 2\n");
    expect(text).toContain('signalbox_http_requests_total{route="/decide",status="200"} 2\n');
    expect(text).toContain('signalbox_http_requests_total{route="none",status="404"} 1\n');
    expect(text).toContain('signalbox_artifact_info{artifact="random-00000000"} 1\n');
    expect(text).not.toContain("made");
  });

  test("tells Envoy what it decided, in headers alone", async () => {
    const response = await post(`${url}/envoy/v1/chat/completions`, chat, { "x-request-id": "e-1" });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    expect(response.headers.get("x-signalbox-model")).toBe(router.decide(chat).model);
    expect(response.headers.get("x-signalbox-request-id")).toBe("e-1");
    expect((await post(`${url}/record`, { request_id: "e-1" })).status).toBe(202);
  });

  test.each<[string, RequestInit]>([
    ["a GET", {}],
    ["a DELETE", { method: "DELETE" }],
    ["a body that Envoy cut off", { method: "POST", body: `{"messages":[{"role":"user","content":"Hel` }],
    ["a body that is no model call", { method: "POST", body: `{"name":"form"}` }],
    ["a body that is too large", { method: "POST", body: `{"prompt":"${"x".repeat(70_000)}"}` }],
    ["an id that is too long", { method: "POST", body: `{"prompt":"x","requestId":"${"x".repeat(201)}"}` }],
    ["an opt-out", { method: "POST", body: JSON.stringify(chat), headers: { "x-signalbox-route": "off" } }],
    ["no body", { method: "POST" }],
  ])("lets Envoy go on without a decision: %s", async (_, init) => {
    const response = await fetch(`${url}/envoy/v1/chat/completions?x=1`, init);
    expect(response.status).toBe(200);
    expect(response.headers.get("x-signalbox-model")).toBeNull();
  });

  test("refuses more requests at a time than it may answer, but says how it is", async () => {
    await server.stop(1_000);
    await start({ maxConcurrency: 1 });
    const body = JSON.stringify(chat);
    const { port } = new URL(url);
    const slow = httpRequest({
      port,
      host: "127.0.0.1",
      method: "POST",
      path: "/decide",
      headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
    });
    const answered = new Promise<number>((resolve) =>
      slow.on("response", (response) => {
        response.resume();
        resolve(response.statusCode!);
      }),
    );
    slow.write(body.slice(0, 10));
    while (!(await (await fetch(`${url}/metrics`)).text()).includes("signalbox_http_in_flight 2\n"));
    const refused = await post(`${url}/decide`, chat);
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect((await fetch(`${url}/health`)).status).toBe(200);
    slow.end(body.slice(10));
    expect(await answered).toBe(200);
    expect((await post(`${url}/decide`, chat)).status).toBe(200);
  });

  test.each([
    ["headers", "POST /decide HTTP/1.1\r\nhost: x\r\nx-slow: "],
    [
      "body",
      "POST /decide HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
    ],
  ])("hangs up on a caller that never ends its %s", async (_, bytes) => {
    await server.stop(1_000);
    await start({ headersTimeoutMs: 50, requestTimeoutMs: 100 });
    expect(await raw(Number(new URL(url).port), bytes)).toMatch(/^HTTP\/1.1 408 /);
  });

  test("goes on answering when its log can't be written, and counts what is lost", async () => {
    await server.stop(1_000);
    router = await loadRouter(artifact, { decisionLog: join(root, "no", "such", "folder", "log.jsonl") });
    await start();
    await post(`${url}/decide`, { ...chat, requestId: "r1" });
    expect((await post(`${url}/record`, { request_id: "r1" })).status).toBe(202);
    await router.flush();
    expect(await (await fetch(`${url}/metrics`)).text()).toContain("signalbox_log_lost_total 1\n");
  });

  test("stays up through hostile bytes", async () => {
    const port = Number(new URL(url).port);
    const head =
      "POST /decide HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n";
    const deep = `{"messages":${"[".repeat(25_000)}${"]".repeat(25_000)}}`;
    const answers = await Promise.all(
      [
        ["\u0000\u0001\u0002\r\n\r\n"],
        ["GET / HTTP/9.9\r\n\r\n"],
        ["GET /\u00ff\u0000 HTTP/1.1\r\nhost: x\r\n\r\n"],
        ["GET //..//%00?%ff&&==[] HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"],
        ["GET http://evil.example/decide HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"],
        [`GET /health HTTP/1.1\r\nhost: x\r\nx-long: ${"a".repeat(40_000)}\r\n\r\n`],
        [`${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
        [`${head}transfer-encoding: chunked\r\n\r\nzz\r\n`],
        [`${head}content-length: -1\r\n\r\n{}`],
        [`${head}content-length: ${deep.length}\r\n\r\n`, deep],
        [`${head}content-length: 44\r\n\r\n{"__proto__":{"prompt":"x"},"prompt":{"a":1}}`],
        [`${head}content-length: 22\r\n\r\n{"messages":"\\ud83d"} `],
        ["GET /health HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\r\n"],
      ].map((pieces) => raw(port, ...pieces)),
    );
    for (const answer of answers) expect(answer).not.toMatch(/^HTTP\/1.1 5/);
    expect((await post(`${url}/decide`, chat)).status).toBe(200);
  });
});

describe("its OpenAPI document", () => {
  const ajv = new Ajv2020({ strict: false });
  const validate = (name: keyof typeof openApiSchemas, value: unknown) => {
    const check = ajv.compile(openApiSchemas[name]);
    expect(check(value), JSON.stringify(check.errors)).toBe(true);
  };

  test("names every route, and no other", () => {
    const documented = Object.entries(openApiDocument.paths).map(([path, item]) => {
      const methods = ["get", "post"].filter((method) => method in item);
      return `${methods.join()} ${path}`;
    });
    const served = routes.map(({ method, path }) =>
      method === "*" ? `post ${path.replace("*", "{path}")}` : `${method.toLowerCase()} ${path}`,
    );
    expect(documented.sort()).toEqual(served.sort());
  });

  test.each(Object.keys(openApiSchemas) as Array<keyof typeof openApiSchemas>)(
    "has examples of %s that fit",
    (name) => {
      expect(openApiSchemas[name].examples.length).toBeGreaterThan(0);
      for (const example of openApiSchemas[name].examples) validate(name, example);
    },
  );

  test("refers only to what it holds", () => {
    const references = JSON.stringify(openApiDocument).match(/#\/components\/schemas\/\w+/g)!;
    for (const reference of references) expect(openApiSchemas).toHaveProperty(reference.split("/").at(-1)!);
  });

  test("fits what the server says", async () => {
    const router = await loadRouter(artifact);
    const options = {
      router,
      host: "127.0.0.1",
      port: 0,
      maxBodyBytes: 9_999,
      maxConcurrency: 9,
      failsOpen: false,
    };
    const { url, stop } = await startDecisionServer(options);
    const decision = (await (await post(`${url}/decide?explain=1`, chat)).json()) as Decision;
    validate("Decision", decision);
    validate("Recorded", await (await post(`${url}/record`, { request_id: decision.requestId })).json());
    validate("Health", await (await fetch(`${url}/health`)).json());
    validate("Error", await (await fetch(`${url}/none`)).json());
    expect(await (await fetch(`${url}/openapi.json`)).json()).toEqual(
      JSON.parse(JSON.stringify(openApiDocument)),
    );
    await stop(1_000);
  });
});

test("keeps as many decisions as it may, and none longer than it may", () => {
  let now = 0;
  const left: string[] = [];
  const recent = keepRecentDecisions({
    capacity: 2,
    maxAgeMs: 10,
    clock: () => now,
    onLeft: ({ requestId }) => left.push(requestId),
  });
  const add = (requestId: string) => recent.add({ requestId } as Decision);
  for (const requestId of ["a", "b", "c"]) add(requestId);
  expect(left).toEqual(["a"]);
  add("b");
  expect(left).toEqual(["a", "b"]);
  now = 11;
  add("d");
  expect(left).toEqual(["a", "b", "c", "b"]);
  expect(recent.take("c")).toBeNull();
  expect(recent.take("d")?.requestId).toBe("d");
  expect(recent.size()).toBe(0);
});

describe("signalbox serve", () => {
  const run = async (...words: string[]) => {
    const cli = yargs(words).command(serveCommand as unknown as CommandModule);
    const fail = (message: string, error?: Error) => {
      throw error ?? new Error(message);
    };
    await cli.exitProcess(false).fail(fail).parseAsync();
  };
  const linesOf = (path: string) => readFileSync(path, "utf8").trimEnd().split("\n");

  test("answers a thousand requests on kept connections, then stops with every decision logged", async () => {
    const log = join(root, "thousand.jsonl");
    const serve = await startServe("--artifact", artifact, "--log", log);
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    const sockets = new Set<unknown>();
    const ask = (i: number) =>
      new Promise<string>((resolve, reject) => {
        const body = JSON.stringify({ prompt: `${question} ${i}`, requestId: `r${i}` });
        const call = httpRequest(
          {
            agent,
            port: serve.port,
            host: "127.0.0.1",
            method: "POST",
            path: "/decide",
            headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
          },
          (response) => {
            let text = "";
            response.on("data", (chunk) => {
              text += chunk;
            });
            response.on("end", () => resolve((JSON.parse(text) as Decision).model));
          },
        );
        call.on("socket", (socket) => sockets.add(socket));
        call.on("error", reject);
        call.end(body);
      });
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, i) => ask(i)));
    expect(answers.every((model) => models.includes(model))).toBe(true);
    expect(sockets.size).toBe(4);
    serve.kill("SIGTERM");
    const { code, stderr } = await serve.ended();
    agent.destroy();
    expect(code).toBe(0);
    expect(stderr).toContain("stopped: 1000 decisions, 1000 logged, 0 lost");
    const ids = linesOf(log).map((line) => (JSON.parse(line) as DecisionRecord).request_id);
    expect(new Set(ids).size).toBe(1_000);
    expect(readFileSync(log, "utf8")).not.toContain("canals");
  });

  test("finishes what it is answering when it is told to stop, and takes nothing new", async () => {
    const serve = await startServe("--artifact", artifact);
    const body = JSON.stringify(chat);
    let answer = "";
    const socket = connect(serve.port, "127.0.0.1");
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.write(
      `POST /decide HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once("data", resolve));
    serve.kill("SIGTERM");
    await serve.saying("finishing");
    await expect(fetch(`${serve.url}/health`)).rejects.toThrow();
    socket.write(body);
    await closed;
    expect(answer).toMatch(/HTTP\/1.1 200 OK/);
    expect(answer).toMatch(/connection: close/i);
    expect((await serve.ended()).code).toBe(0);
  });

  test("swaps in an artifact that is exported while it runs, and goes on with the old one when it is refused", async () => {
    const folder = join(root, "watched");
    const point = (id: string) =>
      writeFileSync(join(folder, "latest.json"), JSON.stringify({ artifact_id: id }));
    const place = (id: string, seed: number) => {
      writeRandomArtifact(join(folder, id), { hidden: 2, seed });
      const path = join(folder, id, "manifest.json");
      writeFileSync(path, readFileSync(path, "utf8").replace('"random-00000000"', `"${id}"`));
    };
    place("first", 1);
    place("second", 2);
    point("first");
    const serve = await startServe("--artifact", folder, "--watch");
    const metrics = async () => (await fetch(`${serve.url}/metrics`)).text();
    const until = async (line: string) => {
      while (!(await metrics()).includes(line));
    };
    await until('signalbox_artifact_info{artifact="first"} 1\n');
    point("second");
    await until('signalbox_artifact_info{artifact="second"} 1\n');
    point("absent");
    await until('signalbox_reloads_total{outcome="refused"} 1\n');
    expect(await (await fetch(`${serve.url}/health`)).json()).toMatchObject({
      ready: true,
      artifact: "second",
    });
    serve.kill("SIGTERM");
    expect((await serve.ended()).code).toBe(0);
  });

  test("cuts off who isn't done at the deadline", async () => {
    const serve = await startServe("--artifact", artifact, "--shutdown-ms", "50");
    const socket = connect(serve.port, "127.0.0.1");
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.on("error", () => {});
    socket.write(
      "POST /decide HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n",
    );
    await new Promise((resolve) => socket.once("data", resolve));
    serve.kill("SIGINT");
    await closed;
    const { code, stderr } = await serve.ended();
    expect(code).toBe(0);
    expect(stderr).toContain("not all was finished within 50 ms");
  });

  test.each([
    [["--port", "70000"], /--port is 70000; give a whole number from 0 and at most 65535/],
    [["--max-body-kb", "0"], /--max-body-kb is 0/],
    [["--artifact", join(root, "none")], /none\/manifest.json: /],
  ])("refuses %j", async (words, message) => {
    const given = words.includes("--artifact") ? words : ["--artifact", artifact, ...words];
    await expect(run("serve", ...given)).rejects.toThrow(message);
  });

  test("says that a port is taken", async () => {
    const router = await loadRouter(artifact);
    const options = {
      router,
      host: "127.0.0.1",
      port: 0,
      maxBodyBytes: 99,
      maxConcurrency: 9,
      failsOpen: false,
    };
    const { url, stop } = await startDecisionServer(options);
    const words = ["serve", "--artifact", artifact, "--port", new URL(url).port];
    await expect(run(...words)).rejects.toThrow(/is taken; name another one with --port/);
    await stop(1_000);
  });
});
