import { describe, expect, it } from "vitest";
import type { MisrouteFigures } from "../../../datasets/misroutes-result.js";
import type { Estimate } from "../../../datasets/results.js";
import { auditMisroutes } from "../../../pipelines/misroutes/audit-misroutes.js";
import { gradedTruth, gradedWorld, judgedWorld } from "./planted-misroutes.js";

const seeds = Array.from({ length: 200 }, (_, seed) => seed + 1);
/** 95 % within three standard errors of a share of 200. */
const least = 0.95 - 3 * Math.sqrt((0.95 * 0.05) / seeds.length);

function coverageOf(estimates: readonly Estimate[], truth: number): number {
  return estimates.filter(({ low, high }) => low <= truth && truth <= high).length / estimates.length;
}

/** An amount of money per call. */
function perCall({ attempts }: MisrouteFigures, { value, low, high, ...rest }: Estimate): Estimate {
  return { ...rest, value: value / attempts, low: low / attempts, high: high / attempts };
}

describe("with a judge that errs and a router that is overconfident", () => {
  const audits = seeds.map((seed) => {
    const { replay, labelled } = judgedWorld(seed);
    return {
      corrected: auditMisroutes(replay, { labelled }),
      raw: auditMisroutes(replay, { labelled: { ...labelled, corrected: null } }),
    };
  });
  const figures = {
    combined: audits.map(({ corrected }) => corrected.quoted!),
    measured: audits.map(({ corrected }) => corrected.measured!),
    raw: audits.map(({ raw }) => raw.quoted!),
    modelled: audits.map(({ corrected }) => corrected.modelled!),
  };

  it.each(["combined", "measured"] as const)(
    "%s intervals contain the truth as often as they say",
    (kind) => {
      expect(
        coverageOf(
          figures[kind].map(({ overkill }) => overkill),
          0.6,
        ),
      ).toBeGreaterThan(least);
      expect(
        coverageOf(
          figures[kind].map(({ wrong }) => wrong),
          0.6,
        ),
      ).toBeGreaterThan(least);
      expect(
        coverageOf(
          figures[kind].map((own) => perCall(own, own.overpaid_usd)),
          0.00855,
        ),
      ).toBeGreaterThan(least);
    },
  );

  it.each(["raw", "modelled"] as const)("%s ones don't, which is what the correction is for", (kind) => {
    expect(
      coverageOf(
        figures[kind].map(({ overkill }) => overkill),
        0.6,
      ),
    ).toBeLessThan(0.5);
  });

  it("is right on average in each app too", () => {
    const mean = (slice: string) =>
      audits.reduce(
        (sum, { corrected }) => sum + corrected.by.find((row) => row.slice === slice)!.overkill.value,
        0,
      ) / audits.length;
    expect(mean("hard")).toBeCloseTo(0.45, 1.5);
    expect(mean("easy")).toBeCloseTo(0.75, 1.5);
  });

  it("holds for both apps at once", () => {
    const truths: Record<string, number> = { hard: 0.45, easy: 0.75 };
    const held = audits.filter(({ corrected }) =>
      corrected.by.every(
        ({ slice, overkill }) => overkill.low <= truths[slice]! && truths[slice]! <= overkill.high,
      ),
    );
    expect(held.length / audits.length).toBeGreaterThan(least);
  });
});

describe("with absolute grades, answers by all models, and calls that no model answers well", () => {
  const audits = seeds.map((seed) => {
    const { replay, labelled } = gradedWorld(seed);
    return auditMisroutes(replay, { labelled });
  });
  const { first, second, third } = gradedTruth;
  const none = 1 - first - second - third;
  const truths: ReadonlyArray<[name: string, truth: number, read: (own: MisrouteFigures) => Estimate]> = [
    ["overkill", (first + (first + second)) / 3, ({ overkill }) => overkill],
    ["right-sized", (first + second + third) / 3, (own) => own.right_sized],
    ["underpowered", (second + third + third) / 3, ({ underpowered }) => underpowered],
    ["none sufficient", none, (own) => own.none_sufficient!],
    ["overpaid", (first * 0.02 + first * 0.09 + second * 0.07) / 3, (own) => perCall(own, own.overpaid_usd)],
    ["repair", (second * 0.02 + third * 0.09 + third * 0.07) / 3, (own) => perCall(own, own.repair_usd)],
    [
      "at risk",
      ((1 - first) * 0.01 + (third + none) * 0.03 + none * 0.1) / 3,
      (own) => perCall(own, own.at_risk_usd),
    ],
  ];

  it.each(truths)("%s is covered, combined and measured", (_, truth, read) => {
    expect(
      coverageOf(
        audits.map(({ quoted }) => read(quoted!)),
        truth,
      ),
    ).toBeGreaterThan(least);
    expect(
      coverageOf(
        audits.map(({ measured }) => read(measured!)),
        truth,
      ),
    ).toBeGreaterThan(least);
  });

  it("what the router alone expects misses the calls that no model answers well", () => {
    expect(
      coverageOf(
        audits.map(({ modelled }) => modelled!.underpowered),
        truths[2]![1],
      ),
    ).toBeLessThan(0.5);
  });

  it("combined intervals are narrower than those of the labels alone", () => {
    const width = (read: (audit: (typeof audits)[0]) => Estimate) =>
      audits.reduce((sum, audit) => sum + read(audit).high - read(audit).low, 0);
    expect(width(({ quoted }) => quoted!.overpaid_usd)).toBeLessThan(
      0.95 * width(({ measured }) => measured!.overpaid_usd),
    );
  });

  it("shares add up to 1", () => {
    for (const { quoted } of audits) {
      const { overkill, right_sized, underpowered, none_sufficient } = quoted!;
      const sum = overkill.value + right_sized.value + underpowered.value + none_sufficient!.value;
      expect(sum).toBeCloseTo(1, 9);
    }
  });
});
