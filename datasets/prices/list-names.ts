import { modelSpellings, splitPrefix } from "./model-spellings.js";
import { canonicalProvider } from "./provider-names.js";

/** A name that a list may have a model under, and the provider that it then is of. */
export interface ListName {
  name: string;
  provider: string | null;
}

/** The names to look a model up by, the one as written first: its spellings, each also without prefixes that name its provider or a
 * gateway (`openai/gpt-4o`, `litellm_proxy/azure/gpt-4o`), and fine-tunes under the name of what was tuned (`ft:gpt-4o-2024-08-06`).
 * @param provider genai-prices id; null when it isn't known */
export function listNames(model: string, provider: string | null): ListName[] {
  const found = modelSpellings(model).flatMap((spelling) => withoutPrefixes(spelling, provider));
  const names = found.flatMap((listed) => {
    const tuned = /^ft:[^:]+/.exec(listed.name)?.[0];
    return tuned === undefined || tuned === listed.name ? [listed] : [listed, { ...listed, name: tuned }];
  });
  const seen = new Set<string>();
  return names.filter(({ name, provider: of }) => {
    const key = `${of ?? ""}\n${name}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

function withoutPrefixes(name: string, provider: string | null): ListName[] {
  const own = { name, provider };
  const split = splitPrefix(name);
  if (split === null) return [own];
  const named = canonicalProvider(split.prefix);
  const isGateway = named === null;
  return isGateway || provider === null || named === provider
    ? [own, ...withoutPrefixes(split.rest, named ?? provider)]
    : [own];
}
