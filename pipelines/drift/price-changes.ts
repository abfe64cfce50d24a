import type { PolicyModel } from "@signalbox/runtime";
import type { PriceChange } from "../../datasets/drift-result.js";
import { listPrice, type PriceBook } from "../../datasets/prices/price-book.js";

/** Models of a policy whose list price is another now than at its export. A price that was or is unknown is no change.
 * @param now microseconds since 1970, UTC */
export function priceChanges(
  models: ReadonlyArray<
    Pick<PolicyModel, "model" | "provider" | "input_usd_per_mtok" | "output_usd_per_mtok">
  >,
  { book, now }: { book: PriceBook; now: number },
): PriceChange[] {
  return models.flatMap(({ model, provider, input_usd_per_mtok: input, output_usd_per_mtok: output }) => {
    const listed = listPrice(model, provider, now, book);
    if (listed === null) return [];
    const { inputUsdPerMtok, outputUsdPerMtok } = listed;
    if (!isOther(input, inputUsdPerMtok) && !isOther(output, outputUsdPerMtok)) return [];
    return [
      {
        model,
        input_usd_per_mtok: { before: input, now: inputUsdPerMtok },
        output_usd_per_mtok: { before: output, now: outputUsdPerMtok },
      },
    ];
  });
}

function isOther(before: number | null, now: number): boolean {
  return before !== null && Math.abs(before - now) > 1e-9 * Math.max(before, now);
}
