import type { LoadedArtifact } from "../router/router-options.js";
import type { ArtifactHolder } from "./artifact-holder.js";

/** What came of loading an artifact. */
export interface Reload {
  /** `swapped`: it decides from now on. `unchanged`: it is the one that decides already, or one that was rolled back.
   * `refused`: it can't be used, and the old one goes on. */
  outcome: "swapped" | "unchanged" | "refused";
  /** Artifact in charge afterwards; null when there is none. */
  artifact: string | null;
  /** Why it was refused; null otherwise. */
  error: Error | null;
}

/** Loads since the router was made, the first one left out when it succeeded. */
export interface ReloadCounts {
  /** Artifacts that were swapped in. */
  ok: number;
  refused: number;
  /** Message of the last refusal; null once a later load succeeded. */
  lastError: string | null;
}

/** Loads artifacts and swaps them in, one at a time. Never rejects.
 * @typeParam Source what an artifact is loaded from */
export class Reloader<Source> {
  readonly counts: ReloadCounts = { ok: 0, refused: 0, lastError: null };
  private last: Promise<unknown> = Promise.resolve();

  /** @param load loads the given source, or without one the router's own
   * @param onReload told of every swap and refusal; what it throws is dropped */
  constructor(
    private readonly artifacts: ArtifactHolder,
    private readonly load: (source?: Source) => Promise<LoadedArtifact>,
    private readonly onReload: (reload: Reload) => void = () => {},
  ) {}

  /** Load and swap. On demand an artifact that was rolled back is taken again; a watch leaves it alone. */
  reload({ source, onDemand }: { source?: Source; onDemand: boolean }): Promise<Reload> {
    const next = this.last.then(async () => {
      if (onDemand) this.artifacts.forgive();
      const reload = await this.loadOnce(source);
      if (reload.outcome !== "unchanged") this.tell(reload);
      return reload;
    });
    this.last = next;
    return next;
  }

  /** Count a load that failed. */
  refuse(thrown: unknown): Reload {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.counts.refused += 1;
    this.counts.lastError = error.message;
    return { outcome: "refused", artifact: this.idInCharge(), error };
  }

  private async loadOnce(source: Source | undefined): Promise<Reload> {
    try {
      const next = await this.load(source);
      this.counts.lastError = null;
      const isCurrent = next.manifestSha256 === this.artifacts.current?.manifestSha256;
      if (isCurrent || this.artifacts.avoids(next))
        return { outcome: "unchanged", artifact: this.idInCharge(), error: null };
      this.artifacts.swap(next);
      this.counts.ok += 1;
      return { outcome: "swapped", artifact: next.id, error: null };
    } catch (error) {
      return this.refuse(error);
    }
  }

  private tell(reload: Reload): void {
    try {
      this.onReload(reload);
    } catch {
      // The caller's own code must not keep a swap from happening.
    }
  }

  private idInCharge(): string | null {
    return this.artifacts.current?.id ?? null;
  }
}
