import { createHash } from "node:crypto";
import { guardPair } from "@signalbox/runtime";
import { type NluppPair, readNluppPairs } from "../../datasets/benchmarks/read-nlupp.js";
import { clopperPearson } from "../../models/statistics/clopper-pearson.js";
import type { BenchTable } from "./bench.js";
import { percent } from "./bench-cache-tables.js";

/** Tables with the figures that they hold. */
export interface BenchSection {
  tables: BenchTable[];
  figures: Record<string, number>;
  notes?: string[];
}

const leastCosine = 0.9;

/** What the guard blocks of real pairs that a cosine would confuse. */
export function measureGuard(data: string): BenchSection {
  const near = readNluppPairs(data).filter(({ cosine_use }) => cosine_use >= leastCosine);
  const halves = [
    ["all", near],
    ["half that rules were written on", near.filter((pair) => !isHeldOut(pair))],
    ["held-out half", near.filter(isHeldOut)],
  ] as const;
  const all = blockedShares(near);
  return {
    tables: [
      {
        title: `Guard: NLU++ pairs with cosine >= ${leastCosine}, % blocked [95 %]`,
        columns: ["pairs", "wrong ones (wanted >= 70)", "of", "right ones (wanted <= 6)", "of"],
        rows: halves.map(([name, pairs]) => {
          const { wrong, right, wrongPairs, rightPairs } = blockedShares(pairs);
          return [name, interval(wrong), String(wrongPairs), interval(right), String(rightPairs)];
        }),
      },
    ],
    figures: { guard_block_wrong: all.wrong.value, guard_block_right: all.right.value },
  };
}

/** The same division as the runtime's tests make. */
function isHeldOut({ a, b }: NluppPair): boolean {
  return createHash("sha256").update(`${a}\0${b}`).digest()[0]! % 2 === 1;
}

function blockedShares(pairs: readonly NluppPair[]) {
  const wrong = pairs.filter(({ is_same }) => !is_same);
  const right = pairs.filter(({ is_same }) => is_same);
  const blocked = (some: readonly NluppPair[]) =>
    clopperPearson(some.filter(({ a, b }) => guardPair(a, b) !== null).length, some.length);
  return {
    wrong: blocked(wrong),
    right: blocked(right),
    wrongPairs: wrong.length,
    rightPairs: right.length,
  };
}

/** A share with its interval, in per cent. */
export function interval({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${percent(value, 1)} [${percent(low, 1)}, ${percent(high, 1)}]`;
}
