import { join } from "node:path";
import {
  ARTIFACT_SCHEMA_VERSION,
  ArtifactError,
  type ArtifactManifest,
  type GoldenRow,
  type Policy,
} from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import { lockFile } from "../../datasets/lock-file.js";
import { toolkitVersion } from "../ingest/toolkit-version.js";
import { checkPolicy } from "./check-policy.js";
import { locateArtifact, type OpenedArtifact, openArtifact, readLatest } from "./open-artifact.js";
import { artifactId, describeFiles, exportTime, jsonText, placeArtifact } from "./place-artifact.js";
import { policyChanges } from "./policy-changes.js";
import { redecideGolden } from "./redecide-golden.js";
import { revisedCard } from "./revised-card.js";
import { openManifestSigner } from "./sign-artifact.js";

/** An artifact whose policy was revised. */
export interface RevisedPolicy {
  id: string;
  path: string;
  /** The artifact that was revised. */
  of: string;
  /** Changed fields with their old and new values; empty = nothing to change, and `id` is the artifact as it was. */
  changed: string[];
  /** Golden rows that go to another model than before. */
  golden_moved: number;
  /** Whether the old artifact was signed and the new one isn't: the old signature can't speak for it. */
  lost_signature: boolean;
}

/** Give an artifact another policy.json: a new artifact beside the old one, with the same model, golden rows decided anew and
 * checked, and `latest.json` pointed to it at the end. The old artifact stays as it is, so that going back is pointing back.
 * A signature isn't carried over; give the key, or sign the new artifact before a runtime that demands a signature loads it.
 * @param artifact folder of an artifact, or one whose latest.json names it
 * @param change gets a copy of the policy and returns the one to write
 * @param note why, for README.md and the manifest
 * @param signingKey file of an Ed25519 private key that signs the new artifact
 * @throws {InputError} if the artifact can't be used, isn't the one that latest.json names, another process revises it, or the
 *   changed policy is one that the runtime refuses */
export async function revisePolicy({
  artifact,
  change,
  note,
  signingKey,
}: {
  artifact: string;
  change: (policy: Policy) => Policy;
  note: string;
  signingKey?: string;
}): Promise<RevisedPolicy> {
  const sign = signingKey === undefined ? null : openManifestSigner(signingKey);
  const { folder } = locateArtifact(artifact);
  const release = lockFile(join(folder, "revise.lock"), "the artifact's policy");
  try {
    const opened = await openArtifact(artifact);
    refuseSuperseded(opened);
    return await reviseOpened(opened, change(structuredClone(opened.policy)), note, sign);
  } catch (error) {
    throw error instanceof ArtifactError ? new InputError(error.message, { cause: error }) : error;
  } finally {
    release();
  }
}

/** Who names an old artifact by its own folder would undo what was decided since. */
function refuseSuperseded({ folder, path, latest, manifest }: OpenedArtifact): void {
  if (latest === null || join(folder, latest) === path) return;
  throw new InputError(
    `${path}: latest.json beside it names ${latest}, so a revision of ${manifest.artifact_id} would replace that one; ` +
      `name ${folder} to revise ${latest}, or point latest.json to ${manifest.artifact_id} first`,
  );
}

async function reviseOpened(
  opened: OpenedArtifact,
  policy: Policy,
  note: string,
  sign: ((manifest: string) => string) | null,
): Promise<RevisedPolicy> {
  const { manifest, contents, folder } = opened;
  const of = manifest.artifact_id;
  const changed = policyChanges(opened.policy, policy);
  const lost_signature = opened.isSigned && sign === null;
  if (changed.length === 0)
    return { id: of, path: opened.path, of, changed, golden_moved: 0, lost_signature: false };
  checkPolicy(policy, "the changed policy");
  const text = (name: string) => Buffer.from(contents[name]!).toString("utf8");
  const golden = redecideGolden(parseLines(text("golden.jsonl")), {
    onnx: contents["model.onnx"]!,
    heads: manifest.heads,
    lengthQuantiles: manifest.length_quantiles,
    policy,
  });
  const { "README.md": card, ...carried } = contents;
  const files: Record<string, string | Uint8Array> = {
    ...carried,
    "policy.json": jsonText(policy),
    "golden.jsonl": golden.rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
  };
  const createdAt = exportTime();
  // Going back to an earlier policy must not give the earlier artifact's name to another one.
  const id = artifactId(createdAt, { ...files, revision: `${of}\0${createdAt.toISOString()}\0${note}` });
  files["README.md"] = revisedCard(card === undefined ? "" : Buffer.from(card).toString("utf8"), {
    id,
    of,
    createdAt,
    note,
    changed,
    moved: golden.moved,
    of_rows: golden.rows.length,
    lostSignature: lost_signature,
  });
  const revised: ArtifactManifest = {
    ...manifest,
    schema_version: ARTIFACT_SCHEMA_VERSION,
    artifact_id: id,
    created_at: createdAt.toISOString(),
    toolkit_version: toolkitVersion,
    files: describeFiles(files),
    revision: { of, note, changed },
  };
  if (readLatest(folder) !== opened.latest)
    throw new InputError(`${folder}: latest.json was changed meanwhile; run it again`);
  const path = await placeArtifact(folder, revised, files, sign);
  return { id, path, of, changed, golden_moved: golden.moved, lost_signature };
}

function parseLines(text: string): GoldenRow[] {
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as GoldenRow]));
}
