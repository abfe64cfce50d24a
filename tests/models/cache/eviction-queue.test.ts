import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { EvictionQueue, evictionKinds } from "../../../models/cache/eviction-queue.js";

interface NaiveEntry {
  cost: number;
  uses: number;
  worth: number;
  lastUse: number;
}

test.each(evictionKinds)(
  "%s gives up in the order of a plain search for the least, over 4,000 random steps",
  (kind) => {
    const random = createRandom(3);
    const queue = new EvictionQueue(kind);
    const naive = new Map<number, NaiveEntry>();
    let clock = 0;
    let age = 0;
    const use = (entry: NaiveEntry) => {
      entry.uses += 1;
      entry.lastUse = clock++;
      if (kind !== "lru") entry.worth = age + entry.uses * (kind === "cost" ? entry.cost : 1);
    };
    const least = () => [...naive].sort(([, a], [, b]) => a.worth - b.worth || a.lastUse - b.lastUse)[0]?.[0];

    for (let step = 0; step < 4_000; step++) {
      const slot = random.below(40);
      const entry = naive.get(slot);
      const lot = random.uniform();
      if (entry === undefined) {
        const cost = random.below(4);
        const added = { cost, uses: 0, worth: 0, lastUse: 0 };
        naive.set(slot, added);
        use(added);
        queue.add(slot, cost);
      } else if (lot < 0.6) {
        use(entry);
        queue.touch(slot);
      } else if (lot < 0.7) {
        naive.delete(slot);
        queue.remove(slot);
      } else {
        const evicted = least();
        age = naive.get(evicted!)!.worth;
        naive.delete(evicted!);
        expect(queue.evict()).toBe(evicted);
      }
      expect(queue.size).toBe(naive.size);
    }
  },
);
