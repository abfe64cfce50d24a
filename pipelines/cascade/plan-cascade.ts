import { type CascadePoint, CascadeTake } from "../../datasets/cascade-result.js";
import type { CascadePlan } from "../../models/cascade/cascade-plan.js";
import { escalationProbability, type GateRates } from "../../models/cascade/gate.js";
import type { ReplayedWorkspace } from "../replay/open-replay.js";
import { cascadeFrontier, recommendPoint } from "./cascade-frontier.js";
import { type CascadeRows, canTake, cascadeRows } from "./cascade-rows.js";
import { type CascadeOptions, firstPlace } from "./simulate-cascade.js";
import { workspaceGate } from "./workspace-gate.js";

/** Plan the cascade that is worth adding to the router, attempt by attempt, for whoever adds levers up.
 * @param options.takes what it may take; by default what the router sends to the strong model, so that it comes after the router. What it
 * doesn't take stays with the router's model
 * @param options.askFrom by default the recommended setting
 * @returns null without a gate of measured rates and a known price, and where no setting keeps the promise at less than not asking costs */
export function planCascade(
  { workspace, replay, policy }: Pick<ReplayedWorkspace, "workspace" | "replay" | "policy">,
  options: CascadeOptions & { takes?: CascadeTake } = {},
): CascadePlan | null {
  const { takes = CascadeTake.routed } = options;
  const { gate } = workspaceGate(workspace, options.gate);
  if (gate === null || gate.usd === null || replay.models.length < 2) return null;
  const rows = cascadeRows(replay, firstPlace(replay.models, options.first));
  const askFrom =
    options.askFrom ??
    recommended(rows, { takes, rates: gate, gateUsd: gate.usd }, policy.retention_target)?.ask_from;
  return askFrom == null ? null : layOutPlan(rows, { takes, rates: gate, gateUsd: gate.usd, askFrom });
}

/** Lay a cascade out by attempt, at given rates and setting. */
export function layOutPlan(
  rows: CascadeRows,
  {
    takes,
    rates,
    gateUsd,
    askFrom,
  }: {
    takes: CascadeTake;
    rates: GateRates;
    gateUsd: number;
    askFrom: number;
  },
): CascadePlan {
  const { replay, first, strong } = rows;
  const escalates = new Float64Array(replay.rows).fill(Number.NaN);
  for (const row of rows.rows) {
    const sufficiency = replay.sufficiency[first * replay.rows + row]!;
    if (!canTake(rows, row, takes) || sufficiency < askFrom) continue;
    escalates[row] = escalationProbability(sufficiency, rates.tpr.value, rates.tnr.value);
  }
  return {
    first,
    // biome-ignore lint/suspicious/noThenProperty: a plan names its second model so; a number can't be awaited
    then: strong,
    escalates,
    gateUsd: escalates.map((share) => (Number.isNaN(share) ? 0 : gateUsd)),
  };
}

function recommended(
  rows: CascadeRows,
  options: Parameters<typeof cascadeFrontier>[1],
  retention: number,
): CascadePoint | null {
  return recommendPoint(cascadeFrontier(rows, options), retention);
}
