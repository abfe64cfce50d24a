import type { Engine } from "../../datasets/engine/engine.js";
import type { IngestResult } from "../../datasets/results.js";
import {
  readManifest,
  readResult,
  type Workspace,
  writeManifest,
  writeResult,
} from "../../datasets/workspace.js";
import { type FileMarker, storedName } from "./file-marker.js";
import { countsOf, ingestResult, type ReportedFile, sumCounts } from "./ingest-result.js";
import { linkAttempts } from "./link-attempts.js";
import type { PlannedFile } from "./plan-files.js";
import { toolkitVersion } from "./toolkit-version.js";

interface Conclusion {
  plan: readonly PlannedFile[];
  markers: ReadonlyMap<string, FileMarker>;
  ignored: NonNullable<IngestResult["ignored_files"]>;
  content: string;
  isChanged: boolean;
  started: number;
  /** Engine to link the attempts with. */
  engine: Engine;
}

/** Say what became of the files of this call; write results/ingest.json and the manifest, last, for the whole workspace. */
export async function concludeIngest(workspace: Workspace, conclusion: Conclusion): Promise<IngestResult> {
  const { plan, markers, ignored, content, isChanged, started } = conclusion;
  const files = plan.map(({ path, sha256, action }): ReportedFile => {
    const marker = markers.get(storedName(sha256))!;
    if (action !== "copy") return { marker: { ...marker, path }, reused: action === "keep" };
    return { marker: copyOf(marker, path), reused: true };
  });
  const isStale = isChanged || !readManifest(workspace, "ingest");
  const attempts = isStale
    ? await linkAttempts(workspace, conclusion.engine)
    : readResult<IngestResult>(workspace, "ingest")?.attempts;
  const shared = { content, ignored, attempts };
  const result = await ingestResult(workspace, files, shared);
  if (isStale) {
    const all = [...markers.values()].sort((a, b) => compare(a.path, b.path) || compare(a.sha256, b.sha256));
    const whole = all.map((marker) => ({ marker, reused: false }));
    writeResult(workspace, "ingest", await ingestResult(workspace, whole, shared));
    writeManifest(workspace, {
      stage: "ingest",
      completed_at: new Date().toISOString(),
      versions: { signalbox: toolkitVersion },
      inputs: all.map(({ path, sha256, bytes }) => ({ path, sha256, bytes })),
      rows: { ...countsOf(sumCounts(all)) },
      seed: null,
      seconds: (Date.now() - started) / 1000,
      notes: [],
    });
  }
  return result;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A second file with the same content: all that the first gave are duplicates here. */
function copyOf(marker: FileMarker, path: string): FileMarker {
  const example = `${path}: has the same content as ${marker.path}`;
  const copied: FileMarker["reasons"] =
    marker.accepted > 0
      ? [{ disposition: "duplicate", reason: "duplicate_id", count: marker.accepted, example }]
      : [];
  return {
    ...marker,
    path,
    accepted: 0,
    duplicates: marker.duplicates + marker.accepted,
    reasons: [...copied, ...marker.reasons],
  };
}
