import type { PriceBook } from "../../datasets/prices/price-book.js";
import type { TokenUsage } from "../../datasets/tokens/token-usage.js";
import type { CostBasis } from "../../models/markup/choose-basis.js";
import { type SampleRow, usageOf } from "./sample-row.js";

/** The list cost of every call under each way of counting that is known to go wrong, the right one first; ways that change
 * no call are left out.
 * @returns `outputCosts`: the part of each basis that is for output */
export function costBases(
  rows: readonly SampleRow[],
  book: PriceBook,
): { bases: CostBasis[]; outputCosts: Float64Array[] } {
  const priced = rows.map((row) => priceRow(row, book));
  const list = Float64Array.from(rows, (row) => row.cost_list_usd);
  const output = Float64Array.from(priced, (price, i) =>
    share(price({ ...noTokens, ...outputOf(rows[i]!) }), list[i]!),
  );
  const bases: CostBasis[] = [{ name: "list", costs: list }];
  const outputCosts: Float64Array[] = [output];
  const add = (name: string, changeOf: (i: number) => number | null, isOutput: boolean) => {
    const changes = Float64Array.from(rows, (_, i) => changeOf(i) ?? Number.NaN);
    if (changes.some(Number.isNaN) || changes.every((change) => change === 0)) return;
    bases.push({ name, costs: list.map((cost, i) => Math.max(0, cost + changes[i]!)) });
    outputCosts.push(isOutput ? output.map((cost, i) => Math.max(0, cost + changes[i]!)) : output);
  };
  for (const { name, change, isOutput = false } of countings)
    add(
      name,
      (i) => {
        const usage = usageOf(rows[i]!);
        return change(usage) === null ? 0 : difference(priced[i]!, usage, change(usage)!);
      },
      isOutput,
    );
  add(
    "batch_at_full_price",
    (i) => {
      const row = rows[i]!;
      if (!row.is_batch) return 0;
      const full = priceRow({ ...row, is_batch: false, service_tier: null }, book)(usageOf(row));
      const discounted = priced[i]!(usageOf(row));
      return full === null || discounted === null ? null : full - discounted;
    },
    false,
  );
  for (const { day, at } of otherPriceLists(rows, book))
    add(
      `price_list_of_${day}`,
      (i) => {
        const usage = usageOf(rows[i]!);
        const then = priceRow({ ...rows[i]!, created_at: at }, book)(usage);
        const now = priced[i]!(usage);
        return then === null || now === null ? null : then - now;
      },
      false,
    );
  return { bases, outputCosts };
}

/** Ways of counting: what is priced in the place of the usage (moved), or besides it (again); null where nothing changes. */
const countings: ReadonlyArray<{
  name: string;
  change: (usage: TokenUsage) => { moved?: Partial<TokenUsage>; again?: Partial<TokenUsage> } | null;
  isOutput?: boolean;
}> = [
  {
    name: "cache_reads_at_full_rate",
    change: (u) =>
      u.inputCacheRead === 0
        ? null
        : { moved: { inputUncached: u.inputUncached + u.inputCacheRead, inputCacheRead: 0 } },
  },
  {
    name: "cache_reads_billed_twice",
    change: (u) => (u.inputCacheRead === 0 ? null : { again: { inputUncached: u.inputCacheRead } }),
  },
  {
    name: "cache_reads_not_billed",
    change: (u) => (u.inputCacheRead === 0 ? null : { moved: { inputCacheRead: 0 } }),
  },
  {
    name: "cache_writes_at_input_rate",
    change: (u) =>
      writes(u) === 0
        ? null
        : {
            moved: { inputUncached: u.inputUncached + writes(u), inputCacheWrite5m: 0, inputCacheWrite1h: 0 },
          },
  },
  {
    name: "cache_writes_not_billed",
    change: (u) => (writes(u) === 0 ? null : { moved: { inputCacheWrite5m: 0, inputCacheWrite1h: 0 } }),
  },
  {
    name: "cache_writes_billed_twice",
    change: (u) => (writes(u) === 0 ? null : { again: { inputUncached: writes(u) } }),
  },
  {
    name: "cache_reads_and_writes_billed_twice",
    change: (u) =>
      writes(u) * u.inputCacheRead === 0 ? null : { again: { inputUncached: writes(u) + u.inputCacheRead } },
  },
  {
    name: "one_hour_writes_at_five_minute_rate",
    change: (u) =>
      u.inputCacheWrite1h === 0
        ? null
        : { moved: { inputCacheWrite5m: u.inputCacheWrite5m + u.inputCacheWrite1h, inputCacheWrite1h: 0 } },
  },
  {
    name: "all_input_at_full_rate",
    change: (u) =>
      writes(u) * u.inputCacheRead === 0
        ? null
        : {
            moved: {
              inputUncached: u.inputUncached + writes(u) + u.inputCacheRead,
              inputCacheRead: 0,
              inputCacheWrite5m: 0,
              inputCacheWrite1h: 0,
            },
          },
  },
  {
    name: "reasoning_billed_twice",
    change: (u) => (u.outputReasoning === 0 ? null : { again: { outputText: u.outputReasoning } }),
    isOutput: true,
  },
  {
    name: "reasoning_not_billed",
    change: (u) => (u.outputReasoning === 0 ? null : { moved: { outputReasoning: 0 } }),
    isOutput: true,
  },
];

const noTokens: TokenUsage = {
  inputUncached: 0,
  inputCacheRead: 0,
  inputCacheWrite5m: 0,
  inputCacheWrite1h: 0,
  outputText: 0,
  outputReasoning: 0,
  inputAudio: null,
  inputImage: null,
  outputAudio: null,
};

function writes(usage: TokenUsage): number {
  return usage.inputCacheWrite5m + usage.inputCacheWrite1h;
}

function outputOf(row: SampleRow): Partial<TokenUsage> {
  const { outputText, outputReasoning, outputAudio } = usageOf(row);
  return { outputText, outputReasoning, outputAudio };
}

function priceRow(row: SampleRow, book: PriceBook): (usage: TokenUsage) => number | null {
  return (usage) =>
    book.price({
      provider: row.provider,
      model: row.model,
      usage,
      createdAt: row.created_at,
      serviceTier: row.service_tier,
      isBatch: row.is_batch,
    }).usd;
}

/** Differences of two prices of the book are added to the list cost in the log, which may hold more than tokens. */
function difference(
  price: (usage: TokenUsage) => number | null,
  usage: TokenUsage,
  { moved, again }: { moved?: Partial<TokenUsage>; again?: Partial<TokenUsage> },
): number | null {
  const before = moved ? price(usage) : 0;
  const after = moved ? price({ ...usage, ...moved }) : price({ ...noTokens, ...again });
  return before === null || after === null ? null : after - before;
}

function share(output: number | null, list: number): number {
  return Math.min(output ?? 0, list);
}

const day = 86_400_000_000;
const mostLists = 6;

/** Moments at which another price list of the model held than at the calls' own time: before them, and after. */
function otherPriceLists(rows: readonly SampleRow[], book: PriceBook): Array<{ day: string; at: number }> {
  const last = rows.at(-1)!;
  const query = { provider: last.provider, model: last.model, serviceTier: null, isBatch: false };
  const from = rows[0]!.created_at - 730 * day;
  const cards = book
    .rateCards({ ...query, createdAt: from }, last.created_at + 730 * day)
    .filter((card) => !("reason" in card));
  if (cards.length < 2) return [];
  return cards.slice(-mostLists).map(({ validFrom }) => {
    const at = Math.max(validFrom ?? from, from);
    return { day: new Date(at / 1000).toISOString().slice(0, 10), at };
  });
}
