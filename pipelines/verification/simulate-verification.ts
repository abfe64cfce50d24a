import type { GateFacts } from "../../datasets/cascade-result.js";
import type { VerificationByModel, VerificationResult } from "../../datasets/verification-result.js";
import type { GateRates } from "../../models/cascade/gate.js";
import { settleTotal } from "../../models/cascade/gated-sums.js";
import { assumedPassShare, passCost } from "../../models/cascade/pass-cost.js";
import { cascadeCoverage } from "../cascade/cascade-coverage.js";
import { type CascadeRows, cascadeRows } from "../cascade/cascade-rows.js";
import { type GateOptions, workspaceGate } from "../cascade/workspace-gate.js";
import type { ReplayedWorkspace } from "../replay/open-replay.js";
import { describeVerification } from "./describe-verification.js";
import { sumVerification, type VerificationSumOptions } from "./sum-verification.js";
import { verificationVerdict } from "./verification-verdict.js";

/** Options of the verification's simulation. */
export interface VerificationOptions {
  gate?: GateOptions;
  /** Who verifies; by default the gate where its price is known, else the strong model. */
  by?: "gate" | "strong";
  /** Cost of the strong model's pass as a share of its answer's; 0.5 is the published x 1.5. */
  passShare?: number;
  /** Share of the strong model's own answers that are wrong, [0, 1]; without it only what is worse than the strong model is an error. */
  strongError?: number;
  /** What an uncaught error costs, USD. */
  errorUsd?: number;
}

/** What a verification pass over requests with stakes costs, catches, and from which harm on it pays: results/verification.json. Errors are
 * answers worse than the strong model's: its own errors are unknown to the log.
 * @throws {InputError} for half a gate */
export function simulateVerification(
  { workspace, replay, manifest }: ReplayedWorkspace,
  options: VerificationOptions = {},
): VerificationResult {
  const { gate, missing } = workspaceGate(workspace, options.gate);
  const rows = cascadeRows(replay);
  const verifier = verifierOf(options, gate);
  const passUsd = (row: number) =>
    verifier.by === "gate"
      ? (verifier.usd ?? Number.NaN)
      : passCost(replay.usd[rows.strong * replay.rows + row]!, verifier.pass_share!);
  const strongError = options.strongError ?? 0;
  const cheapModel = replay.models.length > 1 ? replay.models[rows.first]! : null;
  const errorUsd = options.errorUsd ?? null;
  const figures = describeVerification(
    sumVerification(rows, { passUsd, strongError }),
    sumVerification(rows, { passUsd, strongError, answeredBy: rows.first }),
    { gate, errorUsd, cheapModel, strongError },
  );
  const coverage = cascadeCoverage(replay, rows.rows);
  return {
    schema_version: 1,
    artifact_id: manifest.artifact_id,
    strong_model: replay.models[rows.strong] ?? null,
    requests: rows.rows.length,
    sessions: rows.sessions,
    ...figures,
    verifier: { ...verifier, gate, gate_missing: missing },
    strong_error: options.strongError ?? null,
    error_usd: errorUsd,
    verdict: verificationVerdict(figures, errorUsd),
    by_model: replay.models.flatMap(
      (_, model) => byModel(rows, gate, { passUsd, strongError, only: model }) ?? [],
    ),
    coverage,
    is_simulated: manifest.training.is_simulated || (gate?.is_simulated ?? false),
    notes: notesOf(rows, verifier, figures.stakes_requests, options.strongError),
  };
}

type Verifier = Pick<VerificationResult["verifier"], "by" | "usd" | "pass_share">;

function verifierOf({ by, passShare }: VerificationOptions, gate: GateFacts | null): Verifier {
  const usd = gate?.usd ?? null;
  if ((by ?? (usd === null ? "strong" : "gate")) === "gate") return { by: "gate", usd, pass_share: null };
  return { by: "strong", usd: null, pass_share: passShare ?? assumedPassShare };
}

function byModel(
  rows: CascadeRows,
  gate: GateRates | null,
  options: VerificationSumOptions & { only: number },
): VerificationByModel | null {
  const sums = sumVerification(rows, options);
  const total = (sum: keyof typeof sums) =>
    settleTotal(sums[sum])(gate?.tpr.value ?? Number.NaN, gate?.tnr.value ?? Number.NaN);
  const fixed = (sum: keyof typeof sums) => settleTotal(sums[sum])(1, 0);
  const requests = fixed("stakes");
  if (requests === 0) return null;
  const pass = fixed("pass");
  const caught = gate === null ? null : total("caught");
  const even = caught === null || caught <= 0 ? null : total("usd") / caught;
  return {
    model: rows.replay.models[options.only]!,
    requests,
    pass_usd: Number.isNaN(pass) ? null : pass,
    errors: fixed("errors"),
    caught,
    break_even_error_usd: even === null || Number.isNaN(even) ? null : even,
  };
}

function notesOf(
  { unknown }: CascadeRows,
  { by, pass_share }: Verifier,
  stakes: number,
  strongError: number | undefined,
): string[] {
  return [
    ...(stakes === 0 ? ["The router found no request with stakes among the compared ones."] : []),
    ...(unknown > 0
      ? [`${unknown} replayed attempts are left out: a price or confidence of a model is unknown.`]
      : []),
    ...(by === "strong"
      ? [
          `A pass is assumed to cost ${(100 * pass_share!).toFixed(0)} % of the request on the strong model (x 1.5 is a published figure, not a measurement).`,
        ]
      : []),
    strongErrorNote(strongError),
    "An alarm sends the request to the strong model, whose answer is then taken.",
  ];
}

function strongErrorNote(strongError: number | undefined): string {
  return strongError === undefined
    ? "Errors are answers worse than the strong model's. What the strong model itself gets wrong is unknown to the log, so a pass over its answers is a cost that catches nothing here; --strong-error says how often it errs."
    : `The strong model is taken to be wrong in ${(100 * strongError).toFixed(1)} % of its answers, as given, and a cheaper model to be right where it is sufficient and the strong model right.`;
}
