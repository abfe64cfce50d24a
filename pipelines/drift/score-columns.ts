import type { Router } from "@signalbox/runtime";
import { readObjects } from "../ope/read-objects.js";
import { trafficRequest } from "../simulate/traffic-request.js";
import type { ComparedColumn, ComparedRequest } from "./drift-rows.js";
import { sidesOf } from "./sides-of.js";

/** What a router said of a request. */
interface ScoredRow {
  session: string;
  is_since: boolean;
  score: number | null;
  tier: number | null;
  model: string;
  is_escalated: boolean;
  ood: number | null;
}

/** Scores of a decision log: what production decided, before and since.
 * @param since microseconds
 * @returns the columns, and how many records were no decisions
 * @throws {InputError} if a file isn't there */
export async function loggedScoreColumns(
  logs: readonly string[],
  since: number,
): Promise<{ columns: ComparedColumn[]; malformed: number }> {
  const rows: Array<ScoredRow & { at: number }> = [];
  let malformed = 0;
  for await (const read of readObjects(logs, "a decision log, as router.record writes it")) {
    const row = "problem" in read ? null : readScores(read.row);
    if (row === null) malformed += 1;
    else rows.push(row);
  }
  const began = new Map<string, number>();
  for (const { session, at } of rows)
    began.set(session, Math.min(began.get(session) ?? Number.POSITIVE_INFINITY, at));
  const sided = rows.map((row) => ({ ...row, is_since: began.get(row.session)! >= since }));
  return { columns: scoreColumns(sided), malformed };
}

/** Scores of an artifact on the workspace's own requests, where their texts were kept. */
export function decidedScoreColumns(
  router: Pick<Router, "decide">,
  requests: readonly ComparedRequest[],
): ComparedColumn[] {
  const rows = requests
    .filter(({ user_text }) => user_text !== null)
    .map((row): ScoredRow => {
      const meta = { app: row.app, endpoint: row.endpoint };
      const decision = router.decide({ ...trafficRequest(row), requestId: row.request_id, meta });
      const { score, tier, model, escalated, ood } = decision;
      const { session, is_since } = row;
      return { session, is_since, score, tier, model, is_escalated: escalated, ood };
    });
  return scoreColumns(rows);
}

function scoreColumns(rows: readonly ScoredRow[]): ComparedColumn[] {
  const isTwoSided = rows.some(({ is_since }) => is_since) && rows.some(({ is_since }) => !is_since);
  if (!isTwoSided) return [];
  const sides = sidesOf(rows);
  const column = (
    name: string,
    values: ComparedColumn["values"],
    kind: ComparedColumn["kind"] = "score",
  ): ComparedColumn => ({ column: name, kind, values, sides });
  return [
    column(
      "score",
      rows.map(({ score }) => score),
    ),
    column(
      "tier",
      rows.map(({ tier }) => (tier === null ? null : `tier ${tier}`)),
    ),
    column(
      "decided_model",
      rows.map(({ model }) => model),
    ),
    column(
      "escalated",
      rows.map(({ is_escalated }) => is_escalated),
    ),
    column(
      "ood",
      rows.map(({ ood }) => ood),
      "novelty",
    ),
  ].filter(({ values }) => new Set(values).size > 1);
}

function readScores(row: Readonly<Record<string, unknown>>): (ScoredRow & { at: number }) | null {
  const { ts, request_id, session_hash, decided_model, score, tier, escalated, ood } = row;
  const at = Date.parse(String(ts)) * 1_000;
  if (typeof request_id !== "string" || typeof decided_model !== "string" || !Number.isFinite(at))
    return null;
  const number = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : null);
  return {
    at,
    session: typeof session_hash === "string" ? session_hash : request_id,
    is_since: false,
    score: number(score),
    tier: number(tier),
    model: decided_model,
    is_escalated: escalated === true,
    ood: number(ood),
  };
}
