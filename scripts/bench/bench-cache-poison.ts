import { harmlessPairs, poisonPairs } from "../../datasets/synthetic/cache-poison.js";
import type { CacheItem, ServePolicy } from "../../models/cache/cache-item.js";
import { openOffers } from "../../models/cache/open-offers.js";
import { certifiedPolicy } from "../../models/cache/policies/certified-policy.js";
import { clopperPearson } from "../../models/statistics/clopper-pearson.js";
import { groupBy } from "../../pipelines/trust/group-by.js";
import { calibrateVariant, certifiedVariants } from "./bench-cache-certified.js";
import type { BenchSection } from "./bench-cache-guard.js";
import { openListedIndex } from "./bench-cache-index.js";
import { mutateQueries } from "./bench-cache-mutations.js";
import { type BenchSet, benchSets, readBenchSet, splitBenchSet } from "./bench-cache-sets.js";
import { percent } from "./bench-cache-tables.js";
import { openVectorSet } from "./bench-cache-vectors.js";

const pairCount = 4_000;
const neighbours = 8;

/** Ask the calibrated decision for the answer of a near prompt that needs another one. The planted prompt is the worst case: the clean
 * prompt is cached eight times, all entries hold one answer, and all cosines are near 1. */
export async function measurePoison(data: string): Promise<BenchSection> {
  const policies = [await certifiedOn(data, "banking77"), await certifiedOn(data, "clinc150")];
  const serves = (a: string, b: string) => policies.some((policy) => isServed(policy, a, b));
  const poison = poisonPairs(11, pairCount);
  const harmless = harmlessPairs(11, pairCount);
  const real = mutateQueries(
    (Object.keys(benchSets) as BenchSet[]).flatMap((set) => benchSets[set](data).map(({ text }) => text)),
  );
  const groups = [
    ...[...groupBy(poison, ({ kind }) => kind)].map(
      ([kind, pairs]) => [`synthetic: ${kind}`, pairs] as const,
    ),
    ...[...groupBy(real, ({ kind }) => kind)].map(([kind, pairs]) => [`real query: ${kind}`, pairs] as const),
    ["harmless rewordings (these should be served)", harmless] as const,
  ];
  const served = (pairs: ReadonlyArray<{ a: string; b: string }>) =>
    pairs.filter(({ a, b }) => serves(a, b)).length;
  return {
    tables: [
      {
        title: "Near prompts that need another answer: served by the certified decision (wanted: 0)",
        columns: ["what differs", "pairs", "served", "% [95 %]"],
        rows: groups.map(([name, pairs]) => {
          const count = served(pairs);
          const { value, low, high } = clopperPearson(count, pairs.length);
          const share = `${percent(value, 2)} [${percent(low, 2)}, ${percent(high, 2)}]`;
          return [name, String(pairs.length), String(count), share];
        }),
      },
    ],
    figures: {
      poison_served: served(poison),
      mutated_served: served(real) / real.length,
      harmless_served: served(harmless) / harmless.length,
    },
    notes: [
      "Near prompts: certified at USR <= 2 % on Banking77 and on CLINC150 (split 1); a pair counts as served if either serves it. Each clean prompt is cached eight times with one answer, at cosines of 0.99 and more, so that only the wording can stop it. The synthetic pairs are also used by the guard's own tests; the mutated real queries are not. Of these, places in lower case have no form by which a rule could know a name.",
    ],
  };
}

async function certifiedOn(data: string, set: BenchSet): Promise<ServePolicy> {
  const items = readBenchSet(data, set);
  const vectors = await openVectorSet(
    items.map(({ text }) => text),
    "use",
  );
  const { older } = splitBenchSet(items, 1);
  const options = { embed: vectors.embed, ttlS: Infinity, openIndex: () => openListedIndex(vectors) };
  const { score, segments } = await calibrateVariant(older, certifiedVariants[0]!, {
    alpha: 0.02,
    seed: 1,
    embed: vectors.embed,
    offerTo: openOffers(older, options),
  });
  return certifiedPolicy(score.model, new Map([["default", segments[0]!.certificate.minScore ?? Infinity]]));
}

function isServed(policy: ServePolicy, cached: string, prompt: string): boolean {
  const near = Array.from({ length: neighbours }, (_, i) => ({
    entry: itemOf(cached),
    cosine: 0.999 - i / 1_000,
  }));
  return policy.pick({ item: itemOf(prompt), neighbours: near }) >= 0;
}

function itemOf(text: string): CacheItem {
  return {
    id: text,
    text,
    scope: "one",
    exactKey: text,
    segment: "default",
    at: 0,
    answerGroup: 0,
    truth: -1,
    neverCache: null,
    costUsd: null,
  };
}
