import type { CacheCurveRow, CacheReplayResult } from "../../../datasets/cache-result.js";
import { percent, printLine, printTable, usd, withInterval } from "../../terminal.js";

const segmentsShown = 10;

/** Print a replay for people.
 * @param workspace path of the workspace that holds it; null = none does */
export function printReplay(result: CacheReplayResult, workspace: string | null): void {
  const { requests, scopes, segments, embedder, settings } = result;
  printLine(
    `${requests} requests in ${scopes} scopes and ${segments} segments; prompts compared by ${embedder.id}.`,
  );
  printLine(
    `At most ${settings.capacity} entries (${settings.eviction}), ${settings.ttl_s === null ? "which don't age" : `each for ${settings.ttl_s} s`}.`,
  );
  printLine();
  printCurve(result);
  printLine();
  for (const line of remarks(result)) printLine(line);
  printReasons("Not replayed", result.left_out);
  printReasons("Never cached", result.never_cached);
  printSegments(result);
  printLine();
  for (const text of [...result.prices.notes, ...result.notes]) printLine(text);
  if (workspace !== null)
    printLine(`Workspace: ${workspace}. Next: signalbox report --workspace ${workspace}`);
}

function printCurve({ curve, is_truth_known: isTruthKnown }: CacheReplayResult): void {
  printTable(curve, [
    { title: "cosine from", value: (row) => nameOf(row) },
    { title: "exact", align: "right", value: (row) => String(row.exact_hits) },
    { title: "semantic", align: "right", value: (row) => String(row.semantic_hits) },
    { title: "hit rate", align: "right", value: (row) => withInterval(row.hit_rate, percent) },
    ...(isTruthKnown
      ? ([
          { title: "wrong", align: "right", value: (row) => String(row.wrong_hits) },
          { title: "USR", align: "right", value: (row) => withInterval(row.usr, twoDigits) },
          { title: "FHR", align: "right", value: (row) => withInterval(row.fhr, percent) },
        ] satisfies Parameters<typeof printTable<CacheCurveRow>>[1])
      : []),
    { title: "saved", align: "right", value: (row) => savedText(row) },
    { title: "net", align: "right", value: (row) => withInterval(row.net_usd, usd) },
    { title: "break-even", align: "right", value: (row) => percent(row.break_even_hit_rate) },
  ]);
}

function nameOf({ min_cosine: minCosine }: CacheCurveRow): string {
  return minCosine === null ? "exact only" : String(minCosine);
}

const twoDigits = (share: number) => percent(share, 2);

function savedText({
  saved_usd,
  hits_of_unknown_cost: unknown,
  exact_hits,
  semantic_hits,
}: CacheCurveRow): string {
  if (unknown === 0) return usd(saved_usd);
  if (unknown === exact_hits + semantic_hits) return "unknown";
  return `${usd(saved_usd)} + ${unknown} unknown`;
}

function remarks({
  is_truth_known: isTruthKnown,
  last_turn_key: lastTurn,
  nearest_found: found,
  exact_tier_only,
  curve,
}: CacheReplayResult): string[] {
  const wrong =
    lastTurn.refused_wrong === null
      ? ""
      : `; ${lastTurn.refused_wrong} of ${lastTurn.refused_known} would be wrong`;
  const loosest = curve.at(-1)!;
  return [
    ...(isTruthKnown
      ? ["USR = wrong hits / all requests; FHR = wrong hits / hits."]
      : [
          "Wrong hits: unknown, for no request names its right answer (answer_key); judge pairs with: signalbox cache pairs",
          ...(loosest.answered_hits > 0
            ? [
                `Of ${loosest.answered_hits} hits at the loosest threshold, ${loosest.same_answer_hits} would have given the logged answer word for word; the others may still be right.`,
              ]
            : []),
        ]),
    ...(lastTurn.refused_hits > 0
      ? [
          `WARNING: a key of tenant and last user turn alone would hit ${lastTurn.hits} times, ${lastTurn.refused_hits} of them only because it ignores the conversation before, the system prompt or the model${wrong}.`,
        ]
      : []),
    ...(found === null
      ? []
      : [
          `The nearest entry was found in ${found.found} of ${found.searches} searches that were checked; the others count as misses.`,
        ]),
    ...(exact_tier_only > 0
      ? [`${exact_tier_only} requests have no text in the log: only the exact tier sees them.`]
      : []),
  ];
}

function printReasons(title: string, rows: ReadonlyArray<{ reason: string; requests: number }>): void {
  if (rows.length > 0)
    printLine(`${title}: ${rows.map(({ reason, requests }) => `${requests} ${reason}`).join(", ")}.`);
}

function printSegments({ by_segment: rows, curve }: CacheReplayResult): void {
  if (rows.length < 2) return;
  printLine();
  printTable(rows.slice(0, segmentsShown), [
    { title: "segment", value: (row) => row.segment },
    { title: "requests", align: "right", value: (row) => String(row.requests) },
    ...curve.map((point, i) => ({
      title: nameOf(point),
      align: "right" as const,
      value: (row: (typeof rows)[number]) => percent(row.curve[i]!.hits / row.requests),
    })),
  ]);
  if (rows.length > segmentsShown) printLine(`and ${rows.length - segmentsShown} more segments`);
}
