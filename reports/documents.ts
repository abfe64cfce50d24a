import type { CacheCalibrationResult } from "../datasets/cache-calibration.js";
import type { CacheReplayResult } from "../datasets/cache-result.js";
import type { CascadeResult } from "../datasets/cascade-result.js";
import { InputError } from "../datasets/errors.js";
import type {
  AuditResult,
  IngestResult,
  LabelDetails,
  LabelResult,
  ModelResult,
  ShadowResult,
  SimulateResult,
} from "../datasets/results.js";
import type { VerificationResult } from "../datasets/verification-result.js";
import {
  readManifest,
  readResult,
  resultPath,
  type StageManifest,
  type Workspace,
} from "../datasets/workspace.js";

/** Everything that a report is made of. A document is null while its stage has not run. */
export interface ReportDocuments {
  ingest: IngestResult | null;
  audit: AuditResult | null;
  label: (LabelResult & Partial<LabelDetails>) | null;
  model: ModelResult | null;
  simulate: SimulateResult | null;
  cascade: CascadeResult | null;
  verification: VerificationResult | null;
  cache_replay: CacheReplayResult | null;
  cache_calibration: CacheCalibrationResult | null;
  shadow: ShadowResult | null;
  /** Manifests of the stages that are complete, in the order of the journey. */
  manifests: StageManifest[];
}

/** Read the result documents and manifests of a workspace.
 * @throws {InputError} if a document is damaged or of another schema version, naming the command that rewrites it */
export function readDocuments(workspace: Workspace): ReportDocuments {
  return {
    ingest: readDocument<IngestResult>(workspace, "ingest", "signalbox ingest"),
    audit: readDocument<AuditResult>(workspace, "audit", "signalbox audit"),
    label: readDocument<LabelResult & Partial<LabelDetails>>(workspace, "label", "signalbox label"),
    model: readDocument<ModelResult>(workspace, "model", "signalbox train"),
    simulate: readDocument<SimulateResult>(workspace, "simulate", "signalbox simulate", [1, 2]),
    cascade: readDocument<CascadeResult>(workspace, "cascade", "signalbox simulate"),
    verification: readDocument<VerificationResult>(workspace, "verification", "signalbox simulate"),
    cache_replay: readDocument<CacheReplayResult>(workspace, "cache_replay", "signalbox cache replay"),
    cache_calibration: readDocument<CacheCalibrationResult>(
      workspace,
      "cache_calibration",
      "signalbox cache calibrate",
    ),
    shadow: readDocument<ShadowResult>(workspace, "shadow", "signalbox shadow analyze", [1, 2]),
    manifests: stages.flatMap((stage) => readStage(workspace, stage) ?? []),
  };
}

const stages = [
  "ingest",
  "outcomes",
  "audit",
  "label",
  "train",
  "export",
  "simulate",
  "cache-replay",
  "cache-pairs",
  "cache-calibrate",
  "shadow",
];

function readDocument<T extends { schema_version: number }>(
  workspace: Workspace,
  name: string,
  command: string,
  versions: readonly number[] = [1],
): T | null {
  const path = resultPath(workspace, name);
  const document = parseOr(() => readResult<T>(workspace, name), path, command);
  if (document !== null && !versions.includes(document.schema_version)) {
    throw new InputError(
      `${path}: schema_version ${String(document.schema_version)}, this toolkit reads ${versions.join(" and ")}; write it anew with: ${command}`,
    );
  }
  return document;
}

function readStage(workspace: Workspace, stage: string): StageManifest | null {
  return parseOr(
    () => readManifest(workspace, stage),
    `${workspace.path}/${stage}.manifest.json`,
    `signalbox ${stage.replace("-", " ")}`,
  );
}

function parseOr<T>(read: () => T, path: string, command: string): T {
  try {
    return read();
  } catch (cause) {
    throw new InputError(`${path}: not readable as JSON; write it anew with: ${command}`, { cause });
  }
}
