import type { CachePairsResult } from "../../../datasets/cache-pairs-result.js";
import { pairCanaryWarning } from "./pair-canaries.js";

/** What a reader of the figures has to know. */
export function pairNotes({
  is_simulated,
  judged,
  judge_error,
  imports,
}: Pick<CachePairsResult, "is_simulated" | "judged" | "judge_error" | "imports">): string[] {
  const failed = (judged?.verdicts ?? [])
    .filter(({ verdict }) => verdict === "failed")
    .reduce((sum, { count }) => sum + count, 0);
  const missing = judged === null ? 0 : judged.drawn - judged.asked;
  return [
    ...(is_simulated ? ["The judge is a simulation: nothing here is about a real model."] : []),
    ...(missing > 0
      ? [
          `--max-usd stopped the run: ${missing} of ${judged!.drawn} drawn pairs were not judged, a random part; raise it to go on.`,
        ]
      : []),
    ...(failed > 0
      ? [`${failed} pairs have no verdict, because their calls failed; the same command asks for them again.`]
      : []),
    ...(judged?.canaries.flatMap(pairCanaryWarning) ?? []),
    ...(judged !== null && judge_error === null
      ? [
          "Nobody checked the judge: import human verdicts on a random part of its pairs to learn how often it accepts what it should not.",
        ]
      : []),
    ...(judged !== null && imports.length > 0
      ? [
          "Imported pairs that the judge's sample does not hold are for training; shares and thresholds rest on the sample.",
        ]
      : []),
    ...(judged === null
      ? [
          "Imported pairs are taken to have been picked at random within their segment, unless the file gives an inclusion_probability.",
        ]
      : []),
  ];
}
