import type { ServerResponse } from "node:http";
import type { LoopbackFaults, LoopbackOptions, LoopbackStats } from "./loopback-server.js";

/** What the loopback server answers: JSON, a file's text, or nothing but a closed connection. */
export type LoopbackReply =
  | { kind: "json"; status: number; body: unknown; headers: Readonly<Record<string, string>> }
  | { kind: "text"; text: string }
  | { kind: "drop" };

/** What the stores of batches share: the server's options and counters, and what is left of its counted faults. */
export interface StoreContext {
  options: LoopbackOptions;
  stats: LoopbackStats;
  faults: LoopbackFaults;
  bill: (key: string, usage: { prompt_tokens: number; completion_tokens: number }) => void;
}

/** A fault that happens so many times. */
export type CountedFault =
  | "lostCreations"
  | "lostCreationReplies"
  | "expiringBatches"
  | "failingBatches"
  | "cutDownloads";

/** Use up one of a counted fault.
 * @returns whether there was one */
export function takeFault(faults: Partial<Record<CountedFault, number>>, name: CountedFault): boolean {
  const left = faults[name] ?? 0;
  if (left > 0) faults[name] = left - 1;
  return left > 0;
}

/** A JSON answer. */
export function jsonReply(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): LoopbackReply {
  return { kind: "json", status, body, headers };
}

/** An error in OpenAI's shape. */
export function errorReply(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): LoopbackReply {
  return jsonReply(status, { error: { message, type: code, param: null, code } }, headers);
}

/** Send an answer, marked as simulated. */
export function sendReply(response: ServerResponse, reply: LoopbackReply): void {
  const mark = { "x-signalbox-simulated": "1" };
  if (reply.kind === "drop") {
    response.destroy();
  } else if (reply.kind === "text") {
    response.writeHead(200, { "content-type": "application/octet-stream", ...mark });
    response.end(reply.text);
  } else {
    response.writeHead(reply.status, { "content-type": "application/json", ...mark, ...reply.headers });
    response.end(JSON.stringify(reply.body));
  }
}
