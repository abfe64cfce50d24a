import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadRouter } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import { readJsonFile } from "../../datasets/read-json-file.js";
import { writeFileAtomic } from "../../datasets/workspace.js";

/** A pair of keys on disk. */
export interface SigningKeys {
  private_key: string;
  public_key: string;
  /** Base64 of the public key's 32 bytes, for `verify` of `loadRouter`. */
  public_key_base64: string;
}

/** A signed artifact, or one whose signature was checked. */
export interface SignedArtifact {
  artifact_id: string;
  path: string;
  public_key_base64: string;
}

/** Make a pair of Ed25519 keys: PATH, which only its owner may read, and PATH.pub.
 * @throws {InputError} if a file of that name exists */
export function makeSigningKeys(path: string): SigningKeys {
  const taken = [path, `${path}.pub`].find((file) => existsSync(file));
  if (taken !== undefined) throw new InputError(`${taken}: exists already; name another file with --out`);
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  try {
    writeFileSync(path, privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o600, flag: "wx" });
    writeFileSync(`${path}.pub`, publicKey.export({ format: "pem", type: "spki" }), { flag: "wx" });
  } catch (cause) {
    throw new InputError(`${path}: can't be written; name a file in a folder that exists with --out`, {
      cause,
    });
  }
  return { private_key: path, public_key: `${path}.pub`, public_key_base64: rawPublicKey(publicKey) };
}

/** Sign an artifact: manifest.sig holds base64 of the Ed25519 signature over the bytes of manifest.json, and with it over the hashes of all
 * other files. The artifact is loaded with every check first, so that nothing broken is vouched for.
 * @param given the artifact's folder, or a folder of artifacts whose latest.json names one
 * @throws {ArtifactError} if the artifact can't be used
 * @throws {InputError} if the key is no Ed25519 private key */
export async function signArtifact(given: string, keyFile: string): Promise<SignedArtifact> {
  const key = readPrivateKey(keyFile);
  const path = artifactFolder(given);
  const { artifact: artifactId } = await loadRouter(path, { warmUp: false });
  writeFileAtomic(join(path, "manifest.sig"), signatureOf(readFileSync(join(path, "manifest.json")), key));
  return { artifact_id: artifactId!, path, public_key_base64: rawPublicKey(createPublicKey(key)) };
}

/** Make a function that gives the content of manifest.sig for the bytes of a manifest.json.
 * @throws {InputError} if the key is no Ed25519 private key */
export function openManifestSigner(keyFile: string): (manifest: string) => string {
  const key = readPrivateKey(keyFile);
  return (manifest) => signatureOf(Buffer.from(manifest), key);
}

function signatureOf(manifest: Uint8Array, key: KeyObject): string {
  return `${sign(null, manifest, key).toString("base64")}\n`;
}

/** Load an artifact with every check and its signature's.
 * @throws {ArtifactError} if the artifact can't be used, or wasn't signed by this key
 * @throws {InputError} if the key is no Ed25519 public key */
export async function verifyArtifact(given: string, keyFile: string): Promise<SignedArtifact> {
  const text = readKeyFile(keyFile);
  const path = artifactFolder(given);
  try {
    const { artifact: artifactId } = await loadRouter(path, { verify: text, warmUp: false });
    const key = text.includes("-----") ? rawPublicKey(createPublicKey(text)) : text.trim();
    return { artifact_id: artifactId!, path, public_key_base64: key };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new InputError(`${keyFile}: no Ed25519 public key; name the .pub file that keygen wrote`);
  }
}

function artifactFolder(given: string): string {
  const pointer = join(given, "latest.json");
  if (!existsSync(pointer)) return given;
  const { artifact_id: id } = readJsonFile<{ artifact_id?: unknown }>(pointer, "export again");
  return join(given, String(id));
}

function readPrivateKey(path: string): KeyObject {
  const text = readKeyFile(path);
  const advice = "name the file that signalbox artifact keygen wrote";
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch (cause) {
    throw new InputError(`${path}: no private key without a passphrase; ${advice}`, { cause });
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new InputError(`${path}: a key of type ${key.asymmetricKeyType}, not ed25519; ${advice}`);
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError(`${path}: can't be read; name a key file with --key`, { cause });
  }
}

/** The last 32 bytes of its DER are the key itself. */
function rawPublicKey(key: KeyObject): string {
  return key.export({ format: "der", type: "spki" }).subarray(-32).toString("base64");
}
