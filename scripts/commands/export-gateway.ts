import { InputError } from "../../datasets/errors.js";
import { openWorkspace, writeFileAtomic } from "../../datasets/workspace.js";
import {
  exportGatewayPolicy,
  type GatewayFormat,
} from "../../pipelines/export/gateways/export-gateway-policy.js";
import { printJson } from "../terminal.js";
import { latestArtifact } from "./latest-artifact.js";

/** What `export --format` is told. */
interface GatewayOptions {
  format: GatewayFormat;
  workspace: string | undefined;
  artifact: string | undefined;
  /** File to write; stdout when absent. */
  out: string | undefined;
  json: boolean;
}

/** Write the static part of an artifact's policy for a gateway to a file or stdout; what is lost goes to stderr.
 * @throws {InputError} when neither a workspace nor an artifact is named */
export async function exportForGateway({
  format,
  workspace,
  artifact,
  out,
  json,
}: GatewayOptions): Promise<void> {
  const { text, lost, artifact: id } = await exportGatewayPolicy(artifact ?? newestOf(workspace), format);
  if (out !== undefined) writeFileAtomic(out, text);
  if (json) printJson({ format, artifact: id, lost, ...(out === undefined ? { text } : { path: out }) });
  else if (out === undefined) process.stdout.write(text);
  for (const { what, why } of lost) process.stderr.write(`lost: ${what}: ${why}\n`);
}

function newestOf(workspace: string | undefined): string {
  if (workspace === undefined) throw new InputError("nothing to export; name a --workspace or an --artifact");
  return latestArtifact(openWorkspace(workspace));
}
