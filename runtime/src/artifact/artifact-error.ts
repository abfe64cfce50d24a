/** What is wrong with an artifact. */
export const ArtifactFault = {
  missingFile: "missing_file",
  badHash: "bad_hash",
  badJson: "bad_json",
  badManifest: "bad_manifest",
  badPolicy: "bad_policy",
  badModel: "bad_model",
  badEmbedder: "bad_embedder",
  unsupportedVersion: "unsupported_version",
  featuriserMismatch: "featuriser_mismatch",
  goldenMismatch: "golden_mismatch",
  badSignature: "bad_signature",
  badArchive: "bad_archive",
  badEngine: "bad_engine",
} as const;
export type ArtifactFault = (typeof ArtifactFault)[keyof typeof ArtifactFault];

/** An artifact can't be used. Thrown while loading, never while deciding. The message says what, where and what next. */
export class ArtifactError extends Error {
  override name = "ArtifactError";
  readonly fault: ArtifactFault;
  /** File that is at fault. */
  readonly path: string;

  constructor(fault: ArtifactFault, path: string, message: string, options?: ErrorOptions) {
    super(`${path}: ${message}`, options);
    this.fault = fault;
    this.path = path;
  }
}
