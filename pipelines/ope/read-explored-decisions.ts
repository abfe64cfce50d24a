import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { countReasons } from "./count-reasons.js";
import { readObjects } from "./read-objects.js";

/** A logged decision whose model answered, with the chance that it had. */
export interface ExploredDecision {
  requestId: string;
  /** Session where there is one, else the request. */
  unit: string;
  model: string;
  /** In (0, 1]. */
  propensity: number;
  costUsd: number | null;
  /** Numbers that the router knew before the call: score, distance from the training traffic, sufficiency, probabilities. */
  facts: Record<string, number>;
}

/** Decisions that can be evaluated: records = decisions + excluded. */
export interface ExploredDecisions {
  records: number;
  decisions: ExploredDecision[];
  excluded: Array<{ reason: string; records: number }>;
}

/** Read decision logs of version 2 for off-policy evaluation. A record is left out, with the reason, when it has no propensity, when another
 * model answered than was decided (the propensity isn't that model's), when the ramp kept the session back, when nothing answered, or when its request id was there before.
 * @throws {InputError} if a file isn't there */
export async function readExploredDecisions(files: readonly string[]): Promise<ExploredDecisions> {
  const excluded = countReasons();
  const decisions = new Map<string, ExploredDecision>();
  let records = 0;
  for await (const read of readObjects(files, "a decision log, as router.record writes it")) {
    records += 1;
    const decision = "problem" in read ? `malformed: ${read.problem}` : readDecision(read.row);
    if (typeof decision === "string") excluded.add(decision);
    else if (decisions.has(decision.requestId)) excluded.add("repeated request_id");
    else decisions.set(decision.requestId, decision);
  }
  return { records, decisions: [...decisions.values()], excluded: excluded.list() };
}

function readDecision(row: Readonly<Record<string, unknown>>): ExploredDecision | string {
  const { request_id, session_hash, decided_model, served_model, arm, propensity, cost_usd } = row;
  if (!isText(request_id) || !isText(decided_model)) return "malformed: no request_id or no decided_model";
  if (typeof propensity !== "number") return "no propensity (a record of before version 2)";
  if (!(propensity > 0 && propensity <= 1)) return "malformed: propensity is not in (0, 1]";
  if (arm === "control") return "kept back by the ramp";
  if (!isText(served_model)) return "no answer was recorded";
  if (canonicalModel(served_model, null) !== canonicalModel(decided_model, null))
    return "another model answered than was decided";
  return {
    requestId: request_id,
    unit: isText(session_hash) ? session_hash : request_id,
    model: canonicalModel(decided_model, null),
    propensity,
    costUsd: isFiniteNumber(cost_usd) ? cost_usd : null,
    facts: factsOf(row),
  };
}

function factsOf({
  score,
  ood,
  sufficiency,
  probs,
}: Readonly<Record<string, unknown>>): Record<string, number> {
  const named: Array<[string, unknown]> = [
    ["score", score],
    ["ood", ood],
    ...Object.entries(typeof sufficiency === "object" && sufficiency !== null ? sufficiency : {}).map(
      ([model, value]): [string, unknown] => [`sufficiency ${model}`, value],
    ),
    ...(Array.isArray(probs) ? probs : []).map((value, at): [string, unknown] => [`prob ${at}`, value]),
  ];
  return Object.fromEntries(named.filter((entry): entry is [string, number] => isFiniteNumber(entry[1])));
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
