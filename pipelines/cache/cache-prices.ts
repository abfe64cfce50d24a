import type { CachePrices } from "../../datasets/cache-result.js";

/** What a user says the running of the cache costs; what is left out takes its default. */
export interface GivenPrices {
  embeddingUsdPerMtok?: number;
  operationsUsdPerM?: number;
  storageUsdPerEntryDay?: number;
}

/** Upstash Vector, pay as you go: $0.40 per 100,000 operations, reads and writes alike.
 * @see https://upstash.com/docs/vector/help/faq */
const operationsUsdPerM = 4;

/** $0.25 per GB and month at the same service, for 6 kB: a vector of 512 floats, and prompt and answer of 2 kB each. */
const storageUsdPerEntryDay = (0.25 / 30) * 6e-6;

/** OpenAI's list price of text-embedding-3-small. */
const hostedEmbeddingUsdPerMtok = 0.02;

/** Settle the running costs.
 * @param isLocal whether the embedder is arithmetic inside the caller's process, which no one bills */
export function settlePrices(given: GivenPrices, isLocal: boolean): CachePrices {
  const notes = [
    noteOn(
      given.embeddingUsdPerMtok,
      "Embedding",
      isLocal ? "0, for the embedder runs in your process" : hosted,
    ),
    noteOn(given.operationsUsdPerM, "Index operations", "$4 per million, the list price of Upstash Vector"),
    noteOn(given.storageUsdPerEntryDay, "Storage", "$0.25 per GB and month for 6 kB an entry, likewise"),
  ];
  return {
    embedding_usd_per_mtok: given.embeddingUsdPerMtok ?? (isLocal ? 0 : hostedEmbeddingUsdPerMtok),
    operations_usd_per_m: given.operationsUsdPerM ?? operationsUsdPerM,
    storage_usd_per_entry_day: given.storageUsdPerEntryDay ?? storageUsdPerEntryDay,
    notes,
  };
}

const hosted = "$0.02 per million tokens, the list price of text-embedding-3-small";

function noteOn(given: number | undefined, what: string, byDefault: string): string {
  return given === undefined ? `${what}: ${byDefault} (default).` : `${what}: as you gave it.`;
}
