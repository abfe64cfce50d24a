import { LabelKind } from "../../datasets/labels.js";
import type { LabelDetails } from "../../datasets/results.js";
import type { Canary } from "./canaries.js";
import { type PairVerdict, pairQuality } from "./combine-orders.js";
import { countCanaries } from "./count-canaries.js";
import type { Journal } from "./journal.js";
import type { JudgeReply } from "./judge.js";
import { isLabelled } from "./label-rows.js";
import type { ItemLabels, NeededCall } from "./read-labels.js";
import { readSufficiency, readTier } from "./read-verdict.js";
import type { Sample } from "./sample-requests.js";
import { weightedShare } from "./weighted-share.js";

/** What a run found, before it is summed up. */
export interface SummaryInput {
  runId: string;
  sample: Sample;
  labelled: readonly ItemLabels[];
  canaries: readonly Canary[];
  candidates: readonly string[];
  journal: Journal;
}

/** The counted part of results/label.json. */
export type LabelSummary = Pick<
  LabelDetails,
  | "items"
  | "verdicts"
  | "cost_usd"
  | "judges"
  | "is_simulated"
  | "population"
  | "excluded"
  | "labelled"
  | "strata"
  | "calls"
  | "tiers"
  | "pairs"
  | "exact_checks"
  | "position_flip_rate"
  | "first_preferred_share"
  | "failures"
  | "canaries"
> & { cost: Pick<LabelDetails["cost"], "judge_usd" | "answers_usd" | "unpriced_calls"> };

/** Count what was asked, answered, decided and paid. A question that two items share counts once. */
export function summariseLabels({
  runId,
  sample,
  labelled,
  canaries,
  candidates,
  journal,
}: SummaryInput): LabelSummary {
  const calls = uniqueCalls(labelled, canaries, journal);
  const replies = calls.flatMap(({ reply }) => (reply ? [reply] : []));
  const cost = costOf(calls, runId);
  const labelledIn = (stratum: string) =>
    labelled.filter((labels) => labels.item.row.stratum === stratum && isLabelled(labels)).length;
  return {
    items: sample.requests.length,
    verdicts: countVerdicts(calls),
    cost_usd: cost.unpriced_calls > 0 ? null : cost.judge_usd + cost.answers_usd,
    judges: judgesOf(calls),
    is_simulated: replies.some(({ isSimulated }) => isSimulated),
    population: sample.population,
    excluded: sample.excluded,
    labelled: labelled.filter(isLabelled).length,
    strata: sample.strata.map((stratum) => ({ ...stratum, labelled: labelledIn(stratum.stratum) })),
    calls: [...kinds].map((kind) =>
      countCalls(
        kind,
        calls.filter((call) => call.kind === kind),
        runId,
      ),
    ),
    tiers: countTiers(labelled),
    pairs: candidates.map((candidate) => countPairs(candidate, labelled)),
    exact_checks: countExactChecks(labelled),
    ...positionFlips(labelled),
    cost,
    failures: countFailures(calls),
    canaries: countCanaries(canaries, journal, (reply) => readSufficiency(reply).verdict),
  };
}

interface CountedCall {
  kind: LabelKind | "canary";
  reply: JudgeReply | null;
  costUsd: number | null;
  /** Run that paid for it; null when nobody did. */
  paidBy: string | null;
}

const kinds = [LabelKind.tier, LabelKind.answer, LabelKind.sufficiency, "canary"] as const;

function uniqueCalls(
  labelled: readonly ItemLabels[],
  canaries: readonly Canary[],
  journal: Journal,
): CountedCall[] {
  const byKey = new Map<string, CountedCall>();
  const add = (kind: CountedCall["kind"], key: string) => {
    const paid = journal.replies.get(key);
    if (byKey.has(key)) return;
    byKey.set(key, {
      kind,
      reply: paid?.reply ?? journal.failures.get(key) ?? null,
      costUsd: paid?.costUsd ?? null,
      paidBy: paid?.runId ?? null,
    });
  };
  for (const { calls } of labelled) for (const { kind, call } of calls) add(kind, call.key);
  for (const { call } of canaries) add("canary", call.key);
  return [...byKey.values()];
}

function countCalls(
  kind: string,
  calls: readonly CountedCall[],
  runId: string,
): LabelDetails["calls"][number] {
  const answered = calls.filter(({ reply }) => reply?.error === null);
  return {
    kind,
    needed: calls.length,
    answered: answered.length,
    reused: answered.filter(({ paidBy }) => paidBy !== runId).length,
    failed: calls.filter(({ reply }) => reply !== null && reply.error !== null).length,
    not_sent: calls.filter(({ reply }) => reply === null).length,
  };
}

/** Models that judged, as they called themselves. */
function judgesOf(calls: readonly CountedCall[]): string[] {
  const names = calls.flatMap(({ kind, reply }) =>
    kind !== LabelKind.answer && reply?.model ? [reply.model] : [],
  );
  return [...new Set(names)].sort();
}

function countVerdicts(calls: readonly CountedCall[]): LabelDetails["verdicts"] {
  const counts = new Map<string, LabelDetails["verdicts"][number]>();
  for (const { kind, reply } of calls) {
    if (reply === null || (kind !== LabelKind.tier && kind !== LabelKind.sufficiency)) continue;
    const { verdict } = kind === LabelKind.tier ? readTier(reply) : readSufficiency(reply);
    const key = `${kind} ${verdict}`;
    counts.set(key, { kind, verdict, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}

function countTiers(labelled: readonly ItemLabels[]): LabelDetails["tiers"] {
  return ["0", "1", "2", "cannot_tell"].map((tier) => {
    const items = labelled.filter((labels) => labels.tier?.verdict === tier);
    return {
      tier,
      items: items.length,
      stakes: items.filter((labels) => labels.tier!.isStakes === true).length,
    };
  });
}

function countPairs(candidate: string, labelled: readonly ItemLabels[]): LabelDetails["pairs"][number] {
  const pairs = labelled.flatMap(({ item, pairs: all }) =>
    all.filter((pair) => pair.candidate === candidate).map((pair) => ({ item, pair })),
  );
  const count = (verdict: PairVerdict) => pairs.filter(({ pair }) => pair.verdict === verdict).length;
  const values = pairs.flatMap(({ item: { row }, pair }) => {
    const quality = pair.verdict === null ? null : pairQuality(pair.verdict);
    return quality === null
      ? []
      : [
          {
            value: quality,
            weight: 1 / row.inclusion_probability,
            cluster: row.session_id ?? row.request_id,
          },
        ];
  });
  return {
    candidate,
    sufficient: count("sufficient"),
    insufficient: count("insufficient"),
    tie: count("tie"),
    cannot_tell: count("cannot_tell"),
    sufficient_share: weightedShare(values),
  };
}

function countExactChecks(labelled: readonly ItemLabels[]): LabelDetails["exact_checks"] {
  const decisions = labelled.flatMap(({ pairs }) => pairs.flatMap(({ exact }) => exact ?? []));
  return [...new Set(decisions.map(({ check }) => check))].sort().map((check) => {
    const own = decisions.filter((decision) => decision.check === check);
    const count = (verdict: string) => own.filter((decision) => decision.verdict === verdict).length;
    return { check, sufficient: count("sufficient"), insufficient: count("insufficient") };
  });
}

function positionFlips(
  labelled: readonly ItemLabels[],
): Pick<LabelDetails, "position_flip_rate" | "first_preferred_share"> {
  const decided = labelled.flatMap(({ item, calls, pairs }) =>
    pairs
      .filter(({ exact, verdict }) => exact === null && verdict !== null && verdict !== "cannot_tell")
      .map(({ candidate, verdict }) => ({
        item,
        isFlip: verdict === "tie",
        calls: calls.filter((call) => call.candidate === candidate),
      })),
  );
  const flips = decided.filter(({ isFlip }) => isFlip);
  const flipValues = decided.map(({ item: { row }, isFlip }) => ({
    value: Number(isFlip),
    weight: 1,
    cluster: row.session_id ?? row.request_id,
  }));
  const rate = weightedShare(flipValues);
  return {
    position_flip_rate: rate,
    first_preferred_share:
      flips.length === 0 ? null : flips.filter(({ calls }) => prefersFirst(calls)).length / flips.length,
  };
}

/** In a flip, the judge preferred the first place when it found the candidate wanting only where it came second. */
function prefersFirst(calls: readonly NeededCall[]): boolean {
  const referenceFirst = calls.find(({ order }) => order === "reference_first");
  return readSufficiency(referenceFirst!.reply!).verdict === "insufficient";
}

function costOf(calls: readonly CountedCall[], runId: string): LabelSummary["cost"] {
  const paid = calls.filter(({ paidBy }) => paidBy === runId);
  const sum = (some: readonly CountedCall[]) => some.reduce((usd, { costUsd }) => usd + (costUsd ?? 0), 0);
  return {
    judge_usd: sum(paid.filter(({ kind }) => kind !== LabelKind.answer)),
    answers_usd: sum(paid.filter(({ kind }) => kind === LabelKind.answer)),
    unpriced_calls: paid.filter(({ costUsd }) => costUsd === null).length,
  };
}

function countFailures(calls: readonly CountedCall[]): LabelDetails["failures"] {
  const counts = new Map<string, LabelDetails["failures"][number]>();
  for (const { kind, reply } of calls) {
    const reason = reply === null ? null : failureOf(kind, reply);
    if (reason === null) continue;
    const key = `${kind} ${reason}`;
    counts.set(key, { kind, reason, calls: (counts.get(key)?.calls ?? 0) + 1 });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, failure]) => failure);
}

function failureOf(kind: CountedCall["kind"], reply: JudgeReply): string | null {
  if (reply.error !== null) return reply.error;
  if (kind === LabelKind.answer) return reply.finishReason === "length" ? "truncated" : null;
  return kind === LabelKind.tier ? readTier(reply).failure : readSufficiency(reply).failure;
}
