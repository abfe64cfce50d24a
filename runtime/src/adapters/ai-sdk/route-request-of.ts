import type {
  LanguageModelV3CallOptions,
  LanguageModelV3Message,
  LanguageModelV3ToolResultPart,
} from "@ai-sdk/provider";
import type { ContentPart, Message, RouteRequest } from "../../request/request.js";

/** Read a call of the AI SDK as a request in the shape of OpenAI chat, which is the shape that most routers are trained on: tool
 * results are turns of their own, reasoning is left out, files are counted and not copied. */
export function routeRequestOf({
  prompt,
  tools,
  responseFormat,
  maxOutputTokens,
}: LanguageModelV3CallOptions): RouteRequest {
  return {
    messages: prompt.flatMap(messagesOf),
    tools: tools?.map((tool) =>
      tool.type === "function"
        ? {
            type: "function",
            function: { name: tool.name, description: tool.description, parameters: tool.inputSchema },
          }
        : { type: tool.id, name: tool.name },
    ),
    responseFormat: formatOf(responseFormat),
    maxTokens: maxOutputTokens ?? null,
  };
}

function messagesOf(message: LanguageModelV3Message): Message[] {
  switch (message.role) {
    case "system":
      return [{ role: "system", content: message.content }];
    case "user":
      return [{ role: "user", content: message.content.map(partOf) }];
    case "assistant":
      return [assistantOf(message.content), ...resultsOf(message.content)];
    case "tool":
      return resultsOf(message.content);
  }
}

type AssistantParts = Extract<LanguageModelV3Message, { role: "assistant" }>["content"];
type Part = AssistantParts[number] | Extract<LanguageModelV3Message, { role: "tool" }>["content"][number];

function assistantOf(parts: AssistantParts): Message {
  const calls = parts.filter((part) => part.type === "tool-call");
  return {
    role: "assistant",
    content: parts.flatMap((part) => (part.type === "text" || part.type === "file" ? [partOf(part)] : [])),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map(({ toolCallId, toolName, input }) => ({
            id: toolCallId,
            type: "function",
            function: { name: toolName, arguments: input },
          })),
        }),
  };
}

function partOf(
  part: { type: "text"; text: string } | { type: "file"; mediaType: string; filename?: string },
): ContentPart {
  if (part.type === "text") return { type: "text", text: part.text };
  return { type: part.mediaType.startsWith("image/") ? "image" : "file", mediaType: part.mediaType };
}

function resultsOf(parts: readonly Part[]): Message[] {
  return parts.flatMap((part) =>
    part.type === "tool-result"
      ? [{ role: "tool", tool_call_id: part.toolCallId, content: outputText(part.output) }]
      : [],
  );
}

function outputText(output: LanguageModelV3ToolResultPart["output"]): string | ContentPart[] {
  switch (output.type) {
    case "text":
    case "error-text":
      return output.value;
    case "json":
    case "error-json":
      return JSON.stringify(output.value);
    case "execution-denied":
      return output.reason ?? "";
    case "content":
      return output.value.map((part) =>
        part.type === "text"
          ? { type: "text", text: part.text }
          : { type: part.type.startsWith("image") ? "image" : "file" },
      );
  }
}

function formatOf(format: LanguageModelV3CallOptions["responseFormat"]): unknown {
  if (format?.type !== "json") return undefined;
  if (format.schema === undefined) return { type: "json_object" };
  return { type: "json_schema", json_schema: { name: format.name, schema: format.schema } };
}
