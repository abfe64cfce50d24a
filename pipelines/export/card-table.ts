/** A Markdown table of a card. */
export function cardTable(titles: readonly string[], rows: ReadonlyArray<readonly string[]>): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(cardText).join(" | ")} |`;
  return [line(titles), `|${titles.map(() => "---|").join("")}`, ...rows.map(line)];
}

/** Text as it may stand in a card: names come from the user's files, and none may break a table. */
export function cardText(text: string): string {
  return text
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .replace(/[\\|<`]/g, "\\$&")
    .slice(0, 300);
}
