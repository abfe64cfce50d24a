/** An artifact without a folder: a tar archive of its folder, or its files by name. */
export type ArtifactBytes = Uint8Array | Readonly<Record<string, Uint8Array>>;

/** Where the files of one artifact are read from. */
export interface ArtifactSource {
  /** What a file is called in messages. */
  pathOf(name: string): string;
  /** Bytes of a file; null when there is none of that name.
   * @throws {ArtifactError} (missing_file) when there is one that can't be read */
  read(name: string): Promise<Uint8Array | null>;
}
