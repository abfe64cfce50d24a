import type { DriftAlarmRow } from "../../datasets/drift-result.js";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { shareAlarm } from "../../models/drift/share-alarm.js";
import { groupBy } from "../trust/group-by.js";
import type { ComparedColumn, ComparedOutcome, ComparedRequest } from "./drift-rows.js";
import { sidesOf } from "./sides-of.js";

/** What became of requests: errors and feedback, finish reasons, judged sufficiency; and an alarm on errors. */
export async function outcomeChanges(
  engine: Engine,
  requests: readonly ComparedRequest[],
): Promise<{ outcomes: ComparedOutcome[]; columns: ComparedColumn[]; alarms: DriftAlarmRow[] }> {
  const rated = requests.filter(({ feedback_score }) => feedback_score !== null);
  const finished = requests.filter(({ finish_reason }) => finish_reason !== null);
  const reasons = finished.map(({ finish_reason }) => finish_reason);
  return {
    outcomes: [
      {
        outcome: "error rate",
        values: requests.map((row) => Number(isError(row))),
        sides: sidesOf(requests),
      },
      ...(rated.length === 0
        ? []
        : [
            {
              outcome: "feedback score",
              values: rated.map(({ feedback_score }) => feedback_score!),
              sides: sidesOf(rated),
            },
          ]),
      ...(await judgedOutcomes(engine)),
    ],
    columns:
      new Set(reasons).size > 1
        ? [{ column: "finish_reason", kind: "outcome", values: reasons, sides: sidesOf(finished) }]
        : [],
    alarms: errorAlarm(requests),
  };
}

function isError({ status }: ComparedRequest): boolean {
  return status !== "ok";
}

/** The first request of each session: rows of one session are not independent, which the alarm needs. */
function errorAlarm(requests: readonly ComparedRequest[]): DriftAlarmRow[] {
  const first = [...groupBy(requests, ({ session }) => session).values()].map(([row]) => row!);
  const events = (isSince: boolean) =>
    first.filter(({ is_since }) => is_since === isSince).map((row) => Number(isError(row)));
  const alarm = shareAlarm(events(false), events(true));
  return alarm === null ? [] : [{ event: "error", ...alarm }];
}

async function judgedOutcomes(engine: Engine): Promise<ComparedOutcome[]> {
  const judged = await engine.rows<{
    candidate: string;
    session: string;
    is_since: boolean;
    sufficiency: number;
    inclusion_probability: number;
  }>(readSql("pipelines/drift/judged-sufficiency.sql"));
  return [...groupBy(judged, ({ candidate }) => candidate)].map(
    ([candidate, rows]): ComparedOutcome => ({
      outcome: `judged sufficiency of ${candidate}`,
      values: rows.map(({ sufficiency }) => sufficiency),
      weights: rows.map(({ inclusion_probability }) => 1 / inclusion_probability),
      sides: sidesOf(rows),
    }),
  );
}
