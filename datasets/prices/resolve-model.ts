import { calcPrice, findProvider, type ModelInfo, type Provider } from "@pydantic/genai-prices";
import { modelSpellings, splitPrefix, vendorSpelling } from "./model-spellings.js";
import { canonicalProvider, isSelfHosted, providerOfUrl } from "./provider-names.js";

/** A model as the price book knows it. */
export interface ResolvedModel {
  /** genai-prices' provider reduced to this one model: quick to price with. */
  provider: Provider;
  model: ModelInfo;
  /** The spelling that matched; `model.id` doesn't always match itself. */
  name: string;
  /** True when the serving cloud doesn't list the model and its maker's list stands in. */
  isVendorList: boolean;
}

/** Find a model in genai-prices' list. Tries the provider's own list with every spelling, then a provider named in the model
 * (`openai/gpt-4o`, `bedrock/us.anthropic...`), then the list of the
 * model's maker, if nobody else licenses it. A model on the user's own machines is never
 * looked up by name: the same weights have another price there.
 * @returns null when it isn't listed. Answers are kept, so that millions of rows cost one look-up per distinct name. */
export function resolveModel(
  model: string,
  provider: string | null,
  providerApiUrl: string | null = null,
): ResolvedModel | null {
  const key = `${provider ?? ""}\n${providerApiUrl ?? ""}\n${model}`;
  const known = resolved.get(key);
  if (known !== undefined) return known;
  const answer = lookUp(model, provider, providerApiUrl);
  if (resolved.size >= MAX_KEPT) resolved.clear();
  resolved.set(key, answer);
  return answer;
}

/** Whether only the model's maker licenses it, so that its name alone says what it is. */
export function isClosedModel({ provider, model }: ResolvedModel): boolean {
  return CLOSED_MAKERS.has(provider.id) && !/gpt-oss|gemma/.test(model.id);
}

const MAX_KEPT = 20_000;
const resolved = new Map<string, ResolvedModel | null>();

/** Makers that let nobody else's weights out: their model names mean their API (open-weight models have many prices). */
const CLOSED_MAKERS = new Set(["openai", "anthropic", "google", "x-ai", "cohere"]);

function lookUp(name: string, loggedProvider: string | null, url: string | null): ResolvedModel | null {
  const provider = canonicalProvider(loggedProvider) ?? providerOfUrl(url);
  if (isSelfHosted(provider) || isOwnResource(name)) return null;
  const model = withoutGateway(name);
  const listed = provider !== null && findProvider({ providerId: provider }) !== undefined;
  const spellings = modelSpellings(model);
  const own = listed
    ? firstOf([...spellings, ...withoutPrefix(spellings, provider)], (name) => inList(provider, name))
    : null;
  if (own) return own;
  const found = firstOf(spellings, byPrefix) ?? byMaker(vendorSpelling(model));
  const isNamedAlone = provider === null && url === null;
  return found !== null && (isNamedAlone || isClosedModel(found)) ? { ...found, isVendorList: listed } : null;
}

/** Bedrock resources of the user's own: tuned weights and reserved capacity have other prices than the model in their name. */
function isOwnResource(name: string): boolean {
  return /^arn:.*:(custom-model|custom-model-deployment|provisioned-model|imported-model|application-inference-profile)\//.test(
    name,
  );
}

/** `litellm_proxy/gpt-4o` without the gateway's name. */
function withoutGateway(name: string): string {
  const split = splitPrefix(name);
  return split !== null && canonicalProvider(split.prefix) === null ? withoutGateway(split.rest) : name;
}

function firstOf(names: string[], find: (name: string) => ResolvedModel | null): ResolvedModel | null {
  for (const name of names) {
    const found = find(name);
    if (found) return found;
  }
  return null;
}

function withoutPrefix(spellings: string[], provider: string): string[] {
  return spellings.flatMap((spelling) => {
    const split = splitPrefix(spelling);
    return split !== null && canonicalProvider(split.prefix) === provider ? [split.rest] : [];
  });
}

function byPrefix(spelling: string): ResolvedModel | null {
  const split = splitPrefix(spelling);
  const named = split && canonicalProvider(split.prefix);
  if (!split || !named || findProvider({ providerId: named }) === undefined) return null;
  return lookUp(split.rest, named, null);
}

/** Look the name up in its maker's list. Names of weights rather than of an API (`:8b`, `-70b`, `distill`) have no maker's price. */
function byMaker(name: string): ResolvedModel | null {
  if (/:latest$|distill|\d[bm]\b|[-_:.]q\d/i.test(name)) return null;
  const maker = findProvider({ modelId: name.toLowerCase() });
  if (maker !== undefined) return inList(maker.id, name);
  // Names that don't begin as their maker's others do: chatgpt-4o-latest, text-embedding-ada-002.
  const found = [...CLOSED_MAKERS].flatMap((id) => inList(id, name) ?? []);
  return found.length === 1 ? found[0]! : null;
}

function inList(providerId: string, name: string): ResolvedModel | null {
  const priced = calcPrice({}, name, { providerId });
  if (priced === null) return null;
  const { fallback_model_providers: _, extractors: __, ...provider } = priced.provider;
  return {
    provider: { ...provider, models: [priced.model] },
    model: priced.model,
    name,
    isVendorList: false,
  };
}
