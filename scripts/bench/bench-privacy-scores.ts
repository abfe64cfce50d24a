import { redact } from "../../datasets/privacy/redact.js";
import type { LabelledText } from "./bench-privacy-corpus.js";

/** How often one kind was found. A value that is replaced under another kind's name counts as found: it is out of the text. */
export interface KindScore {
  kind: string;
  marked: number;
  found: number;
  /** Replacements of something that was not marked. */
  falseAlarms: number;
}

/** Score the detectors, and name every miss and false alarm. */
export function scoreCorpus(texts: readonly LabelledText[]): { scores: KindScore[]; mistakes: string[] } {
  const scores = new Map<string, KindScore>();
  const scoreOf = (kind: string): KindScore => {
    const known = scores.get(kind) ?? { kind, marked: 0, found: 0, falseAlarms: 0 };
    scores.set(kind, known);
    return known;
  };
  const mistakes: string[] = [];
  for (const { text, marks } of texts) {
    const { text: redacted, counts } = redact(text, "corpus");
    const unexplained = { ...counts };
    for (const { kind, value } of marks) {
      const score = scoreOf(kind);
      score.marked++;
      if (redacted.includes(value)) mistakes.push(`missed ${kind} in: ${text}`);
      else {
        score.found++;
        const named = (unexplained[kind] ?? 0) > 0 ? kind : Object.keys(unexplained)[0];
        if (named !== undefined && --unexplained[named]! === 0) delete unexplained[named];
      }
    }
    for (const [kind, count] of Object.entries(unexplained)) {
      scoreOf(kind).falseAlarms += count;
      mistakes.push(`false ${kind} in: ${text}`);
    }
    const rest = marks.reduce((left, { value }) => left.replace(value, "\0"), text);
    if (
      rest.replaceAll("\0", "") !== redacted.replace(/\[[A-Z_]+_[0-9a-f]{6}\]/g, "") &&
      Object.keys(unexplained).length === 0
    )
      mistakes.push(`more or less than the value was replaced in: ${text} -> ${redacted}`);
  }
  return { scores: [...scores.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1)), mistakes };
}
