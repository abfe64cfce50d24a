import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A way to the model server: plain fetch, or one with a router or a gateway in it. */
export type Route = (url: string, init: RequestInit) => Promise<Response>;

/** Milliseconds from call to the last byte of the answer. */
export interface FetchTiming {
  concurrency: number;
  p50: number;
  p99: number;
  max: number;
}

/** Start a server on loopback that answers any chat completion at once, always the same. */
export async function startInstantModel(): Promise<{ url: string; close: () => Promise<void> }> {
  const body = JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_700_000_000,
    model: "large",
    choices: [{ index: 0, message: { role: "assistant", content: "Done." }, finish_reason: "stop" }],
    usage: { prompt_tokens: 400, completion_tokens: 2, total_tokens: 402 },
  });
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/chat/completions`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Time calls of a route, so many at a time, bodies in turn. A fifth as many warm it up.
 * @param bodies request bodies as JSON text */
export async function timeRoute(
  route: Route,
  url: string,
  bodies: readonly string[],
  { concurrency, calls }: { concurrency: number; calls: number },
): Promise<FetchTiming> {
  const times: number[] = [];
  let next = -Math.floor(calls / 5);
  const work = async () => {
    while (next < calls) {
      const i = next++;
      const started = performance.now();
      const response = await route(url, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: "Bearer none" },
        body: bodies[(i + calls) % bodies.length]!,
      });
      await response.text();
      if (response.status !== 200) throw new Error(`status ${response.status}`);
      if (i >= 0) times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { concurrency, p50: at(0.5), p99: at(0.99), max: at(1) };
}
