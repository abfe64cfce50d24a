import { anonymisedTraceSource } from "./anonymised-trace.js";
import { anthropicBatchSource } from "./anthropic-batch.js";
import { azureApimSource } from "./azure-apim.js";
import { azureOpenaiSource } from "./azure-openai.js";
import { bedrockSource } from "./bedrock.js";
import { bifrostSource } from "./bifrost.js";
import { braintrustSource } from "./braintrust.js";
import { canonicalSource } from "./canonical.js";
import { claudeCodeSource } from "./claude-code.js";
import { cloudflareSource } from "./cloudflare.js";
import { cloudflareLogpushSource } from "./cloudflare-logpush.js";
import { codexSource } from "./codex.js";
import { envoySource } from "./envoy.js";
import { heliconeSource } from "./helicone.js";
import { kongSource } from "./kong.js";
import { langfuseSource } from "./langfuse.js";
import { langsmithSource } from "./langsmith.js";
import { litellmSource } from "./litellm.js";
import { mlflowSource } from "./mlflow.js";
import { openaiBatchSource } from "./openai-batch.js";
import { openrouterSource } from "./openrouter.js";
import { otlpSource } from "./otlp.js";
import { portkeySource } from "./portkey.js";
import { providerSource } from "./provider.js";
import type { Source } from "./source.js";
import { vercelGatewaySource } from "./vercel-gateway.js";
import { vertexSource } from "./vertex.js";

/** Every log format that Signalbox reads. The order breaks no ties: detection reports them. */
export const sources: readonly Source[] = [
  litellmSource,
  otlpSource,
  bedrockSource,
  providerSource,
  claudeCodeSource,
  codexSource,
  langfuseSource,
  openrouterSource,
  openaiBatchSource,
  anthropicBatchSource,
  mlflowSource,
  langsmithSource,
  braintrustSource,
  anonymisedTraceSource,
  azureApimSource,
  azureOpenaiSource,
  bifrostSource,
  cloudflareSource,
  cloudflareLogpushSource,
  envoySource,
  heliconeSource,
  kongSource,
  portkeySource,
  vercelGatewaySource,
  vertexSource,
  canonicalSource,
];

/** The source of a name, or null. */
export function sourceByName(name: string): Source | null {
  return sources.find((source) => source.name === name) ?? null;
}
