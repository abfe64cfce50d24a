const schema = { type: "object", properties: { id: { type: "string" } } };
const image = "iVBORw0KGgo=";

/** One conversation with a call of a tool and an image, as OpenAI chat, OpenAI responses, Anthropic and Gemini take it. */
export const sameRequest: Readonly<Record<string, Record<string, unknown>>> = {
  "OpenAI chat": {
    model: "gpt-5",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Find parcel 7" },
      {
        role: "assistant",
        content: "Looking.",
        refusal: null,
        tool_calls: [
          { id: "call_a", type: "function", function: { name: "find", arguments: '{"b":1,"a":2}' } },
        ],
      },
      { role: "tool", tool_call_id: "call_a", content: "found" },
      {
        role: "user",
        content: [
          { type: "text", text: "Which plan fits?" },
          { type: "image_url", image_url: { url: `data:image/png;base64,${image}` } },
        ],
      },
    ],
    tools: [{ type: "function", function: { name: "find", description: "Finds.", parameters: schema } }],
    tool_choice: "required",
    temperature: 0.2,
    max_completion_tokens: 50,
    stop: "END",
    stream: true,
    user: "u-1",
  },
  "OpenAI responses": {
    model: "gpt-5",
    instructions: "Be brief.",
    input: [
      { role: "user", content: "Find parcel 7" },
      {
        type: "message",
        role: "assistant",
        content: [{ type: "output_text", text: "Looking.", annotations: [] }],
      },
      { type: "function_call", id: "fc_1", call_id: "c9", name: "find", arguments: '{"a":2,"b":1}' },
      { type: "function_call_output", call_id: "c9", output: "found" },
      {
        role: "user",
        content: [
          { type: "input_text", text: "Which plan fits?" },
          { type: "input_image", image_url: `data:image/png;base64,${image}` },
        ],
      },
    ],
    tools: [{ type: "function", name: "find", description: "Finds.", parameters: schema }],
    tool_choice: "required",
    temperature: 0.2,
    max_output_tokens: 50,
    stop: ["END"],
    store: false,
  },
  Anthropic: {
    model: "gpt-5",
    system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
    messages: [
      { role: "user", content: "Find parcel 7" },
      {
        role: "assistant",
        content: [
          { type: "text", text: "Looking." },
          { type: "tool_use", id: "toolu_5", name: "find", input: { a: 2, b: 1 } },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_5", content: [{ type: "text", text: "found" }] },
        ],
      },
      {
        role: "user",
        content: [
          { type: "text", text: "Which plan fits?" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: image } },
        ],
      },
    ],
    tools: [{ name: "find", description: "Finds.", input_schema: schema }],
    tool_choice: { type: "any" },
    temperature: 0.2,
    max_tokens: 50,
    stop_sequences: ["END"],
    metadata: { user_id: "u-1" },
  },
  Gemini: {
    model: "models/gpt-5",
    systemInstruction: { parts: [{ text: "Be brief." }] },
    contents: [
      { role: "user", parts: [{ text: "Find parcel 7" }] },
      {
        role: "model",
        parts: [{ text: "Looking." }, { functionCall: { name: "find", args: { b: 1, a: 2 } } }],
      },
      { role: "user", parts: [{ functionResponse: { name: "find", response: { result: "found" } } }] },
      {
        role: "user",
        parts: [{ text: "Which plan fits?" }, { inlineData: { mimeType: "image/png", data: image } }],
      },
    ],
    tools: [{ functionDeclarations: [{ name: "find", description: "Finds.", parameters: schema }] }],
    toolConfig: { functionCallingConfig: { mode: "ANY" } },
    generationConfig: { temperature: 0.2, maxOutputTokens: 50, stopSequences: ["END"] },
  },
};
