import { cascadeClaims } from "../../datasets/cascade-claims.js";
import type { CascadeResult } from "../../datasets/cascade-result.js";
import { InputError } from "../../datasets/errors.js";
import type { ReplayedWorkspace } from "../replay/open-replay.js";
import { cascadeCoverage } from "./cascade-coverage.js";
import { type CascadeRows, cascadeRows } from "./cascade-rows.js";
import { compareCascades } from "./compare-cascades.js";
import { type GateOptions, workspaceGate } from "./workspace-gate.js";

/** Options of a cascade's simulation. */
export interface CascadeOptions {
  gate?: GateOptions;
  /** Name of the model that answers first; by default the cheapest of the policy. */
  first?: string;
  /** Confidence in the first model from which it is asked, [0, 1]; by default the recommended one. */
  askFrom?: number;
  /** What an aborted call is billed: what was streamed until then, or everything. */
  billing?: "streamed" | "full";
}

/** What a cascade and a race would have cost, kept and taken on a replayed log: results/cascade.json.
 * @throws {InputError} for a first model that the policy doesn't have, or half a gate */
export function simulateCascade(
  { workspace, replay, policy, manifest }: ReplayedWorkspace,
  options: CascadeOptions = {},
): CascadeResult {
  const { gate, missing } = workspaceGate(workspace, options.gate);
  const rows = cascadeRows(replay, firstPlace(replay.models, options.first));
  const billing = options.billing ?? "streamed";
  const n = rows.rows.length;
  const isPossible = replay.models.length > 1 && n > 0;
  const compared = isPossible
    ? compareCascades(rows, {
        strongModel: policy.models.at(-1)!,
        gate,
        retention: policy.retention_target,
        billing,
        askFrom: options.askFrom,
      })
    : {
        strategies: [],
        frontiers: [],
        thresholds: [],
        abort: { billing, stopped_share: null, billed_share: null },
      };
  const coverage = cascadeCoverage(replay, rows.rows);
  return {
    schema_version: 1,
    artifact_id: manifest.artifact_id,
    first_model: replay.models.length > 1 ? replay.models[rows.first]! : null,
    strong_model: replay.models[rows.strong] ?? null,
    retention_target: policy.retention_target,
    requests: n,
    sessions: rows.sessions,
    billed_usd: coverage[0]!.usd,
    gate,
    gate_missing: missing,
    ...compared,
    claims: [...cascadeClaims],
    coverage,
    is_simulated: manifest.training.is_simulated || (gate?.is_simulated ?? false),
    notes: notesOf(rows, isPossible),
  };
}

/** Place of the model that answers first.
 * @throws {InputError} when the policy has no such model, or it is the strong one */
export function firstPlace(models: readonly string[], name: string | undefined): number {
  if (name === undefined) return 0;
  const place = models.indexOf(name);
  const before = models.slice(0, -1);
  if (place < 0 || place >= before.length)
    throw new InputError(`--first is ${name}; give one of ${before.join(", ") || "two models or more"}`);
  return place;
}

function notesOf({ unknown }: CascadeRows, isPossible: boolean): string[] {
  return [
    ...(isPossible
      ? []
      : [
          "Nothing to compare: the policy has one model, or no attempt was replayed with prices and confidences.",
        ]),
    ...(unknown > 0
      ? [
          `${unknown} replayed attempts are left out: a price or confidence of a model that would be asked is unknown.`,
        ]
      : []),
    "Quality is relative to the strong model: its own answer counts as sufficient. A calibration error of the router's confidence is in no interval.",
    "The gate is taken to err as often on hard requests as on easy ones, and to judge each answer on its own.",
  ];
}
