import type { CallLedger } from "./call-ledger.js";

/** Work through items in their order, as many at a time as the budget surely pays for, whole. Without a cap that is one wave.
 * @param mostUsdOf most that an item can still cost
 * @returns whether the budget sufficed for all; if not, the ledger knows */
export async function inWaves<Item>(
  items: readonly Item[],
  { ledger, mostUsdOf }: { ledger: CallLedger; mostUsdOf: (item: Item) => number },
  work: (wave: readonly Item[]) => Promise<void>,
): Promise<boolean> {
  let open = [...items];
  while (open.length > 0) {
    const wave = affordable(open, ledger.leftUsd(), mostUsdOf);
    if (wave.length === 0) {
      ledger.stop();
      return false;
    }
    await work(wave);
    open = open.slice(wave.length);
  }
  return true;
}

/** The longest run of items at the front that fits the budget at its dearest. */
function affordable<Item>(
  items: readonly Item[],
  budgetUsd: number,
  mostUsdOf: (item: Item) => number,
): readonly Item[] {
  if (budgetUsd === Number.POSITIVE_INFINITY) return items;
  let left = budgetUsd;
  const end = items.findIndex((item) => {
    left -= mostUsdOf(item);
    return left < 0;
  });
  return end === -1 ? items : items.slice(0, end);
}
