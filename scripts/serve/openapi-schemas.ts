const nullable = (type: string) => ({ type: [type, "null"] });
const listOf = (type: string) => ({ type: "array", items: { type } });
const probability = { type: "number", minimum: 0, maximum: 1 };

/** The bodies of the sidecar as JSON Schema 2020-12, each with an example. A decision's fields are explained in docs/runtime.md. */
export const openApiSchemas = {
  ModelCall: {
    type: "object",
    description:
      "The body of a call to OpenAI (chat or responses), Anthropic or Gemini as it is, or prompt and system. Other fields are let through.",
    properties: {
      messages: { type: "array" },
      prompt: { type: "string" },
      sessionId: { type: "string", maxLength: 200 },
      requestId: { type: "string", maxLength: 200 },
      meta: { type: "object", description: "Facts for rules and slices, such as app, plan and locale." },
      allowModels: listOf("string"),
      denyModels: listOf("string"),
      regions: listOf("string"),
      retention: probability,
      maxCostUsd: { type: "number", minimum: 0 },
    },
    examples: [
      { messages: [{ role: "user", content: "What is a monad?" }], sessionId: "s-1", meta: { app: "docs" } },
      { prompt: "What is a monad?" },
    ],
  },
  Decision: {
    type: "object",
    required: ["requestId", "model", "fallbacks", "reasons", "confidence", "artifact", "tookUs"],
    properties: {
      requestId: { type: "string" },
      sessionHash: nullable("string"),
      model: { type: "string", description: "Model to call." },
      fallbacks: { ...listOf("string"), description: "Models to try, in order, when that one fails." },
      tier: { enum: [0, 1, 2, null] },
      stakes: nullable("boolean"),
      confidence: probability,
      escalated: { type: "boolean" },
      verify: { type: "boolean" },
      rule: nullable("string"),
      arm: { enum: ["router", "control"] },
      explored: { type: "boolean" },
      propensity: probability,
      expectedCostUsd: nullable("number"),
      reasons: listOf("string"),
      sufficiency: { type: "object", additionalProperties: probability },
      score: nullable("number"),
      threshold: nullable("number"),
      ood: nullable("number"),
      probabilities: listOf("number"),
      cache: { type: "object" },
      shadow: {
        type: "object",
        properties: { sampled: { type: "boolean" }, bucket: { type: "number" } },
      },
      slices: { type: "object", additionalProperties: { type: "string" } },
      artifact: nullable("string"),
      tookUs: { type: "number", minimum: 0 },
      explanation: {
        type: "object",
        description:
          "With ?explain=1: each model's part in the choice, and the reasons with their details apart.",
        required: ["models", "reasons"],
        properties: {
          models: {
            type: "array",
            items: {
              type: "object",
              required: ["model", "chosen", "fallback", "sufficiency"],
              properties: {
                model: { type: "string" },
                chosen: { type: "boolean" },
                fallback: { ...nullable("integer"), description: "Place among the fallbacks, from 1." },
                sufficiency: nullable("number"),
              },
            },
          },
          reasons: {
            type: "array",
            items: {
              type: "object",
              required: ["code", "detail"],
              properties: { code: { type: "string" }, detail: nullable("string") },
            },
          },
        },
      },
    },
    examples: [
      {
        requestId: "r-1",
        sessionHash: null,
        model: "small",
        fallbacks: ["large"],
        tier: 0,
        stakes: false,
        confidence: 0.93,
        escalated: false,
        verify: false,
        rule: null,
        arm: "router",
        explored: false,
        propensity: 1,
        expectedCostUsd: null,
        reasons: ["sufficient"],
        sufficiency: { small: 0.93 },
        score: 0.07,
        threshold: 0.8,
        ood: 0.4,
        probabilities: [0.93],
        cache: { segment: "default", minSimilarity: null, minScore: null },
        shadow: { sampled: false, bucket: 0.42 },
        slices: {},
        artifact: "20260101-1a2b3c4d",
        tookUs: 310,
      },
    ],
  },
  CallResult: {
    type: "object",
    description: "What came of the call. Field names in snake_case or camelCase.",
    required: ["request_id"],
    properties: {
      request_id: { type: "string", maxLength: 200 },
      usage: { type: "object", description: "The provider's usage object; its numbers are kept." },
      latency_ms: { type: "number", minimum: 0 },
      ttft_ms: { type: ["number", "null"], minimum: 0 },
      finish_reason: nullable("string"),
      served_model: nullable("string"),
      cost_usd: { type: ["number", "null"], minimum: 0 },
      error: { description: "Name or code of the error; a message isn't kept." },
      error_class: nullable("string"),
      attempts: {
        type: "array",
        maxItems: 20,
        items: {
          type: "object",
          required: ["model"],
          properties: {
            model: { type: "string" },
            error_class: nullable("string"),
            latency_ms: nullable("number"),
          },
        },
      },
    },
    examples: [
      {
        request_id: "r-1",
        served_model: "small",
        usage: { prompt_tokens: 12, completion_tokens: 40 },
        latency_ms: 640,
        finish_reason: "stop",
      },
    ],
  },
  Recorded: {
    type: "object",
    required: ["recorded"],
    properties: { recorded: { const: true } },
    examples: [{ recorded: true }],
  },
  Health: {
    type: "object",
    required: ["status", "live", "ready", "artifact"],
    properties: {
      status: { enum: ["ok", "no_artifact", "stopping"] },
      live: { const: true },
      ready: { type: "boolean" },
      artifact: nullable("string"),
    },
    examples: [{ status: "ok", live: true, ready: true, artifact: "20260101-1a2b3c4d" }],
  },
  Error: {
    type: "object",
    required: ["error"],
    properties: {
      error: {
        type: "object",
        required: ["code", "message", "requestId"],
        properties: {
          code: { type: "string" },
          message: { type: "string" },
          requestId: { type: "string" },
        },
      },
    },
    examples: [{ error: { code: "bad_json", message: "the body is not JSON in UTF-8", requestId: "r-1" } }],
  },
} as const;
