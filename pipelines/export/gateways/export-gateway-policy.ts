import { openArtifact } from "../open-artifact.js";
import { writeEnvoy } from "./envoy.js";
import type { GatewayConfig } from "./gateway-config.js";
import { writeLiteLlm } from "./litellm.js";
import type { LostPart } from "./lost-part.js";
import { writePortkey } from "./portkey.js";
import { type StaticPolicy, staticPolicy } from "./static-policy.js";
import { writeVercel } from "./vercel.js";

/** Gateways whose shape a policy can be written in. */
export const gatewayFormats = ["litellm", "portkey", "vercel", "envoy"] as const;
export type GatewayFormat = (typeof gatewayFormats)[number];

/** The static part of an artifact's policy in a gateway's shape. */
export interface GatewayExport extends GatewayConfig {
  format: GatewayFormat;
  /** Id of the artifact. */
  artifact: string;
}

const writers: Record<
  GatewayFormat,
  (policy: StaticPolicy, header: (lost: LostPart[]) => string[]) => GatewayConfig
> = { litellm: writeLiteLlm, portkey: writePortkey, vercel: writeVercel, envoy: writeEnvoy };

/** Write the part of an artifact's policy that needs no model as a gateway's configuration: models, fallbacks, rules on facts. The trained
 * choice isn't in it, and neither is anything that the list of lost parts names.
 * @param artifactDir the artifact's folder, or a folder whose latest.json names one
 * @throws {InputError} if the runtime refuses the artifact */
export async function exportGatewayPolicy(
  artifactDir: string,
  format: GatewayFormat,
): Promise<GatewayExport> {
  const { manifest, policy } = await openArtifact(artifactDir);
  const artifact = manifest.artifact_id;
  const header = (lost: LostPart[]) => [
    `The static part of Signalbox artifact ${artifact}. The trained choice is not in it.`,
    ...lost.map(({ what, why }) => `Lost: ${what}: ${why}.`),
  ];
  return { format, artifact, ...writers[format](staticPolicy(policy), header) };
}
