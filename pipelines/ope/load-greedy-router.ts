import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ArtifactError,
  type ArtifactManifest,
  loadRouter,
  type Policy,
  type Router,
} from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";

/** A router without chance in it, and the policy that it follows. */
export interface GreedyRouter {
  router: Pick<Router, "decide" | "artifact">;
  policy: Policy;
}

/** Load what an artifact decides when it neither explores nor keeps sessions back: the draws of production must not come back as the choices of
 * the policy that is evaluated. The artifact is checked as it stands first.
 * @param folder of the artifact, or one whose latest.json names it
 * @throws {InputError} when the artifact can't be used */
export async function loadGreedyRouter(folder: string): Promise<GreedyRouter> {
  try {
    const { artifact } = await loadRouter(folder);
    const own = existsSync(join(folder, "latest.json")) ? join(folder, artifact!) : folder;
    const files = Object.fromEntries(
      readdirSync(own, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => [name, new Uint8Array(readFileSync(join(own, name)))]),
    );
    const { exploration: _, ramp: __, ...policy } = readJson<Policy>(files["policy.json"]!);
    const changed = new TextEncoder().encode(JSON.stringify(policy));
    const manifest = readJson<ArtifactManifest>(files["manifest.json"]!);
    const checked = { sha256: createHash("sha256").update(changed).digest("hex"), bytes: changed.length };
    const router = await loadRouter({
      ...files,
      "policy.json": changed,
      "manifest.json": new TextEncoder().encode(
        JSON.stringify({ ...manifest, files: { ...manifest.files, "policy.json": checked } }),
      ),
    });
    return { router, policy };
  } catch (error) {
    throw error instanceof ArtifactError ? new InputError(error.message, { cause: error }) : error;
  }
}

function readJson<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}
