import type { LanguageModelV3 } from "@ai-sdk/provider";

type UrlPatterns = Record<string, RegExp[]>;

/** URLs that every one of the models fetches by itself, per media type. The SDK downloads any other before the call, when it isn't
 * known yet which model will answer. */
export async function sharedUrls(models: readonly LanguageModelV3[]): Promise<UrlPatterns> {
  const [first, ...others] = await Promise.all(models.map((model) => model.supportedUrls));
  const shared = Object.entries(first ?? {}).map(([mediaType, patterns]) => [
    mediaType,
    patterns.filter((pattern) => others.every((other) => hasPattern(other[mediaType], pattern))),
  ]);
  return Object.fromEntries(shared.filter(([, patterns]) => patterns!.length > 0)) as UrlPatterns;
}

function hasPattern(patterns: readonly RegExp[] | undefined, wanted: RegExp): boolean {
  return patterns?.some((pattern) => String(pattern) === String(wanted)) ?? false;
}
