import { canonicalProvider } from "../../prices/provider-names.js";
import { asRecord, asString, firstString, parseEmbedded } from "../json-access.js";
import type { SpanRecord } from "./explode-export.js";

/** Model names of a span as written: what was asked for and what answered. */
export function modelsOf(span: SpanRecord): { requested: string | null; served: string | null } {
  const { attributes } = span;
  const requested =
    firstString(attributes, requestedNames) ??
    modelInside(attributes, [
      "llm.invocation_parameters",
      "gcp.vertex.agent.llm_request",
      "request_data",
      "langfuse.observation.model_parameters",
    ]) ??
    rawRequestModel(attributes["gen_ai.completion"]) ??
    genkitModel(span) ??
    modelInName(span.name);
  const served =
    firstString(attributes, servedNames) ??
    modelInside(attributes, ["gcp.vertex.agent.llm_response", "response_data"]);
  return { requested, served };
}

const servedNames = [
  "gen_ai.response.model",
  "ai.response.model",
  "llm.response.model",
  "gen_ai.response.model_name",
];

const requestedNames = [
  "gen_ai.request.model",
  "langfuse.observation.model.name",
  "langfuse.observation.model",
  "ai.model.id",
  "llm.model_name",
  "llm.request.model",
  "embedding.model_name",
  "reranker.model_name",
  "model_name",
  "mlflow.llm.model",
  "llm.model",
];

function modelInside(attributes: SpanRecord["attributes"], names: string[]): string | null {
  for (const name of names) {
    const model = firstString(asRecord(parseEmbedded(attributes[name])), [
      "model",
      "model_version",
      "modelVersion",
      "model_name",
    ]);
    if (model !== null) return model;
  }
  return null;
}

/** OpenRouter's Broadcast may carry the request inside `gen_ai.completion`. */
function rawRequestModel(completion: unknown): string | null {
  return asString(asRecord(asRecord(parseEmbedded(completion))?.rawRequest)?.model);
}

/** Genkit names the action "provider/model". */
function genkitModel({ attributes }: SpanRecord): string | null {
  if (asString(attributes["genkit:metadata:subtype"]) !== "model") return null;
  return asString(attributes["genkit:name"])?.replace(/^[^/]+\//, "") ?? null;
}

/** The conventions name a span "{operation} {model}". */
function modelInName(name: string): string | null {
  return /^(?:chat|text_completion|generate_content|embeddings) (\S+)$/.exec(name)?.[1] ?? null;
}

/** genai-prices id of the provider that a span names, and the gateway when the span is a gateway's. */
export function providerOf(span: SpanRecord): { provider: string | null; gateway: string | null } {
  const { attributes, scope } = span;
  const named =
    firstString(attributes, ["gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system"]) ??
    genkitProvider(span) ??
    firstString(attributes, ["ai.model.provider"]);
  // The AI SDK appends its API: "openai.responses", "google.generative-ai".
  const plain =
    named?.replace(
      /\.(chat|messages|responses|completions?|embeddings?|textEmbedding|generative-ai|image)$/i,
      "",
    ) ?? null;
  const gateway = scope === "openrouter" || scope === "litellm" ? scope : null;
  return { provider: canonicalProvider(plain === "gcp.vertex.agent" ? "google" : plain), gateway };
}

function genkitProvider({ attributes }: SpanRecord): string | null {
  return asString(attributes["genkit:name"])?.match(/^([^/]+)\//)?.[1] ?? null;
}
