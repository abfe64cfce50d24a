import type { MarkupGroup } from "../../datasets/markup-result.js";

/** One paragraph that says what was found, in the order of what matters: refusal or mark-up, fee, counting, steps, zeros. */
export function verdictOf(group: Omit<MarkupGroup, "verdict">): string {
  return [
    headline(group),
    ...countingSentence(group),
    ...stepSentence(group),
    ...kindSentence(group),
    ...roundingSentence(group),
    ...zeroSentence(group),
  ].join(" ");
}

function headline({
  usable,
  markup,
  fee_usd: fee,
  refusal,
  uplift,
  zero,
}: Omit<MarkupGroup, "verdict">): string {
  if (usable === 0 && zero.calls > 0)
    return "Every cost is reported as $0 though the list has a price: the gateway doesn't know the model's price.";
  if (usable === 0) return "No call has both a reported and a list cost.";
  if (markup === null || fee === null) {
    const size =
      uplift === null
        ? ""
        : `Reported costs are ${percent(Math.abs(uplift.value))} ${uplift.value < 0 ? "below" : "above"} list. `;
    return `${size}Mark-up and fee can't be told apart: ${refusal}.`;
  }
  const share = isZero(markup, 0.001)
    ? "no mark-up"
    : markup.value > 0
      ? `a mark-up of ${percent(markup.value)} (${range(markup, percent)})`
      : `a discount of ${percent(-markup.value)} (${range({ low: -markup.high, high: -markup.low }, percent)})`;
  const perCall = isZero(fee, 1e-7)
    ? "no fee per call"
    : `${money(fee.value)} per call (${range(fee, money)})`;
  return `Costs are list price with ${share} and ${perCall}.`;
}

function countingSentence({ counting }: Omit<MarkupGroup, "verdict">): string[] {
  const rivals =
    counting.rivals.length === 0
      ? ""
      : ` ${inWords(counting.rivals)} fits as well and can't be told apart from it.`;
  if (counting.name === "list")
    return rivals === "" ? [] : [`Counting as the list does is assumed:${rivals}`];
  return [
    `Counted as ${countingWords(counting.name)} (${counting.affected} calls, z = ${counting.z.toFixed(0)}); the mark-up is given apart from that.${rivals}`,
  ];
}

function stepSentence({ stretches }: Omit<MarkupGroup, "verdict">): string[] {
  if (stretches.length < 2) return [];
  const reference = stretches.find(({ is_reference: isReference }) => isReference)!;
  return stretches.flatMap((stretch) => {
    if (stretch === reference) return [];
    if (stretch.markup === null || reference.markup === null)
      return [`From ${stretch.from} to ${stretch.to} another rule holds; too few calls to say which.`];
    const factor = (1 + stretch.markup.value) / (1 + reference.markup.value);
    return [
      `From ${stretch.from} to ${stretch.to} costs are ${factor.toFixed(3)} times those of ${reference.from} to ${reference.to}: a price drift or a changed mark-up, which costs alone don't tell apart.`,
    ];
  });
}

function kindSentence({ by_kind: kinds }: Omit<MarkupGroup, "verdict">): string[] {
  return kinds === null
    ? []
    : [
        `Input is charged at ${kinds.input.value.toFixed(3)} times list and output at ${kinds.output.value.toFixed(3)} times: another price list rather than one mark-up.`,
      ];
}

function roundingSentence({ rounding_usd: step, fee_usd: fee }: Omit<MarkupGroup, "verdict">): string[] {
  if (step === 0) return [];
  const isHalfStep = fee !== null && fee.low <= step / 2 && step / 2 <= fee.high && fee.low > 0;
  return [
    `Costs are rounded to ${money(step)}${isHalfStep ? "; the fee is half a step, as rounding up makes it" : ""}.`,
  ];
}

function zeroSentence({ zero, usable }: Omit<MarkupGroup, "verdict">): string[] {
  return zero.calls === 0 || usable === 0
    ? []
    : [
        `${zero.calls} calls are reported as $0 though they list at ${money(zero.list_usd)}: prices that the gateway lacks, not a discount; they are not in the mark-up.`,
      ];
}

const words: Readonly<Record<string, string>> = {
  list: "the list price as it should be",
  cache_reads_at_full_rate: "cached input at the full input rate",
  cache_reads_billed_twice: "cached input twice, at the full rate and again at the cached rate",
  cache_reads_not_billed: "cached input free of charge",
  cache_writes_at_input_rate: "cache writes at the plain input rate",
  cache_writes_not_billed: "cache writes free of charge",
  cache_writes_billed_twice: "cache writes twice, as input and again as writes",
  cache_reads_and_writes_billed_twice: "cache reads and writes twice, as input and again at their own rates",
  one_hour_writes_at_five_minute_rate: "1 hour cache writes at the 5 minute rate",
  all_input_at_full_rate: "all input at the full rate, as if there were no cache prices",
  reasoning_billed_twice: "reasoning tokens twice",
  reasoning_not_billed: "reasoning tokens free of charge",
  batch_at_full_price: "batch calls at the full price",
};

function countingWords(name: string): string {
  return words[name] ?? `by the ${name.replaceAll("_", " ")} at all times`;
}

function inWords(names: readonly string[]): string {
  return names.map(countingWords).join(" or ");
}

function isZero({ low, high }: { low: number; high: number }, width: number): boolean {
  return low <= 0 && high >= 0 && high - low < 40 * width;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function money(value: number): string {
  return `${value < 0 ? "-" : ""}$${Number(Math.abs(value).toPrecision(3))}`;
}

function range({ low, high }: { low: number; high: number }, format: (value: number) => string): string {
  return `${format(low)} to ${format(high)}`;
}
