import type { LoadedArtifact } from "../router/router-options.js";

/** Holds the artifact that decides, and the one before it. A decision reads `current` once, so that a swap falls between two
 * decisions and never into one. */
export class ArtifactHolder {
  private held: LoadedArtifact | null = null;
  private before: LoadedArtifact | null = null;
  private avoided: string | null = null;

  /** Null when there is none yet: the router fails open. */
  get current(): LoadedArtifact | null {
    return this.held;
  }

  /** The one that `rollBack` would put in charge; null without one. */
  get previous(): LoadedArtifact | null {
    return this.before;
  }

  /** Put another artifact in charge; the one that was stays for `rollBack`. */
  swap(next: LoadedArtifact): void {
    this.before = this.held;
    this.held = next;
    this.avoided = null;
  }

  /** Put the previous artifact in charge again; the two change places. The one that was left is avoided until `forgive`.
   * @returns whether there was one */
  rollBack(): boolean {
    if (this.before === null) return false;
    const left = this.held;
    this.swap(this.before);
    this.avoided = left?.manifestSha256 ?? null;
    return true;
  }

  /** Whether an artifact is the one that was rolled back, which a watch must not load again. */
  avoids({ manifestSha256 }: LoadedArtifact): boolean {
    return manifestSha256 === this.avoided;
  }

  forgive(): void {
    this.avoided = null;
  }
}
