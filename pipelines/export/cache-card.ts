import type { CacheExportResult, CacheExportSegment } from "../../datasets/cache-export.js";
import { cardTable, cardText } from "./card-table.js";

/** The card's section on cached answers: what may be served, what vouches for it, what was planted and served, and whether tenants
 * were kept apart. */
export function cacheSection({
  score,
  embedder,
  is_simulated: isSimulated,
  segments,
  isolation,
  notes,
}: Omit<CacheExportResult, "artifact_id">): string[] {
  const off = segments.filter(({ unsafe }) => unsafe !== null);
  return [
    "## Cached answers",
    "",
    ...(isSimulated ? ["**Right and wrong come from a simulated judge.**", ""] : []),
    `Near answers are ranked by ${score === "cosine" ? "the cosine" : "the same-answer score"} over vectors of ${embedder.id} (SHA-256 ${embedder.sha256}). ` +
      "Wrong hits are at most alpha of all requests, except with probability delta over calibrations; a pooled threshold promises that for its segments together.",
    "",
    ...cardTable(
      [
        "segment",
        "level",
        "serves from",
        "alpha",
        "delta",
        "wrong of checked",
        "wrong hits at most",
        "planted, served",
      ],
      segments.map(segmentRow),
    ),
    "",
    ...off.flatMap(({ segment, unsafe }) => [`**${cardText(segment)} is off: ${unsafe}.**`, ""]),
    "Planted: the segment's own prompts and made-up ones with one thing flipped (number, unit, currency, date, name, polarity, direction, negation), asked at a similarity of almost 1 with every neighbour in favour. One that is served turns its segment off.",
    "",
    `Tenants: ${isolation.requests} requests under ${isolation.tenants} spellings of a tenant, absent, empty and look-alike ones among them; ${isolation.shared} of ${isolation.pairs} pairs shared a cache key.`,
    ...notes.map((note) => `\n${note[0]!.toUpperCase()}${note.slice(1)}.`),
  ];
}

function segmentRow(row: CacheExportSegment): string[] {
  const { segment, level, min_score: minScore, alpha, delta, errors, n, usr_high: usrHigh, probes } = row;
  return [
    segment,
    level.replace("_", " "),
    minScore === null ? "off" : minScore.toFixed(4),
    percent(alpha),
    percent(delta),
    `${errors} of ${n}`,
    usrHigh === null ? "" : percent(usrHigh),
    probes === null ? "" : `${probes.planted}, ${probes.served}`,
  ];
}

function percent(part: number): string {
  return `${(part * 100).toFixed(2)} %`;
}
