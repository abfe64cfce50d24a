import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a model does with one call. */
export interface ModelBehaviour {
  text?: string;
  /** Numbers of the usage object, under the names of the API that is called; planted ones when absent. */
  usage?: Record<string, unknown>;
  /** Called before the n-th piece of a stream, and before a plain answer with 0; the answer waits for it. */
  hold?: (piece: number) => Promise<void> | void;
  fault?:
    | "429"
    | "500"
    | "400_context"
    | "400_param"
    | "reset"
    | "reset_mid_stream"
    | "never"
    | "malformed"
    | "clean_cut";
  refusal?: boolean;
  tool?: { name: string; input: string };
}

/** A call as the server got it. */
export interface SeenCall {
  path: string;
  query: string;
  headers: IncomingHttpHeaders;
  text: string;
  body: Record<string, unknown> & { model: string };
  /** Whether the caller hung up before the answer's end. */
  isCut: boolean;
}

/** A server of models, and what it was asked. */
export interface ModelServer {
  url: string;
  calls: SeenCall[];
  behaviours: Record<string, ModelBehaviour>;
  /** Open sockets. */
  sockets(): Promise<number>;
  close(): Promise<void>;
}

/** Usage that an answer states when the test plants none. */
export const plantedUsage = {
  chat: {
    prompt_tokens: 11,
    completion_tokens: 7,
    total_tokens: 18,
    prompt_tokens_details: { cached_tokens: 3 },
  },
  responses: {
    input_tokens: 12,
    output_tokens: 8,
    total_tokens: 20,
    input_tokens_details: { cached_tokens: 4 },
  },
  messages: {
    input_tokens: 13,
    output_tokens: 9,
    cache_read_input_tokens: 5,
    cache_creation_input_tokens: 2,
  },
} as const;

/** Start a server on 127.0.0.1 that speaks OpenAI chat, OpenAI responses and Anthropic messages, plain and streamed. Models behave as
 * `behaviours` says by their name, at the time of the call; one that isn't there answers with its name. */
export async function startModelServer(
  behaviours: Record<string, ModelBehaviour> = {},
): Promise<ModelServer> {
  const calls: SeenCall[] = [];
  const served: ModelServer = {
    url: "",
    calls,
    behaviours,
    sockets: () => new Promise((resolve) => server.getConnections((_, count) => resolve(count))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const server = createServer((request, response) => {
    handle(served, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return served;
}

async function handle(
  server: ModelServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const { pathname, search } = new URL(request.url ?? "/", "http://loopback");
  const api = apiOf(pathname);
  if (api === null) return json(response, 200, { path: pathname, echo: text });
  const body = JSON.parse(text) as SeenCall["body"];
  const call: SeenCall = {
    path: pathname,
    query: search,
    headers: request.headers,
    text,
    body,
    isCut: false,
  };
  server.calls.push(call);
  response.on("close", () => {
    call.isCut = !response.writableFinished;
  });
  const behaviour = server.behaviours[body.model] ?? {};
  if (takeFault(behaviour, response)) return;
  if (body.stream === true) await stream(api, behaviour, body, response);
  else {
    await behaviour.hold?.(0);
    json(response, 200, plain[api](behaviour, body));
  }
}

type Api = "chat" | "responses" | "messages";

function apiOf(path: string): Api | null {
  if (path.endsWith("/chat/completions")) return "chat";
  if (path.endsWith("/v1/messages")) return "messages";
  return path.endsWith("/responses") ? "responses" : null;
}

/** Faults that come before an answer. */
function takeFault({ fault }: ModelBehaviour, response: ServerResponse): boolean {
  const error = (type: string, code: string | null, message: string) => ({
    type: "error",
    error: { type, code, message },
  });
  if (fault === "429") {
    response.setHeader("retry-after-ms", "1");
    response.setHeader("retry-after", "7");
    response.setHeader("x-should-retry", "true");
    json(response, 429, error("rate_limit_error", "rate_limit_exceeded", "Rate limit reached"));
  } else if (fault === "500") json(response, 500, error("api_error", null, "The server had an error"));
  else if (fault === "400_context") {
    json(response, 400, error("invalid_request_error", "context_length_exceeded", "maximum context length"));
  } else if (fault === "400_param") {
    json(
      response,
      400,
      error("invalid_request_error", "unsupported_parameter", "not supported with this model"),
    );
  } else if (fault === "reset") response.destroy();
  else if (fault === "malformed") {
    response.writeHead(200, { "content-type": "application/json" });
    response.end('{"id": "broken", "choices": [');
  } else return fault === "never";
  return true;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "x-request-id": "req_planted" });
  response.end(JSON.stringify(body));
}

async function stream(
  api: Api,
  behaviour: ModelBehaviour,
  body: SeenCall["body"],
  response: ServerResponse,
): Promise<void> {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "x-request-id": "req_planted",
  });
  response.flushHeaders();
  const pieces = streamed[api](behaviour, body);
  for (const [i, piece] of pieces.entries()) {
    await behaviour.hold?.(i);
    if (response.destroyed) return;
    if (i === 2 && behaviour.fault === "reset_mid_stream") {
      response.destroy();
      return;
    }
    if (i === 2 && behaviour.fault === "clean_cut") break;
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
  }
  response.end();
}

const wordsOf = ({ text }: ModelBehaviour, { model }: SeenCall["body"]) =>
  (text ?? `answer of ${model}`).match(/\S+\s*/g) ?? [];
const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const event = (value: { type: string }) => `event: ${value.type}\n${data(value)}`;

type Answers<T> = Record<Api, (behaviour: ModelBehaviour, body: SeenCall["body"]) => T>;

const plain: Answers<unknown> = {
  chat: (behaviour, body) => ({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: `${body.model}-2026-01-01`,
    choices: [
      {
        index: 0,
        finish_reason: behaviour.tool ? "tool_calls" : "stop",
        message: {
          role: "assistant",
          content: behaviour.refusal || behaviour.tool ? null : wordsOf(behaviour, body).join(""),
          refusal: behaviour.refusal ? "I can't help with that." : null,
          ...(behaviour.tool
            ? {
                tool_calls: [
                  {
                    id: "call_1",
                    type: "function",
                    function: { name: behaviour.tool.name, arguments: behaviour.tool.input },
                  },
                ],
              }
            : {}),
        },
      },
    ],
    usage: behaviour.usage ?? plantedUsage.chat,
  }),
  responses: (behaviour, body) => wholeResponse(behaviour, body, "completed"),
  messages: (behaviour, body) => ({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: `${body.model}-20260101`,
    content: behaviour.tool
      ? [
          {
            type: "tool_use",
            id: "toolu_1",
            name: behaviour.tool.name,
            input: JSON.parse(behaviour.tool.input),
          },
        ]
      : [{ type: "text", text: wordsOf(behaviour, body).join("") }],
    stop_reason: behaviour.refusal ? "refusal" : behaviour.tool ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: behaviour.usage ?? plantedUsage.messages,
  }),
};

function wholeResponse(
  behaviour: ModelBehaviour,
  body: SeenCall["body"],
  status: "in_progress" | "completed",
) {
  const isDone = status === "completed";
  const text = wordsOf(behaviour, body).join("");
  const part = behaviour.refusal
    ? { type: "refusal", refusal: "I can't help with that." }
    : { type: "output_text", text, annotations: [] };
  return {
    id: "resp_1",
    object: "response",
    created_at: 1,
    status,
    model: `${body.model}-2026-01-01`,
    output: isDone
      ? [{ type: "message", id: "msg_1", role: "assistant", status: "completed", content: [part] }]
      : [],
    error: null,
    incomplete_details: null,
    usage: isDone ? (behaviour.usage ?? plantedUsage.responses) : null,
  };
}

const streamed: Answers<string[]> = {
  chat: (behaviour, body) => {
    const asksUsage =
      (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
    const chunk = (choices: unknown[], usage: unknown = null) =>
      data({
        id: "chatcmpl-1",
        object: "chat.completion.chunk",
        created: 1,
        model: `${body.model}-2026-01-01`,
        choices,
        ...(asksUsage ? { usage } : {}),
      });
    return [
      chunk([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]),
      ...wordsOf(behaviour, body).map((content) =>
        chunk([{ index: 0, delta: { content }, finish_reason: null }]),
      ),
      chunk([{ index: 0, delta: {}, finish_reason: "stop" }]),
      ...(asksUsage ? [chunk([], behaviour.usage ?? plantedUsage.chat)] : []),
      "data: [DONE]\n\n",
    ];
  },
  responses: (behaviour, body) => [
    event({ type: "response.created", response: wholeResponse(behaviour, body, "in_progress") } as never),
    ...wordsOf(behaviour, body).map((delta, i) =>
      event({
        type: "response.output_text.delta",
        item_id: "msg_1",
        output_index: 0,
        content_index: 0,
        delta,
        sequence_number: i,
      } as never),
    ),
    event({ type: "response.completed", response: wholeResponse(behaviour, body, "completed") } as never),
  ],
  messages: (behaviour, body) => {
    const usage = (behaviour.usage ?? plantedUsage.messages) as Record<string, unknown>;
    const message = plain.messages(behaviour, body) as Record<string, unknown>;
    const start = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
    return [
      event({ type: "message_start", message: start } as never),
      event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as never),
      ...wordsOf(behaviour, body).map((text) =>
        event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } } as never),
      ),
      event({ type: "content_block_stop", index: 0 } as never),
      event({
        type: "message_delta",
        delta: { stop_reason: message.stop_reason, stop_sequence: null },
        usage: { output_tokens: usage.output_tokens },
      } as never),
      event({ type: "message_stop" }),
    ];
  },
};
