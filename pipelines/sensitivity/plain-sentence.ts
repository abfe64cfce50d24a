import type { SensitivityLine, SensitivityResult } from "../../datasets/sensitivity-result.js";

/** How wrong single assumptions may be, in words: where the saving vanishes, and where quality falls to the promise. */
export function plainSentence(
  { saving, retention, promise }: NonNullable<SensitivityResult["base"]>,
  lines: readonly SensitivityLine[],
): string {
  return [
    savingSentence(saving?.value ?? null, lines),
    qualitySentence(retention?.value ?? null, promise, lines),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

/** Shares below this are sums' rounding. */
const rounding = 1e-9;

function savingSentence(saving: number | null, lines: readonly SensitivityLine[]): string {
  if (saving === null) return "There is no saving to speak of: nothing was billed.";
  if (saving <= 0) return `The router saves nothing on this traffic (${percent(saving)}).`;
  const unless = breakEvens("saving", lines);
  const negative = lines.filter(
    ({ figure, low }) => figure === "saving" && low !== null && low.figure.value < rounding,
  );
  const inside =
    negative.length === 0
      ? "No assumption in the table takes it away within its range."
      : `Within its range it is taken away by: ${negative.map(({ label }) => lowerFirst(label)).join(", ")}.`;
  return unless.length === 0
    ? `The saving of ${percent(saving)} stays positive whatever one assumption does. ${inside}`
    : `The saving of ${percent(saving)} stays positive unless ${orList(unless)}. ${inside}`;
}

function qualitySentence(
  retention: number | null,
  promise: number,
  lines: readonly SensitivityLine[],
): string {
  if (retention === null) return "";
  if (retention < promise)
    return `By the router's own estimate ${percent(retention)} of quality is kept on this traffic, less than the promised ${percent(promise)}.`;
  const unless = breakEvens("retention", lines);
  return unless.length === 0
    ? ""
    : `The promise of ${percent(promise)} of quality holds by its estimate unless ${orList(unless)}.`;
}

function breakEvens(figure: SensitivityLine["figure"], lines: readonly SensitivityLine[]): string[] {
  return lines.flatMap((line) => (line.figure === figure && line.break_even ? line.break_even.text : []));
}

function orList(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} or ${parts.at(-1)}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
