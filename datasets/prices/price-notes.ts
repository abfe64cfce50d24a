/** What each part of a price_source means; a name after a colon (`import:NAME`) is the list's. docs/prices.md lists them all. */
export const priceNotes: Readonly<Record<string, string>> = {
  contract: "what the user pays by an imported contract",
  override: "our own dated correction of genai-prices (overrides.json)",
  "genai-prices": "the list inside @pydantic/genai-prices",
  import: "a price list that the user imported",
  "free-variant": "OpenRouter's :free variants cost nothing by definition",
  alias: "the name in the log is the user's own; the alias map says which model it is",
  "vendor-list": "the serving provider doesn't list the model; its maker's price stands in",
  "vendor-cache":
    "OpenRouter's list has no price for cached input; its other prices are the maker's, whose cache price stands in",
  regional: "the price of a regional endpoint, which is higher than that of the global one",
  "base-region": "the list has the model without its region; its price stands in",
  "snapshot-family":
    "the list has the model only under another date; all of its snapshots have this one price",
  "base-variant":
    "the plain model's price for a variant that the list doesn't have; hosts chosen by :nitro or :floor may charge another",
  backdated: "the list is newer than the request; no list of that time has the model",
  batch50: "half the list price: batch jobs, as the provider documents",
  flex50: "half the list price: flex processing, as the provider documents",
  "text-rate":
    "audio or image tokens were charged as text: the list has no such price, or the usage doesn't say which of them were cached",
  "write-1h":
    "Claude's 1-hour cache writes at twice the input price, as Anthropic documents; the list has no price",
  "other-models": "with the tokens of other models that were used inside the call, each at its own price",
  gateway_cache_hit: "the gateway answered from its own cache; no provider was called",
  no_usage: "no price: the log has no token counts",
  unknown_model: "no price: no list has the model",
  unknown_tier: "no price: the lists have the model, but not at this service tier",
  unpriced_unit: "no price: the list has none for some of what was used (output, searches, ...)",
  invalid_usage: "no price: the token counts or the time can't be right",
};

/** A price_source in words, part by part. */
export function explainSource(priceSource: string): string[] {
  return priceSource.split("+").map((part) => {
    const [code, name] = [part.split(":")[0]!, part.split(":")[1]];
    const meaning = Object.hasOwn(priceNotes, code) ? priceNotes[code] : "unknown code";
    return name === undefined ? `${code}: ${meaning}` : `${code} ${name}: ${meaning}`;
  });
}
