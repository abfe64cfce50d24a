// A service that asks an LLM through the openai SDK, with a router between the SDK and the network.
//
//   MODE=observe  the service answers as before; 10 % of sessions are also put to the model that the router would have taken (response shadow)
//   MODE=serve    the router chooses the model, and goes to the other one when a call fails
//
// Environment: ARTIFACT, LOGS (a directory), STRONG_URL, WEAK_URL (OpenAI-compatible), MODE, PORT. Needs: @signalbox/runtime, openai.
import { createServer } from "node:http";
import { join } from "node:path";
import { loadRouter } from "@signalbox/runtime";
import { createRoutedFetch, openResponseShadow } from "@signalbox/runtime/fetch";
import OpenAI from "openai";

const { ARTIFACT = "artifact", LOGS = ".", MODE = "observe", PORT = "0" } = process.env;
const { STRONG = "gpt-4o", WEAK = "gpt-4o-mini", STRONG_URL, WEAK_URL } = process.env;

const router = await loadRouter(ARTIFACT, {
  onError: "default",
  defaultModel: STRONG,
  decisionLog: join(LOGS, "decisions.jsonl"),
  watch: true,
});
const endpoints = {
  [STRONG]: { baseUrl: STRONG_URL, protocol: "openai" },
  [WEAK]: { baseUrl: WEAK_URL, protocol: "openai" },
};
const shadow =
  MODE === "observe"
    ? openResponseShadow({
        router,
        log: join(LOGS, "pairs.jsonl"),
        content: "redacted",
        maxUsdPerDay: 20,
        maxConcurrent: 32,
        timeoutMs: 10_000,
      })
    : undefined;
const openai = new OpenAI({
  apiKey: process.env.OPENAI_API_KEY ?? "not needed on loopback",
  baseURL: STRONG_URL,
  maxRetries: 0,
  fetch: createRoutedFetch({ router, mode: MODE, endpoints, shadow }),
});

const server = createServer(async (request, response) => {
  try {
    if (request.url === "/stats")
      return reply(response, 200, { router: router.stats(), shadow: shadow?.stats() });
    const { id, system, messages, session, app } = JSON.parse(await textOf(request));
    const answer = await openai.chat.completions.create(
      { model: STRONG, messages: [{ role: "system", content: system }, ...messages] },
      {
        headers: {
          "x-signalbox-request-id": id,
          "x-signalbox-session": session,
          "x-signalbox-meta-app": app,
        },
      },
    );
    reply(response, 200, { model: answer.model, text: answer.choices[0].message.content });
  } catch (error) {
    reply(response, error.status ?? 502, { error: error.message });
  }
});
server.listen(Number(PORT), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));

process.once("SIGTERM", () => {
  server.close(async () => {
    await shadow?.close();
    await router.flush();
    process.exit(0);
  });
});

function reply(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

async function textOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
