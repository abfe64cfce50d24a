import { modelSpellings, splitPrefix } from "./model-spellings.js";
import { type NamePattern, namePattern } from "./name-pattern.js";
import type { ModelAlias } from "./price-list.js";
import { canonicalProvider } from "./provider-names.js";

/** Finds the model behind a name of the user's own: deployments, application inference profiles, gateway aliases. */
export interface AliasMap {
  /** The alias that fits best, or null: an exact name beats a pattern, a longer pattern a shorter one, and at a tie the alias that was
   * given last. A whole ARN or path fits, and so does its last part. */
  find(model: string, provider: string | null): ModelAlias | null;
}

/** Make aliases ready to be looked up. */
export function aliasMap(aliases: readonly ModelAlias[]): AliasMap {
  const patterns = aliases.map((alias) => ({ alias, pattern: namePattern(alias.name) }));
  const exact = new Map<string, Array<{ alias: ModelAlias; pattern: NamePattern }>>();
  const globs = patterns.filter(({ pattern }) => pattern.specificity < Infinity);
  for (const entry of patterns) {
    const key = entry.alias.name.trim().toLowerCase();
    if (entry.pattern.specificity === Infinity) exact.set(key, [...(exact.get(key) ?? []), entry]);
  }
  return {
    find(model, provider) {
      if (patterns.length === 0) return null;
      const names = namesOf(model);
      // `azure/prod-chat` names its provider itself, where the log has no field for it.
      const owner = provider ?? canonicalProvider(splitPrefix(model)?.prefix ?? null);
      const fitting = [
        ...globs.filter(({ pattern }) => names.some((name) => pattern.fits(name))),
        ...[...names].reverse().flatMap((name) => exact.get(name.toLowerCase()) ?? []),
      ].filter(({ alias }) => alias.provider === null || alias.provider === owner);
      return (
        fitting.reduce<(typeof fitting)[number] | null>(
          (best, entry) =>
            best === null || entry.pattern.specificity >= best.pattern.specificity ? entry : best,
          null,
        )?.alias ?? null
      );
    },
  };
}

/** As written first, then its spellings, then its last part. */
function namesOf(model: string): string[] {
  const last = model.slice(model.lastIndexOf("/") + 1);
  return [...new Set([model.trim(), ...modelSpellings(model), last])].filter((name) => name !== "");
}
