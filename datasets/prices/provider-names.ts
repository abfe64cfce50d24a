import { findProvider } from "@pydantic/genai-prices";

/** The genai-prices id of a provider as logs write it ("azure_openai", "AWS Bedrock", "gcp.vertex_ai", "x_ai").
 * @returns null for gateways and frameworks, which serve other providers' models; the name itself, in small letters, for a
 * provider that genai-prices doesn't know (ollama, vllm, writer, ...) */
export function canonicalProvider(name: string | null): string | null {
  const known = name === null ? undefined : names.get(name);
  if (known !== undefined || name === null) return known ?? null;
  const canonical = lookUp(name);
  if (names.size < MAX_KEPT) names.set(name, canonical);
  return canonical;
}

/** The genai-prices id of the provider behind an API address, or null. A bare host is enough. */
export function providerOfUrl(url: string | null): string | null {
  if (url === null || url === "") return null;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`;
  if (!URL.canParse(address)) return null;
  const { hostname } = new URL(address);
  const known = hosts.get(hostname);
  if (known !== undefined) return known;
  const found =
    findProvider({ providerApiUrl: `https://${hostname}/` }) ?? findProvider({ providerApiUrl: address });
  const provider = found?.id ?? HOSTS.find(([pattern]) => pattern.test(hostname))?.[1] ?? null;
  if (hosts.size < MAX_KEPT) hosts.set(hostname, provider);
  return provider;
}

/** Whether the provider runs models on the user's own machines, where no list price exists. */
export function isSelfHosted(provider: string | null): boolean {
  return provider !== null && SELF_HOSTED.has(provider);
}

const MAX_KEPT = 10_000;
const names = new Map<string, string | null>();
const hosts = new Map<string, string | null>();

const HOSTS: ReadonlyArray<readonly [RegExp, string]> = [
  [/(^|\.)openai\.com$/, "openai"],
  [/\.(openai\.azure\.com|cognitiveservices\.azure\.com|services\.ai\.azure\.com)$/, "azure"],
  [/(^|\.)bedrock[a-z-]*\..*amazonaws\.com/, "aws"],
  [/(^|-)(aiplatform|generativelanguage)\.googleapis\.com$/, "google"],
  [/(^|\.)anthropic\.com$/, "anthropic"],
  [/(^|\.)together\.(ai|xyz)$/, "together"],
  [/(^|\.)writer\.com$/, "writer"],
  [/(^|\.)replicate\.com$/, "replicate"],
  [/(^|\.)sagemaker\..*amazonaws\.com$/, "sagemaker"],
];

const ALIASES = new Map(
  Object.entries({
    azure_openai: "azure",
    "az.ai.openai": "azure",
    "az.ai.inference": "azure",
    "azure.ai.openai": "azure",
    "azure.ai.inference": "azure",
    azure_ai: "azure",
    azureopenai: "azure",
    aws_bedrock: "aws",
    "aws.bedrock": "aws",
    bedrock: "aws",
    bedrock_converse: "aws",
    amazon: "aws",
    "amazon-bedrock": "aws",
    gcp: "google",
    gemini: "google",
    google_genai: "google",
    google_vertexai: "google",
    vertex: "google",
    vertexai: "google",
    vertex_ai: "google",
    "gcp.gemini": "google",
    "gcp.gen_ai": "google",
    "gcp.vertex_ai": "google",
    "google-ai": "google",
    mistral_ai: "mistral",
    mistralai: "mistral",
    xai: "x-ai",
    x_ai: "x-ai",
    together_ai: "together",
    togetherai: "together",
    fireworks_ai: "fireworks",
    cohere_chat: "cohere",
    text_completion_openai: "openai",
    "text-completion-openai": "openai",
    moonshot: "moonshotai",
  }),
);

const GATEWAYS = new Set([
  "litellm",
  "litellm_proxy",
  "portkey",
  "helicone",
  "cloudflare",
  "kong",
  "langchain",
  "custom_openai",
  "other",
  "unknown",
  "_other",
]);

const SELF_HOSTED = new Set([
  "ollama",
  "vllm",
  "hosted_vllm",
  "llamacpp",
  "llama.cpp",
  "llama_cpp",
  "lmstudio",
  "lm_studio",
  "localai",
  "tgi",
  "triton",
  "sagemaker",
  "local",
]);

function lookUp(name: string): string | null {
  const lower = name.trim().toLowerCase();
  if (lower === "" || GATEWAYS.has(lower)) return null;
  if (SELF_HOSTED.has(lower)) return lower;
  const alias =
    ALIASES.get(lower) ??
    (/bedrock/.test(lower)
      ? "aws"
      : /azure/.test(lower)
        ? "azure"
        : /vertex/.test(lower)
          ? "google"
          : undefined);
  return alias ?? findProvider({ providerId: lower })?.id ?? lower;
}
