import { Vendor } from "../../datasets/invoices/bill-row.js";
import { canonicalProvider } from "../../datasets/prices/provider-names.js";
import { resolveModel } from "../../datasets/prices/resolve-model.js";

/** Whose bill a logged request is on. What went through OpenRouter is on OpenRouter's; a request without a provider is on
 * the bill of its model's maker where only the maker sells it.
 * @returns null for everybody whose bills aren't read (Azure and Bedrock sell the same models on their own bills) */
export function vendorOfRequest(request: {
  provider: string | null;
  gateway: string | null;
  model: string;
}): { vendor: Vendor; isAssumed: boolean } | null {
  const { provider, gateway, model } = request;
  if ([provider, gateway].some((name) => /^open[-_ ]?router$/i.test(name ?? "")))
    return { vendor: Vendor.openrouter, isAssumed: false };
  const named =
    provider === null ? (resolveModel(model, null)?.provider.id ?? null) : canonicalProvider(provider);
  const vendor = Object.values(Vendor).find((known) => known === named);
  return vendor === undefined ? null : { vendor, isAssumed: provider === null };
}
