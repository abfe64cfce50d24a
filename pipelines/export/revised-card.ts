/** README.md of an artifact whose policy was revised: what changed comes first, then the card of the artifact that it comes from. */
export function revisedCard(
  card: string,
  revision: {
    id: string;
    of: string;
    createdAt: Date;
    note: string;
    changed: readonly string[];
    /** Golden rows that go to another model than before, of how many. */
    moved: number;
    of_rows: number;
    lostSignature: boolean;
  },
): string {
  const { id, of, createdAt, note, changed, moved, of_rows, lostSignature } = revision;
  const [, title, rest] = /^(# .*)\n([\s\S]*)$/.exec(card) ?? [null, "", card];
  const lines = [
    title === "" ? `# Router ${id}` : title.replace(of, id),
    "",
    `**Policy revised from ${of}** on ${createdAt.toISOString().slice(0, 10)}: ${oneLine(note) || "no note"}.`,
    "",
    ...changed.map((line) => `- \`${oneLine(line).replaceAll("`", "'")}\``),
    "",
    `${moved} of ${of_rows} golden rows go to another model than before. The model is the same; figures and gates below are those of its ` +
      "export and weren't measured again, and policy.json says what is in force.",
    ...(lostSignature
      ? ["", `The signature of ${of} isn't carried over: sign this artifact before a runtime demands it.`]
      : []),
    "",
    rest.trimStart(),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
}
