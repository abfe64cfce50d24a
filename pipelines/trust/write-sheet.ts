import { InputError } from "../../datasets/errors.js";
import { redact } from "../../datasets/privacy/redact.js";
import { createRandom } from "../../datasets/random.js";
import { type Workspace, writeFileAtomic } from "../../datasets/workspace.js";
import { readHistory } from "../label/label-item.js";
import { allocateRatings } from "./allocate-ratings.js";
import { groupBy } from "./group-by.js";
import { type JudgedPair, readJudgedPairs } from "./judged-pairs.js";
import { ratingStratum } from "./rated-pairs.js";

/** What a sheet holds. */
export interface SheetSummary {
  path: string;
  pairs: number;
  judged_pairs: number;
  strata: Array<{ stratum: string; judged: number; drawn: number }>;
}

/** Write a blind sheet (CSV) for humans to fill in: judged pairs at random within each candidate and verdict, shuffled, answers in random
 * places, without models, verdicts or ids that tell. Text that the workspace holds in full is redacted.
 * @throws {StageError} if nothing was judged
 * @throws {InputError} if no pair has its texts, or the file can't be written */
export async function writeSheet(
  workspace: Workspace,
  { path, n, seed }: { path: string; n: number; seed: number },
): Promise<SheetSummary> {
  const { pairs } = await readJudgedPairs(workspace);
  const judged = pairs.filter(({ is_exact }) => !is_exact);
  const readable = judged.filter(hasTexts);
  if (readable.length === 0)
    throw new InputError(
      `${workspace.path}: no judged pair has both its texts; label with --content redacted or full`,
    );
  const { drawn, strata } = drawPairs(readable, n, seed);
  const random = createRandom(seed + 1);
  const clean = (pair: ReadablePair, text: string) =>
    pair.content_state === "full" ? redact(text, workspace.salt).text : text;
  const lines = drawn.map((pair) => {
    const reference = clean(pair, pair.reference_answer);
    const candidate = clean(pair, pair.candidate_answer);
    const isFirst = random.uniform() < 0.5;
    return [
      pair.pair_id,
      clean(pair, conversation(pair)),
      ...(isFirst ? [candidate, reference] : [reference, candidate]),
      isFirst ? "A" : "B",
      ...blanks.map(() => ""),
    ];
  });
  const rows = [["pair_id", "request", "answer_a", "answer_b", "judged_answer", ...blanks], ...lines];
  // The mark at the start tells spreadsheets that the text is UTF-8.
  writeFileAtomic(path, `\uFEFF${rows.map((row) => row.map(csvField).join(",")).join("\r\n")}\r\n`);
  return { path, pairs: drawn.length, judged_pairs: judged.length, strata };
}

/** Columns for the human: the verdict is needed, the rest is welcome. */
const blanks = ["verdict", "tier", "is_stakes", "rater", "comment"];

type ReadablePair = JudgedPair & { user_text: string; reference_answer: string; candidate_answer: string };

function hasTexts(pair: JudgedPair): pair is ReadablePair {
  return pair.user_text !== null && pair.reference_answer !== null && pair.candidate_answer !== null;
}

function drawPairs(
  pairs: readonly ReadablePair[],
  n: number,
  seed: number,
): { drawn: ReadablePair[]; strata: SheetSummary["strata"] } {
  const random = createRandom(seed);
  const groups = [...groupBy(pairs, ratingStratum)].sort(([a], [b]) => (a < b ? -1 : 1));
  const allocation = allocateRatings(
    groups.map(([, group]) => group.length),
    n,
  );
  const strata = groups.map(([stratum, group], i) => ({
    stratum,
    judged: group.length,
    drawn: allocation[i]!,
  }));
  const drawn = groups.flatMap(([, group], i) => random.shuffle([...group]).slice(0, allocation[i]!));
  return { drawn: random.shuffle(drawn), strata };
}

function conversation({ system_text, history_json, user_text }: ReadablePair): string {
  return [
    ...(system_text ? [`[system] ${system_text}`] : []),
    ...readHistory(history_json).map(({ role, content }) => `[${role}] ${content}`),
    `[user] ${user_text}`,
  ].join("\n\n");
}

/** Quoted always; a text that a spreadsheet would run as a formula gets an apostrophe first. */
function csvField(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${inert.replaceAll('"', '""')}"`;
}
