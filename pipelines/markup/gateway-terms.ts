import type { ChargeTerms, GatewayTerms } from "../../datasets/gateway-terms.js";
import type { MarkupGroup, MarkupResult } from "../../datasets/markup-result.js";
import type { OpenEstimate } from "../../datasets/open-estimate.js";

/** What each group's calls would pay its gateway on the policy's models. A mark-up (or fee) is carried where its interval excludes 0. Of the group
 * of the calls themselves and the gateway's group of the other model,
 *
 * - the narrower one speaks for both where their mark-ups agree (the intervals overlap), for a gateway's mark-up is rarely a model's;
 * - that of the other model speaks for it where they don't, or where it alone is known;
 * - that of the calls speaks for the other model where it alone is known, but for discounts (nobody has seen that model at
 *   one) and for input and output at different multiples of list: that is a price list of its own.
 *
 * @param pool the policy's models by the names that logs have for them, in the policy's order
 * @returns in the order of the result; empty without one */
export function gatewayTerms(
  result: MarkupResult | null,
  pool: ReadonlyArray<{ canonical: string; provider: string | null }>,
): GatewayTerms[] {
  const groups = result?.groups ?? [];
  return groups.map((group) => ({
    gateway: group.gateway,
    provider: group.provider,
    model: group.model,
    billed: shownTerms(group),
    on: pool.map((model) => termsOn(group, groupOf(groups, group, model))),
  }));
}

/** Widest interval around 0 that says that there is no mark-up, rather than that none could be seen. */
const widestZero = 0.02;

/** @returns null where neither a mark-up nor its absence was shown */
function shownTerms({ markup, fee_usd: fee, uplift }: MarkupGroup): ChargeTerms | null {
  if (markup === null || fee === null) {
    // whatever share and fee are, together they add nothing
    const isList = uplift !== null && !isShown(uplift) && widthOf(uplift) <= widestZero;
    return isList ? { markup: 0, fee_usd: 0 } : null;
  }
  const terms = {
    markup: isShown(markup) ? markup.value : 0,
    fee_usd: isShown(fee) ? Math.max(0, fee.value) : 0,
  };
  const isKnown = terms.markup !== 0 || terms.fee_usd > 0 || widthOf(markup) <= widestZero;
  return isKnown ? terms : null;
}

function termsOn(own: MarkupGroup, other: MarkupGroup | null): ChargeTerms | null {
  const ofCalls = own.by_kind === null ? shownTerms(own) : null;
  const ofModel = other === null ? null : shownTerms(other);
  if (ofModel === null) return ofCalls && { ...ofCalls, markup: Math.max(0, ofCalls.markup) };
  if (ofCalls === null) return ofModel;
  const [here, there] = [own.markup ?? own.uplift!, other!.markup ?? other!.uplift!];
  const [a, b] = [endsOf(here), endsOf(there)];
  const isOne = a.low <= b.high && b.low <= a.high;
  return isOne && widthOf(here) < widthOf(there) ? ofCalls : ofModel;
}

/** The gateway's group of another model, of its provider if it can be had, else of the provider with the most dollars. */
function groupOf(
  groups: readonly MarkupGroup[],
  { gateway }: MarkupGroup,
  { canonical, provider }: { canonical: string; provider: string | null },
): MarkupGroup | null {
  const found = groups.filter((group) => group.gateway === gateway && group.model === canonical);
  return found.find((group) => group.provider === provider) ?? found[0] ?? null;
}

function isShown(estimate: OpenEstimate): boolean {
  const { low, high } = endsOf(estimate);
  return low > 0 || high < 0;
}

function widthOf(estimate: OpenEstimate): number {
  const { low, high } = endsOf(estimate);
  return high - low;
}

/** An end without a bound is null once it is stored. */
function endsOf({ low, high }: OpenEstimate): { low: number; high: number } {
  return { low: low ?? Number.NEGATIVE_INFINITY, high: high ?? Number.POSITIVE_INFINITY };
}
