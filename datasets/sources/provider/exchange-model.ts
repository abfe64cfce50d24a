import { canonicalProvider, providerOfUrl } from "../../prices/provider-names.js";
import { isClosedModel, resolveModel } from "../../prices/resolve-model.js";
import { firstString, type JsonRecord } from "../json-access.js";
import type { Answer } from "./answer.js";
import { modelOfPath } from "./endpoint.js";
import type { Envelope } from "./envelope.js";

/** Model asked for and model that answered. Bedrock's own id of the model carries the region that its price depends on; the answer's body doesn't. */
export function modelsOf(
  { fields, path, host }: Envelope,
  request: JsonRecord | null,
  answer: Answer,
): { requested: string | null; served: string | null } {
  const named = modelOfPath(path ?? "");
  const isBedrock = providerOfUrl(host) === "aws" && named !== null;
  const requested =
    (isBedrock ? named : firstString(request, ["model", "modelId", "model_id"])) ??
    firstString(fields, ["model", "model_requested", "requested_model", "model_name", "modelId"]) ??
    named;
  const isOpaque = named !== null && /application-inference-profile|sagemaker/.test(named);
  // Containers answer with the path of their weights.
  const answered = answer.model?.startsWith("/") ? null : answer.model;
  return {
    requested,
    served:
      isBedrock && !isOpaque ? named : (answered ?? firstString(fields, ["model_served", "response_model"])),
  };
}

/** The provider by the log's own word, then by the address. Behind an address that nobody knows, a model that only its maker
 * serves names its provider; anything else is somebody's own server. */
export function providerOf(
  { fields, host, url, path }: Envelope,
  answer: Answer,
  model: string,
): string | null {
  const named =
    canonicalProvider(firstString(fields, ["provider", "vendor", "gen_ai_system", "custom_llm_provider"])) ??
    providerOfUrl(url ?? host);
  if (named !== null) return named;
  if (answer.id?.startsWith("gen-") && model.includes("/")) return "openrouter";
  const maker = resolveModel(model, null, url ?? host);
  if (maker !== null && (url === null || isClosedModel(maker))) return maker.provider.id;
  if (host === null) return null;
  if (/\/api\/(chat|generate|embed)/.test(path ?? "")) return "ollama";
  return PRIVATE_HOST.test(host) ? "local" : host;
}

const PRIVATE_HOST =
  /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[?::1)|\.(local|internal|lan|svc)$|^[^.]+$/;

/** The gateway that the address belongs to, or null. */
export function gatewayOf({ host }: Envelope): string | null {
  return GATEWAY_HOSTS.find(([pattern]) => pattern.test(host ?? ""))?.[1] ?? null;
}

const GATEWAY_HOSTS: ReadonlyArray<readonly [RegExp, string]> = [
  [/(^|\.)portkey\.ai$/, "portkey"],
  [/(^|\.)helicone\.ai$/, "helicone"],
  [/^gateway\.ai\.cloudflare\.com$/, "cloudflare"],
  [/(^|\.)openrouter\.ai$/, "openrouter"],
];
