import { createBreather } from "../life/breather.js";
import type { LoadBytesOptions } from "../life/load-bytes-options.js";
import { startRouter } from "../life/start-router.js";
import { warmUp } from "../life/warm-up.js";
import { openSinkLog } from "../log/sink-log.js";
import type { Router } from "../router/router.js";
import type { LoadedArtifact } from "../router/router-options.js";
import type { ArtifactBytes, ArtifactSource } from "./artifact-source.js";
import { openBytes } from "./bytes-source.js";
import type { SignatureCheck } from "./check-signature.js";
import { loadArtifact } from "./load-artifact.js";
import { verifyByWebCrypto } from "./verify-webcrypto.js";

/** Load an artifact from memory, with every check that one from a folder gets: for workers and other hosts without files.
 * `router.reload(bytes)` swaps in another.
 * @param source a tar archive of the artifact's folder, or its files by name; must not be changed afterwards
 * @throws {ArtifactError} when the artifact can't be used, unless `onError` is "default" and `defaultModel` is given
 * @throws {TypeError} on a `verify` that is no key */
export async function loadRouterBytes(
  source: ArtifactBytes,
  options: LoadBytesOptions = {},
): Promise<Router<ArtifactBytes>> {
  const signature = signatureCheck(options.verify, verifyByWebCrypto);
  const log = options.decisionLog === undefined ? null : openSinkLog(options.decisionLog);
  const load = (given = source) => loadAndWarm(async () => openBytes(given), options, signature);
  return startRouter(load, options, { log, killFile: null, startWatch: () => null });
}

/** Load the artifact that a source opens, and warm it up unless told not to. */
export async function loadAndWarm(
  open: () => Promise<ArtifactSource>,
  options: LoadBytesOptions,
  signature: SignatureCheck | null,
): Promise<LoadedArtifact> {
  const breathe = createBreather();
  const artifact = await loadArtifact(await open(), { engine: options.engine, signature, breathe });
  if (options.warmUp !== false) await warmUp(artifact, breathe);
  return artifact;
}

/** The check that a `verify` option asks for; null for none. */
export function signatureCheck(
  verify: LoadBytesOptions["verify"],
  makeCheck: (keys: readonly string[]) => SignatureCheck,
): SignatureCheck | null {
  if (verify === undefined) return null;
  const keys = typeof verify === "string" ? [verify] : verify;
  if (keys.length === 0) throw new TypeError("verify is an empty list; give a public key, or leave it out");
  return makeCheck(keys);
}
