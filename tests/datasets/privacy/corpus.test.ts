import { describe, expect, test } from "vitest";
import { readCorpus } from "../../../scripts/bench/bench-privacy-corpus.js";
import { type KindScore, scoreCorpus } from "../../../scripts/bench/bench-privacy-scores.js";

describe("the labelled corpus", () => {
  test("is found without a mistake where the detectors were developed on it", () => {
    const { mistakes } = scoreCorpus(readCorpus("development"));
    expect(mistakes).toEqual([]);
  });

  test("is found with at least 95 % recall and 97 % precision where they were not", () => {
    const { scores } = scoreCorpus(readCorpus("held-out"));
    const { recall, precision } = overall(scores);
    process.stdout.write(
      `redact, held-out corpus: recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}\n`,
    );
    expect(recall).toBeGreaterThanOrEqual(0.95);
    expect(precision).toBeGreaterThanOrEqual(0.97);
  });

  test("has several hundred cases, and decoys in both parts", () => {
    const texts = [...readCorpus("development"), ...readCorpus("held-out")];
    expect(texts.length).toBeGreaterThan(400);
    expect(texts.filter(({ marks }) => marks.length === 0).length).toBeGreaterThan(150);
  });
});

function overall(scores: readonly KindScore[]): { recall: number; precision: number } {
  const sum = (field: "marked" | "found" | "falseAlarms"): number =>
    scores.reduce((total, score) => total + score[field], 0);
  return {
    recall: sum("found") / sum("marked"),
    precision: sum("found") / (sum("found") + sum("falseAlarms")),
  };
}
