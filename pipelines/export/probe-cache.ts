import { type CacheAnswer, type CacheRules, decideCache } from "@signalbox/runtime";
import type { CacheProbeCounts } from "../../datasets/cache-export.js";
import { createRandom } from "../../datasets/random.js";
import { type PoisonPair, poisonPairs } from "../../datasets/synthetic/cache-poison.js";
import { poisonPrompt } from "../../datasets/synthetic/poison-prompt.js";

/** Pairs from templates per segment, besides those made of its own prompts. */
const templatePairs = 800;
const examplesKept = 5;
/** As near as two different prompts come. */
const similarity = 1 - 1e-6;
const fullHouse = 8;

/** Plant near-duplicates with other answers next to a segment's own prompts, and ask the exported rules themselves whether they would
 * serve them. The worst case is asked: a similarity of almost 1, alone, and with eight neighbours that all hold the same answer.
 * @param prompts of the segment; each is flipped in every way that it allows
 * @returns counts; any served pair makes the segment unsafe */
export function probeSegment(
  rules: CacheRules,
  segment: string,
  prompts: readonly string[],
  seed: number,
): CacheProbeCounts {
  const random = createRandom(seed);
  const own = prompts.flatMap((prompt) =>
    poisonPrompt(prompt, random).map(
      ({ prompt: asked, kind }): PoisonPair => ({ a: prompt, b: asked, kind }),
    ),
  );
  const counts: CacheProbeCounts = {
    own_prompts: prompts.length,
    planted: 0,
    served: 0,
    by_kind: {},
    examples: [],
  };
  for (const { a: cached, b: asked, kind } of [...own, ...poisonPairs(seed, templatePairs)]) {
    if (cached === asked) continue;
    const isServed = isServedAtWorst(rules, segment, cached, asked);
    counts.by_kind[kind] ??= { planted: 0, served: 0 };
    const ofKind = counts.by_kind[kind];
    counts.planted += 1;
    ofKind.planted += 1;
    if (!isServed) continue;
    counts.served += 1;
    ofKind.served += 1;
    if (counts.examples.length < examplesKept) counts.examples.push({ kind, cached, asked });
  }
  return counts;
}

/** Why probes make a segment unsafe, without anyone's prompts; null when none was served. */
export function whyUnsafe({ served, planted, by_kind: byKind }: CacheProbeCounts): string | null {
  if (served === 0) return null;
  const kinds = Object.entries(byKind).filter(([, { served }]) => served > 0);
  const named = kinds.map(([kind, { served, planted }]) => `${kind} ${served} of ${planted}`);
  return `${served} of ${planted} planted near-duplicates were served (${named.join(", ")})`;
}

function isServedAtWorst(rules: CacheRules, segment: string, cached: string, asked: string): boolean {
  return [1, fullHouse].some((count) => {
    const neighbours = Array.from({ length: count }, () => ({
      similarity,
      prompt: cached,
      answer: "cached",
    }));
    const answer: CacheAnswer = decideCache(rules, { segment, prompt: asked, neighbours }, 0);
    return answer.decision === "serve";
  });
}
