import { bedrockSource } from "./bedrock.js";
import { canonicalSource } from "./canonical.js";
import { litellmSource } from "./litellm.js";
import { otlpSource } from "./otlp.js";
import { providerSource } from "./provider.js";
import type { Source } from "./source.js";

/** Every log format that Signalbox reads. The order breaks no ties: detection reports them. */
export const sources: readonly Source[] = [
  litellmSource,
  otlpSource,
  bedrockSource,
  providerSource,
  canonicalSource,
];

/** The source of a name, or null. */
export function sourceByName(name: string): Source | null {
  return sources.find((source) => source.name === name) ?? null;
}
