import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SignalboxError } from "../../datasets/errors.js";
import type { Workspace } from "../../datasets/workspace.js";
import { listen } from "../serve/listen.js";
import { openLatestReport } from "./latest-report.js";
import { livePage } from "./live-page.js";
import { resultsFingerprint, stageStates } from "./stage-states.js";

/** A server that listens on the loopback address alone. */
export interface ReportServer {
  url: string;
  /** Take no more connections, finish what is being answered within two seconds. */
  stop(): Promise<void>;
}

/** Serve a workspace's report and how far its stages are. It answers a fixed list of paths, so that no path can lead to a file, and
 * only requests whose Host is the loopback address with its port: another site's name that was made to point here (DNS rebinding) is
 * refused.
 * @param options.port 0 = a free one */
export async function startReportServer(
  workspace: Workspace,
  options: { port: number },
): Promise<ReportServer> {
  const latest = openLatestReport(workspace);
  const page = livePage();
  const routes: Readonly<Record<string, () => Answer | Promise<Answer>>> = {
    "/": () => ({ type: html, body: page.html, policy: page.policy }),
    "/report.html": async () => ({
      type: html,
      body: (await latest()).html,
      policy: "frame-ancestors 'self'",
    }),
    "/report.md": async () => ({ type: "text/markdown; charset=utf-8", body: (await latest()).markdown }),
    "/report.json": async () => ({ type: json, body: (await latest()).json }),
    "/status.json": () => ({ type: json, body: statusText(workspace) }),
  };
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 });
  server.on("request", (request, response) => void answer(routes, request, response));
  await listen(server, options.port, "127.0.0.1");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, stop: () => stop(server) };
}

interface Answer {
  type: string;
  body: string;
  policy?: string;
}

const html = "text/html; charset=utf-8";
const json = "application/json; charset=utf-8";
const plain = "text/plain; charset=utf-8";

function statusText(workspace: Workspace): string {
  const report = createHash("sha256").update(resultsFingerprint(workspace)).digest("hex").slice(0, 16);
  return JSON.stringify({ stages: stageStates(workspace, Date.now()), report });
}

async function answer(
  routes: Readonly<Record<string, () => Answer | Promise<Answer>>>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? "/").split("?")[0]!;
  if (!isOurHost(request))
    return send(response, 403, { type: plain, body: "this server answers to its own address only\n" });
  if (request.method !== "GET" && request.method !== "HEAD")
    return send(response, 405, { type: plain, body: "only GET\n" });
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined)
    return send(response, 404, { type: plain, body: "not here; the report is at /\n" });
  try {
    send(response, 200, await route());
  } catch (error) {
    const why = error instanceof SignalboxError ? error.message : "the report could not be made";
    send(response, 500, { type: plain, body: `${why}\n` });
  }
}

function isOurHost({ headers, socket }: IncomingMessage): boolean {
  const port = socket.localPort;
  return headers.host === `127.0.0.1:${port}` || headers.host === `localhost:${port}`;
}

function send(
  response: ServerResponse,
  status: number,
  { type, body, policy = "default-src 'none'" }: Answer,
): void {
  response
    .writeHead(status, {
      "content-type": type,
      "content-length": Buffer.byteLength(body),
      "content-security-policy": policy,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
    })
    .end(response.req.method === "HEAD" ? undefined : body);
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), longestStopMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

const longestStopMs = 2_000;
