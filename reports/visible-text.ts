const longestName = 80;

/** Text from data as it can be shown safely on one line: control characters, bidirectional overrides and lone surrogates
 * become visible, white space is folded, and a text over `longest` characters is cut with an ellipsis. Markup is left
 * alone: escaping is the renderers' part. */
export function visibleText(text: string, longest = longestName): string {
  const folded = text.toWellFormed().replace(/\s+/gu, " ").trim().replace(hidden, escapeHidden);
  if (folded === "") return "(empty)";
  const characters = [...folded];
  return characters.length <= longest ? folded : `${characters.slice(0, longest - 1).join("")}…`;
}

// controls, soft hyphen, zero-width and directional marks, byte order mark, tags: they hide or reorder what a reader sees
const hidden = /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

function escapeHidden(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
