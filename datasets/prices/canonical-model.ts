import { modelSpellings, splitPrefix, vendorSpelling, withoutRegion } from "./model-spellings.js";
import { canonicalProvider } from "./provider-names.js";
import { isClosedModel, type ResolvedModel, resolveModel } from "./resolve-model.js";

/** One name for one model, whichever way it was logged: `gpt-4o` for `openai/gpt-4o`, `gpt-4o-2024-08-06` and an Azure answer;
 * `claude-sonnet-4-5` for its Bedrock, Vertex and OpenRouter names. It is the price book's id: the maker's for
 * models that only their maker licenses, the serving provider's for open ones (the same weights differ in price and quantisation
 * from host to host), else the name without paths, regions and provider prefix. Fine-tunes keep their full name. */
export function canonicalModel(name: string, provider: string | null = null): string {
  const key = `${provider ?? ""}\n${name}`;
  const known = canonical.get(key);
  if (known !== undefined) return known;
  const answer = lookUp(name, provider);
  if (canonical.size >= MAX_KEPT) canonical.clear();
  canonical.set(key, answer);
  return answer;
}

const MAX_KEPT = 20_000;
const canonical = new Map<string, string>();

function lookUp(name: string, provider: string | null): string {
  const plain = modelSpellings(name).at(-1) ?? name;
  const bare = withoutPrefix(plain);
  if (/^ft:/.test(bare)) return bare;
  const maker = resolveModel(vendorSpelling(bare), null);
  if (maker !== null && (isClosedModel(maker) || provider === null))
    return stableId(maker, null) ?? withoutRegion(bare);
  const served = provider === null ? null : (resolveModel(plain, provider) ?? resolveModel(bare, provider));
  return served === null ? withoutRegion(bare) : (stableId(served, provider) ?? served.name);
}

/** The price book's id of a model, if looking up the id finds the same model again. */
function stableId(found: ResolvedModel, provider: string | null): string | null {
  const id = withoutRegion(found.model.id);
  return resolveModel(id, provider)?.model === found.model ? id : null;
}

/** Drop the names of providers (`openai/`, `bedrock/`); the owner of an open model (`meta-llama/...`) is part of its name. */
function withoutPrefix(name: string): string {
  const split = splitPrefix(name);
  if (split === null) return name;
  const isProvider =
    canonicalProvider(split.prefix) !== split.prefix.toLowerCase() ||
    resolveModel(split.rest, split.prefix) !== null;
  return isProvider ? withoutPrefix(modelSpellings(split.rest).at(-1) ?? split.rest) : name;
}
