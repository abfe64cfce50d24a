import { InputError } from "../errors.js";
import { type NamePattern, namePattern } from "./name-pattern.js";
import { hasOwnRates, type PriceEntry, ratesOfEntry } from "./price-entry.js";
import type { Rates } from "./rate-card.js";

/** A name that the user's setup gives a model: an Azure deployment, a Bedrock application inference profile, a gateway's alias. */
export interface ModelAlias {
  /** Provider that the alias belongs to; null fits every provider. */
  provider: string | null;
  /** The name in the logs, exact or with `*` for any text. */
  name: string;
  /** The model behind it, as a price list knows it. */
  model: string;
  /** Provider whose price holds; null keeps the logged one. */
  model_provider: string | null;
}

/** A price list as it is stored: overrides.json, and the lists of a workspace. */
export interface PriceList {
  schema_version: 1;
  kind: "contract" | "override" | "import" | "aliases";
  name: string;
  /** Version or date of the list, where it has one. */
  version: string | null;
  entries: PriceEntry[];
  aliases: ModelAlias[];
}

/** An entry made ready to be looked up. Times are microseconds since 1970, UTC. */
export interface ListedEntry {
  entry: PriceEntry;
  list: Pick<PriceList, "kind" | "name" | "version">;
  /** null for a discount or a fee on the list price. */
  rates: Rates | null;
  from: number;
  to: number;
  /** See {@link NamePattern}. */
  specificity: number;
  /** Place in the lists: later entries are newer. */
  order: number;
}

/** Lists made ready to be looked up by model name; a later list's entries are newer. */
export class PriceIndex {
  private readonly exact = new Map<string, ListedEntry[]>();
  private readonly patterns: Array<{ pattern: NamePattern; listed: ListedEntry }> = [];
  private readonly families = new Map<string, ListedEntry[]>();

  constructor(lists: readonly PriceList[]) {
    const entries = lists.flatMap((list) => list.entries.map((entry) => ({ list, entry })));
    for (const [order, { list, entry }] of entries.entries()) this.add(list, entry, order);
  }

  /** The entries for a model name of a provider; with provider null those of every provider. */
  find(name: string, provider: string | null): ListedEntry[] {
    const lower = name.toLowerCase();
    const fitting = this.patterns.filter(({ pattern }) => pattern.fits(lower)).map(({ listed }) => listed);
    return [...(this.exact.get(lower) ?? []), ...fitting].filter(
      ({ entry }) => provider === null || entry.provider === null || entry.provider === provider,
    );
  }

  /** The models of a provider, as the lists write them. */
  modelsOf(provider: string): string[] {
    return [...this.exact.values()]
      .flat()
      .flatMap(({ entry }) => (entry.provider === provider ? entry.models : []));
  }

  /** The entries of the same model under another date of its snapshot, or none. */
  findFamily(name: string, provider: string | null): ListedEntry[] {
    const family = this.families.get(modelFamily(name)) ?? [];
    return family.filter(({ entry }) => provider === null || entry.provider === provider);
  }

  private add(list: PriceList, entry: PriceEntry, order: number): void {
    for (const model of entry.models) {
      const pattern = namePattern(model);
      const listed: ListedEntry = {
        entry,
        list,
        rates: hasOwnRates(entry) ? ratesOfEntry(entry) : null,
        from: momentOf(entry.valid_from, -Infinity),
        to: momentOf(entry.valid_to, Infinity),
        specificity: pattern.specificity,
        order,
      };
      if (pattern.specificity < Infinity) {
        this.patterns.push({ pattern, listed });
        continue;
      }
      append(this.exact, model.trim().toLowerCase(), listed);
      append(this.families, modelFamily(model), listed);
    }
  }
}

/** A model name without the date of its snapshot and without `latest`: `gpt-4o` for `gpt-4o-2024-08-06`. */
export function modelFamily(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[-@](latest|default|20\d\d-?[01]\d-?[0-3]\d)$/, "");
}

/** The beginning of a day (YYYY-MM-DD), or a time (YYYY-MM-DDTHH:MM:SSZ), as microseconds since 1970, UTC.
 * @param open what null means
 * @throws {InputError} if the text is neither */
export function momentOf(text: string | null, open: number): number {
  if (text === null) return open;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const time = isDay ? `${text}T00:00:00Z` : text;
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(time) ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(at) || `${new Date(at).toISOString().slice(0, 19)}Z` !== time)
    throw new InputError(
      `${text}: not a day; write it as YYYY-MM-DD, or as YYYY-MM-DDTHH:MM:SSZ with its time`,
    );
  return at * 1000;
}

function append<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
