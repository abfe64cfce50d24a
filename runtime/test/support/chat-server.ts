import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A call that the server was given. */
export interface ChatCall {
  body: Record<string, unknown> & { model: string; stream?: boolean };
  headers: IncomingHttpHeaders;
}

/** What a model of the server does with one call. */
export type ChatBehaviour = (call: ChatCall, response: ServerResponse) => void;

/** Start an OpenAI-compatible chat server on the loopback interface.
 * @param behaviours by model name; a model without one answers its own name */
export async function startChatServer(behaviours: Record<string, ChatBehaviour> = {}) {
  const calls: ChatCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const call = {
        body: JSON.parse(Buffer.concat(chunks).toString()) as ChatCall["body"],
        headers: request.headers,
      };
      calls.push(call);
      (behaviours[call.body.model] ?? answering(call.body.model))(call, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    models: () => calls.map(({ body }) => body.model),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

const usage = {
  prompt_tokens: 120,
  completion_tokens: 7,
  total_tokens: 127,
  prompt_tokens_details: { cached_tokens: 100 },
  completion_tokens_details: { reasoning_tokens: 2 },
};

/** Answers with a text, as JSON or as a stream of words. */
export function answering(text: string, message: Record<string, unknown> = {}): ChatBehaviour {
  return ({ body }, response) => {
    const base = { id: "chatcmpl-1", created: 1_780_000_000, model: body.model };
    const finish = message.tool_calls === undefined ? "stop" : "tool_calls";
    if (body.stream !== true) {
      const choice = {
        index: 0,
        message: { role: "assistant", content: text, ...message },
        finish_reason: finish,
      };
      sendJson(response, 200, { ...base, object: "chat.completion", choices: [choice], usage });
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const send = (choice: object, more: object = {}) =>
      response.write(
        `data: ${JSON.stringify({ ...base, object: "chat.completion.chunk", choices: [{ index: 0, ...choice }], ...more })}\n\n`,
      );
    for (const word of text.split(/(?= )/))
      send({ delta: { role: "assistant", content: word, ...message }, finish_reason: null });
    send({ delta: {}, finish_reason: finish }, { usage });
    response.end("data: [DONE]\n\n");
  };
}

/** Fails with an HTTP status and OpenAI's error body. */
export function failing(status: number, code: string): ChatBehaviour {
  return (_, response) =>
    sendJson(response, status, { error: { message: `it is ${code}`, type: code, code, param: null } });
}

/** Breaks the connection, after some words of a stream where `text` is given. */
export function breaking(text?: string): ChatBehaviour {
  return ({ body }, response) => {
    if (text === undefined) {
      response.socket?.destroy();
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const choices = [{ index: 0, delta: { role: "assistant", content: text }, finish_reason: null }];
    response.write(
      `data: ${JSON.stringify({ id: "c", created: 1, model: body.model, object: "chat.completion.chunk", choices })}\n\n`,
      () => setImmediate(() => response.socket?.destroy()),
    );
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
