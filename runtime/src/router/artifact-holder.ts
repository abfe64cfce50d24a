import type { LoadedArtifact } from "./router-options.js";

/** Holds the artifact that decides, and the one before it. A decision reads `current` once, so that a swap falls between two
 * decisions and never into one. */
export class ArtifactHolder {
  private previous: LoadedArtifact | null = null;

  /** @param held null = fail open */
  constructor(private held: LoadedArtifact | null) {}

  /** Null when there is none yet. */
  get current(): LoadedArtifact | null {
    return this.held;
  }

  /** Put another artifact in charge; the one that was stays for `rollBack`. */
  swap(next: LoadedArtifact): void {
    this.previous = this.held;
    this.held = next;
  }

  /** Put the previous artifact in charge again; the two change places.
   * @returns whether there was one */
  rollBack(): boolean {
    if (this.previous === null) return false;
    this.swap(this.previous);
    return true;
  }
}
