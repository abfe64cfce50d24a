import type { JudgeAgreement, JudgeBias } from "../../datasets/judge-calibration.js";

/** Least agreement with humans at which a claim may rest on raw verdicts. */
export const leastKappa = 0.6;

/** What the figures mean for whoever has to decide, worst news first.
 * @see Landis and Koch 1977 for what a kappa of 0.6 means */
export function calibrationAdvice(overall: JudgeAgreement, bias: JudgeBias): string[] {
  return [
    ...aboutKappa(overall),
    ...aboutErrors(overall),
    ...aboutPlaces(bias),
    ...aboutLength(bias),
    ...aboutSize(overall),
  ];
}

function aboutKappa({ kappa, pairs }: JudgeAgreement): string[] {
  if (kappa === null) {
    return [
      "No quality claim can be printed: kappa is not defined, because all rated pairs have one and the same verdict or there are none. Rate more pairs: signalbox label sheet.",
    ];
  }
  const found = `kappa ${kappa.value.toFixed(2)} [${kappa.low.toFixed(2)}, ${kappa.high.toFixed(2)}]`;
  if (kappa.value < leastKappa) {
    return [
      `No quality claim can be printed from the raw verdicts: ${found} is below ${leastKappa}, so judge and humans agree hardly more than chance would. Read the pairs on which they differ, make the rubric say what the humans went by (or take a stronger judge of another family), label again, and calibrate again. Corrected shares stay valid, and wide.`,
    ];
  }
  if (kappa.low >= leastKappa) return [];
  const needed = Math.ceil(
    pairs * ((kappa.value - kappa.low) / Math.max(0.02, kappa.value - leastKappa)) ** 2,
  );
  return [
    `${found} may still be below ${leastKappa}: rate about ${Math.min(needed, 20 * pairs)} pairs in all to be sure.`,
  ];
}

function aboutErrors({ tpr, tnr }: JudgeAgreement): string[] {
  const low = [
    ...(tpr && tpr.value < goodRate ? [`finds ${percent(tpr.value)} of the sufficient answers (TPR)`] : []),
    ...(tnr && tnr.value < goodRate ? [`finds ${percent(tnr.value)} of the insufficient answers (TNR)`] : []),
  ];
  if (low.length === 0) return [];
  return [
    `The judge ${low.join(" and ")}; ${percent(goodRate)} would be good. Quote corrected figures, never the raw share.`,
  ];
}

const goodRate = 0.9;

function aboutPlaces({ flip_rate, first_wins }: JudgeBias): string[] {
  if (flip_rate === null || flip_rate.value <= 0.1) return [];
  const place =
    first_wins && first_wins.low > 0.5
      ? ", in favour of the first place"
      : first_wins && first_wins.high < 0.5
        ? ", in favour of the second place"
        : "";
  return [
    `${percent(flip_rate.value)} of the verdicts changed with the order of the answers${place}: such a judge reads places as much as answers. They count as ties.`,
  ];
}

function aboutLength({ length_bias }: JudgeBias): string[] {
  if (length_bias === null || (length_bias.low <= 0 && length_bias.high >= 0)) return [];
  const points = `${Math.abs(100 * length_bias.value).toFixed(0)} points`;
  return [
    length_bias.value > 0
      ? `The judge gives longer answers ${points} more than humans do: say in the rubric that length does not matter.`
      : `The judge gives longer answers ${points} less than humans do: say in the rubric that length does not matter.`,
  ];
}

function aboutSize({ pairs }: JudgeAgreement): string[] {
  return pairs >= 100 ? [] : [`Only ${pairs} pairs were rated; 100 to 300 make these figures firm.`];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
