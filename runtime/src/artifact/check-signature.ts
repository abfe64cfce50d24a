import { decodeBase64 } from "../hash/base64.js";
import { ArtifactError, ArtifactFault } from "./artifact-error.js";
import type { ArtifactSource } from "./artifact-source.js";

/** Whether an Ed25519 signature is a message's, by a key that is trusted. */
export type SignatureCheck = (message: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;

/** File beside manifest.json: base64 of the 64-byte Ed25519 signature over the manifest's bytes. */
export const signatureFile = "manifest.sig";

/** Check the signature of a manifest, which holds the hashes of all other files.
 * @throws {ArtifactError} bad_signature */
export async function checkSignature(
  source: ArtifactSource,
  manifest: Uint8Array,
  isSigned: SignatureCheck,
): Promise<void> {
  const refuse = (message: string) =>
    new ArtifactError(ArtifactFault.badSignature, source.pathOf(signatureFile), message);
  const file = await source.read(signatureFile);
  if (file === null)
    throw refuse("is not there, and a signature is demanded; sign it with: signalbox artifact sign");
  const signature = file.length > 200 ? null : decodeBase64(new TextDecoder().decode(file));
  if (signature?.length !== 64) throw refuse("is no base64 of 64 bytes; sign the artifact again");
  if (await isSigned(manifest, signature)) return;
  throw refuse(
    "is not the manifest's signature by a trusted key; the artifact was changed, or signed by someone else",
  );
}
