import { canonicalModel } from "../prices/canonical-model.js";
import { resolveModel } from "../prices/resolve-model.js";

/** Canonical name of a model as bills write it: an API name, or a name for people ("Claude Opus 4.6", "Claude 3.5 Sonnet").
 * A name that no price list knows is only made small and hyphenated, so that two bills agree on it.
 * @param provider whose price list is asked first; null for a gateway's names, which carry their maker */
export function billedModel(written: string, provider: string | null): string {
  const known = spellings(written).find((name) => resolveModel(name, provider) !== null);
  if (known !== undefined) return canonicalModel(known, provider);
  return canonicalModel(spellings(written)[0]!, provider);
}

/** Whether the price list knows a name, so that it is a model's and not some other item's. */
export function isModelName(written: string, provider: string): boolean {
  return spellings(written).some((name) => resolveModel(name, provider) !== null);
}

function spellings(written: string): string[] {
  const name = written.trim();
  if (!/\s/.test(name)) return [name, hyphenated(name)];
  const words = hyphenated(name.replace(/\s*\((?:fast|preview|latest|deprecated)[^)]*\)/i, ""));
  // Claude 3 models have their version before the family, later ones behind it; people write either.
  const swapped = words
    .replace(/^claude-([a-z]+)-(\d+(?:-\d+)?)$/, "claude-$2-$1")
    .replace(/^claude-(\d+(?:-\d+)?)-([a-z]+)$/, (all, version, family) =>
      words.startsWith(`claude-${version}`) ? `claude-${family}-${version}` : all,
    );
  return [...new Set([words, swapped, `${words}-0`])];
}

function hyphenated(name: string): string {
  return name.toLowerCase().replace(/[\s_.]+/g, "-");
}
