/** A text with every known name in it replaced where it stands as a word of its own, longest first, and the owner's name in a
 * model id (`ft:gpt-4o:acme::id`, `accounts/acme/models/id`) hidden. Names under three characters are too common as words. */
export function replaceNames(text: string, names: ReadonlyMap<string, string>): string {
  const found = [...names]
    .filter(([name]) => name.length >= shortest && text.includes(name))
    .sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1));
  const replaced =
    found.length === 0
      ? text
      : text.replace(
          new RegExp(
            found.map(([name]) => `(?<![\\p{L}\\p{N}])${escapeRegExp(name)}(?![\\p{L}\\p{N}])`).join("|"),
            "gu",
          ),
          (name) => names.get(name)!,
        );
  return replaced.replace(owners, "$1(owner)");
}

const shortest = 3;
const owners = /(\bft:[^:\s]+:|\baccounts\/)[^:/\s]+(?=[:/])/g;

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
