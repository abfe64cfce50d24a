/** What an API path is: the operation it names, or why it is no call of a language model. */
export type Endpoint =
  | { kind: "llm"; endpoint: string }
  | { kind: "other"; what: string }
  | { kind: "unknown" };

/** Classify a request path of any known provider API (gateways' prefixes before it don't matter). */
export function readEndpoint(path: string): Endpoint {
  const known = endpoints.get(path);
  if (known !== undefined) return known;
  const endpoint = classify(path);
  if (endpoints.size < MAX_KEPT) endpoints.set(path, endpoint);
  return endpoint;
}

/** The model that a path names: Bedrock's /model/ID/..., Gemini's /models/ID:action, Azure's /deployments/ID/...,
 * SageMaker's /endpoints/ID/invocations. */
export function modelOfPath(path: string): string | null {
  const found =
    /\/(?:deployments|engines|endpoints)\/([^/]+)\/[a-z]/i.exec(path) ??
    /\/model\/([^/]+)\/(?:invoke|converse)/i.exec(path) ??
    /\/models\/([^/:?]+):[a-z]/i.exec(path) ??
    /\/models\/(.+)\/predictions$/i.exec(path);
  return found === null ? null : unescapePath(found[1]!);
}

const MAX_KEPT = 10_000;
const endpoints = new Map<string, Endpoint>();

function classify(path: string): Endpoint {
  const plain = path.replace(/\/+$/, "").toLowerCase();
  const other = NOT_LLM.find(([pattern]) => pattern.test(plain));
  if (other) return { kind: "other", what: other[1] };
  const llm = LLM.find(([pattern]) => pattern.test(plain));
  return llm ? { kind: "llm", endpoint: llm[1] } : { kind: "unknown" };
}

function unescapePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const NOT_LLM: ReadonlyArray<readonly [RegExp, string]> = [
  [/count_?tokens$/, "token counting"],
  [/\/rerank$/, "reranking"],
  [/\/images?\/|:predict$|\/image_generations?$/, "image generation"],
  [/\/audio\/|\/speech$|\/transcriptions$|text-to-speech/, "audio"],
  [/\/videos?(\/|$)/, "video generation"],
  [/\/moderations$/, "moderation"],
  [/\/guardrail\//, "guardrail check"],
  [/\/(assistants|vector_stores)(\/|$)/, "assistants bookkeeping"],
  [/\/threads(?!.*\/runs$)/, "assistants bookkeeping"],
  [
    /\/(files|uploads|batches|fine_tuning|fine-tunes|cachedcontents|organizations?|usage|evals|conversations)(\/|$|:)/,
    "administration",
  ],
  [
    /\/(tokenize|detokenize|embed_jobs|health|healthz|metrics|ping|version|ready|favicon\.ico)$/,
    "administration",
  ],
  [/\/models(\/[^/:]+)?$|\/api\/(tags|show|ps|pull)$/, "model list"],
  [/\/messages\/batches/, "batch administration"],
];

const LLM: ReadonlyArray<readonly [RegExp, string]> = [
  [/\/chat\/completions$/, "chat"],
  [/\/completions$/, "completions"],
  [/\/responses(\/compact)?$/, "responses"],
  [/\/messages$/, "messages"],
  [/\/complete$/, "completions"],
  [/\/(embeddings?|embed)$|embedcontents?$/, "embeddings"],
  [/:(stream)?generatecontent$/, "generate_content"],
  [/\/interactions$/, "interactions"],
  [/\/converse(-stream)?$/, "converse"],
  [/\/invoke(-with-response-stream)?$|\/invocations(-response-stream)?$/, "invoke"],
  [/:(stream)?rawpredict$/, "messages"],
  [/\/chat$/, "chat"],
  [/\/generate(_stream)?$/, "completions"],
  [/\/runs$/, "runs"],
  [/\/predictions$/, "predictions"],
];
