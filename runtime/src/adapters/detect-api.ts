/** Protocols whose calls are routed: OpenAI chat completions, OpenAI responses, Anthropic messages. */
export type Api = "chat" | "responses" | "messages";

/** What an endpoint speaks. */
export type Protocol = "openai" | "anthropic";

/** End of each API's path, from the base URL that its vendor's SDK takes. */
export const apiPaths: Readonly<Record<Api, string>> = {
  chat: "/chat/completions",
  responses: "/responses",
  messages: "/v1/messages",
};

/** Tell what a call asks for by its method and the end of its path. A path that names the model (Azure's deployments) can't be routed
 * by rewriting the body, and is none.
 * @returns null for everything else: embeddings, batches, token counts, other hosts */
export function detectApi(method: string, url: string): Api | null {
  if (method.toUpperCase() !== "POST") return null;
  const path = pathOf(url).replace(/\/+$/, "");
  if (path.includes("/deployments/")) return null;
  if (path.endsWith(apiPaths.chat)) return "chat";
  if (path.endsWith(apiPaths.messages)) return "messages";
  return path.endsWith(apiPaths.responses) ? "responses" : null;
}

export function protocolOf(api: Api): Protocol {
  return api === "messages" ? "anthropic" : "openai";
}

function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}
