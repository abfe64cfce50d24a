import type { IncomingMessage } from "node:http";
import { HttpError } from "./http-error.js";

/** Read a request's body as one JSON object.
 * @throws {HttpError} 413 above `maxBytes`, 415 for what isn't declared as plain JSON, 400 for what isn't a JSON object */
export async function readJsonBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Record<string, unknown>> {
  checkHeaders(request, maxBytes);
  const value = parseJson(await readBytes(request, maxBytes));
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new HttpError(400, "not_an_object", "the body is not a JSON object; send one request body");
  return value as Record<string, unknown>;
}

/** Read a body whole.
 * @throws {HttpError} 413 above `maxBytes`; the connection is closed behind the answer, since the rest isn't read */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Destroying the request would destroy the connection, and the answer with it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function checkHeaders({ headers }: IncomingMessage, maxBytes: number): void {
  const type = (headers["content-type"] ?? "").toLowerCase();
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/.test(type))
    throw new HttpError(415, "not_json", "content-type is not application/json");
  if (!["", "identity"].includes((headers["content-encoding"] ?? "").toLowerCase()))
    throw new HttpError(415, "encoded", "content-encoding is not supported; send the body as it is");
  if (Number(headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

function tooLarge(maxBytes: number): HttpError {
  const message = `the body is larger than ${maxBytes} bytes; raise --max-body-kb or leave content out`;
  return new HttpError(413, "too_large", message, { connection: "close" });
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new HttpError(400, "bad_json", "the body is not JSON in UTF-8");
  }
}
