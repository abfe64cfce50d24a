/** Commands of a page, and what it says that the last of them prints. */
export interface TutorialStep {
  commands: string[];
  /** Lines that must be printed in this order; `...` stands for anything. */
  expected: string[];
}

/** The steps of a tutorial in Markdown: blocks fenced as `sh` hold commands, one a line; a block fenced as `text` behind them holds what is
 * printed. */
export function readTutorial(markdown: string): TutorialStep[] {
  const steps: TutorialStep[] = [];
  for (const [, language, body] of markdown.matchAll(/^```(\w+)\n(.*?)\n```$/gms)) {
    const lines = body!.split("\n").filter((line) => line.trim() !== "");
    if (language === "sh") steps.push({ commands: lines, expected: [] });
    else steps.at(-1)!.expected.push(...lines);
  }
  return steps;
}

/** The first expected line that isn't printed behind the one before it; null when all are. A line matches part of a printed one; `...`
 * stands for anything, and blanks for any number of blanks. */
export function firstMissing(expected: readonly string[], printed: string): string | null {
  let at = 0;
  const lines = printed.split("\n");
  for (const line of expected) {
    const found = lines.findIndex((other, i) => i >= at && patternOf(line).test(other));
    if (found < 0) return line;
    at = found + 1;
  }
  return null;
}

function patternOf(line: string): RegExp {
  const parts = line.split("...").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(parts.join(".*").replaceAll(/\s+/g, "\\s+"));
}
