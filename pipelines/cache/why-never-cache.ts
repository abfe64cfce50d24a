/** What is known of a request when it is asked whether a cache may know it. */
export interface CacheableQuestion {
  text: string;
  /** null = not said. */
  temperature?: number | null;
}

/** Why a request must neither be served from a cache nor fill one; null = it may. */
export function whyNeverCache({ temperature = null }: CacheableQuestion): string | null {
  return temperature !== null && temperature > 1 ? "temperature" : null;
}
