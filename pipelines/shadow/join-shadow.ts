import { ShadowStatus } from "@signalbox/runtime";
import type { ResponseShadow } from "../../datasets/shadow-result.js";
import type { LoggedDecision } from "./read-decision.js";
import type { LoggedPair } from "./read-pair.js";
import type { PairVerdict } from "./read-shadow-verdict.js";

/** A pair with its verdict, where there is one. */
export interface JoinedPair extends LoggedPair {
  verdict: PairVerdict | null;
}

/** The three logs brought together. */
export interface JoinedShadow {
  /** One per pair id, in order of time. */
  pairs: JoinedPair[];
  joins: ResponseShadow["joins"];
}

/** Join pairs with verdicts by pair_id and with decisions by request_id. Of rows with the same id the first counts, of pairs the first complete one; whatever has no
 * partner is counted under its kind, with the first one's id.
 * @param decisions null when no decision log was given */
export function joinShadow(
  logged: readonly LoggedPair[],
  verdicts: readonly PairVerdict[],
  decisions: readonly LoggedDecision[] | null,
): JoinedShadow {
  const counted = openCounts();
  const verdictOf = firstOf(
    verdicts,
    ({ pairId }) => pairId,
    (id) => counted("duplicate_verdict", id),
  );
  const pairOf = firstOf(
    completeFirst(logged),
    ({ pairId }) => pairId,
    (id) => counted("duplicate_pair", id),
  );
  const decisionOf = new Map((decisions ?? []).map((decision) => [decision.requestId, decision]));
  const pairs = [...pairOf.values()].map((pair) => {
    const verdict = verdictOf.get(pair.pairId) ?? null;
    const isPaired = pair.status === ShadowStatus.paired;
    if (!isPaired && verdict) counted("verdict_on_incomplete_pair", pair.pairId);
    if (isPaired && !verdict) counted("pair_without_verdict", pair.pairId);
    if (isPaired && verdict) {
      counted(verdict.difference === null ? "verdict_without_value" : "matched", pair.pairId);
    }
    if (decisions !== null && !decisionOf.has(pair.requestId)) counted("pair_without_decision", pair.pairId);
    return { ...pair, verdict: isPaired ? verdict : null };
  });
  for (const id of verdictOf.keys()) if (!pairOf.has(id)) counted("verdict_without_pair", id);
  const requests = new Set(pairs.map(({ requestId }) => requestId));
  for (const { isSampled, requestId } of decisions ?? []) {
    if (isSampled && !requests.has(requestId)) counted("sampled_decision_without_pair", requestId);
  }
  pairs.sort((a, b) => a.at - b.at || (a.pairId < b.pairId ? -1 : 1));
  return { pairs, joins: counted.all() };
}

/** An SDK that tries a failed call again leaves two records of one request: the complete one is what the user got. Looks at how far a record
 * came, never at its quality. */
function completeFirst(logged: readonly LoggedPair[]): LoggedPair[] {
  const isComplete = ({ status }: LoggedPair) => status === ShadowStatus.paired;
  return [...logged.filter(isComplete), ...logged.filter((pair) => !isComplete(pair))];
}

function firstOf<Row>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
  repeated: (id: string) => void,
): Map<string, Row> {
  const first = new Map<string, Row>();
  for (const row of rows) {
    const id = idOf(row);
    if (first.has(id)) repeated(id);
    else first.set(id, row);
  }
  return first;
}

/** Kinds in the order in which they are shown; all of them are, also with no rows. */
const kinds = [
  "matched",
  "pair_without_verdict",
  "verdict_without_value",
  "verdict_without_pair",
  "verdict_on_incomplete_pair",
  "pair_without_decision",
  "sampled_decision_without_pair",
  "duplicate_pair",
  "duplicate_verdict",
] as const;

function openCounts() {
  const counts = new Map(kinds.map((kind) => [kind, { kind, rows: 0, example: null as string | null }]));
  const count = (kind: (typeof kinds)[number], id: string) => {
    const row = counts.get(kind)!;
    row.rows += 1;
    row.example ??= id;
  };
  return Object.assign(count, { all: () => [...counts.values()] });
}
