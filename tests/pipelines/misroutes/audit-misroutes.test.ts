import { describe, expect, it } from "vitest";
import { auditMisroutes } from "../../../pipelines/misroutes/audit-misroutes.js";
import type { LabelledAttempts } from "../../../pipelines/misroutes/labelled-attempts.js";
import { type ReplayedAttempt, replayData } from "../../support/replay-data.js";

const models = ["cheap", "strong"];
const usd = [1, 10];

function labelsOf(
  fields: Partial<LabelledAttempts> & Pick<LabelledAttempts, "rows" | "quality">,
): LabelledAttempts {
  return {
    weights: new Float64Array(fields.rows.length).fill(1),
    corrected: null,
    isRelative: new Uint8Array(fields.rows.length).fill(1),
    isJudged: true,
    ratings: 0,
    note: "",
    ...fields,
  };
}

describe("without labels", () => {
  const attempts: ReplayedAttempt[] = [
    { app: "a", usd, sufficiency: [0.9, 1] },
    { app: "a", usd, sufficiency: [0.5, 1] },
    { app: "b", usd, served: 0, sufficiency: [0.6, 1] },
    { app: "b", usd, served: 0, sufficiency: [1, 1] },
    { app: "b", isSuccess: false, billed: 2 },
    { app: "b", isUnknown: true },
  ];
  const result = auditMisroutes(replayData(models, attempts));

  it("everything is modelled from the sufficiency, without cutting it", () => {
    const { overkill, right_sized, underpowered, wrong, overkill_of_wrong } = result.quoted!;
    expect(overkill.value).toBeCloseTo(1.4 / 4, 12);
    expect(underpowered.value).toBeCloseTo(0.4 / 4, 12);
    expect(right_sized.value).toBeCloseTo(2.2 / 4, 12);
    expect(wrong.value).toBeCloseTo(1.8 / 4, 12);
    expect(overkill_of_wrong!.value).toBeCloseTo(1.4 / 1.8, 12);
    expect(result.quoted).toEqual(result.modelled);
    expect(result.quoted!.none_sufficient).toBeNull();
    expect(overkill.method).toMatch(/^modelled/);
  });

  it("dollars are the bill above, at risk, and to repair", () => {
    const { overpaid_usd, at_risk_usd, repair_usd, billed_usd } = result.quoted!;
    expect(overpaid_usd.value).toBeCloseTo(9 * 1.4, 12);
    expect(at_risk_usd.value).toBeCloseTo(0.4, 12);
    expect(repair_usd.value).toBeCloseTo(9 * 0.4, 12);
    expect(billed_usd).toBe(22);
  });

  it("says what it covers, and what to run for labels", () => {
    expect(result.coverage.map(({ evidence, requests, usd: money }) => [evidence, requests, money])).toEqual([
      ["replayed", 4, 22],
      ["measured", 1, 2],
      ["unknown", 1, 0],
    ]);
    expect(result.measured).toBeNull();
    expect(result.labels.note).toContain("signalbox label run");
    expect(result.notes.join(" ")).toContain("signalbox label run");
  });

  it("finds the worst pairs of app and model", () => {
    expect(result.worst.map(({ app, model }) => [app, model])).toEqual([["a", "strong"]]);
    expect(result.worst[0]!.overpaid_usd.value).toBeCloseTo(12.6, 12);
  });
});

it("a head that contradicts the order is overruled by a cheaper one, and the range without order is wider", () => {
  const replay = replayData(
    ["a", "b", "c"],
    [
      { usd: [1, 2, 10], sufficiency: [0.5, 0.3, 1] },
      { usd: [1, 2, 10], sufficiency: [0.5, 0.3, 1] },
    ],
  );
  const { quoted, without_order } = auditMisroutes(replay);
  expect(quoted!.overkill.value).toBeCloseTo(0.5, 12);
  expect(without_order!.overkill).toEqual([0.5, 0.8]);
  expect(without_order!.underpowered).toEqual([0, 0]);
});

describe("with labels", () => {
  it("absolute grades find calls that no model answers well", () => {
    const replay = replayData(
      models,
      Array.from({ length: 4 }, () => ({ usd, sufficiency: [0.5, 1] })),
    );
    const labelled = labelsOf({
      rows: Int32Array.of(0, 1, 2, 3),
      quality: Float64Array.of(0.9, 0.2, 0.2, 0.2, 0.9, 0.9, 0.3, 0.3),
      isRelative: new Uint8Array(4),
      isJudged: false,
    });
    const { measured, quoted } = auditMisroutes(replay, { labelled });
    for (const figures of [measured!, quoted!]) {
      expect(figures.overkill.value).toBeCloseTo(0.25, 12);
      expect(figures.right_sized.value).toBeCloseTo(0.25, 12);
      expect(figures.none_sufficient!.value).toBeCloseTo(0.5, 12);
      expect(figures.at_risk_usd.value).toBeCloseTo(20, 9);
    }
    expect(auditMisroutes(replay, { labelled, goodEnough: 0.1 }).measured!.overkill.value).toBe(1);
  });

  it("labels that can't tell are counted, with the reason", () => {
    const replay = replayData(models, [
      { usd, sufficiency: [0.5, 1] },
      { usd, served: 0, sufficiency: [0.5, 1] },
      { usd, sufficiency: [0.5, 1] },
      { isSuccess: false },
    ]);
    const labelled = labelsOf({
      rows: Int32Array.of(0, 1, 2, 3),
      quality: Float64Array.of(1, 1, Number.NaN, 1, 1, 1, 1, 1),
    });
    const { labels } = auditMisroutes(replay, { labelled });
    expect(labels.labelled).toBe(1);
    expect(labels.unused.map(({ reason, attempts }) => [reason.slice(0, 12), attempts])).toEqual([
      ["not replayed", 1],
      ["compared wit", 1],
      ["without a la", 1],
    ]);
  });

  it("an uncorrected judge is named in every figure that rests on it", () => {
    const replay = replayData(
      models,
      Array.from({ length: 3 }, () => ({ usd, sufficiency: [0.5, 1] })),
    );
    const labelled = labelsOf({ rows: Int32Array.of(0, 1), quality: Float64Array.of(1, 0, 1, 1) });
    const { quoted, measured, labels } = auditMisroutes(replay, { labelled });
    expect(quoted!.overkill.method).toContain("uncorrected judge");
    expect(measured!.overkill.method).toContain("not corrected");
    expect(measured!.underpowered.method).toContain("by definition");
    expect(labels.is_corrected).toBe(false);
  });
});

describe("hostile input", () => {
  const cases: ReadonlyArray<[string, ReplayedAttempt[]]> = [
    ["no rows", []],
    ["nothing replayed", [{ billed: 1 }]],
    ["all failed", [{ isSuccess: false }, { isSuccess: false, billed: 1 }]],
    ["unknown prices only", [{ isUnknown: true }]],
    [
      "no heads",
      [
        { usd, served: 0 },
        { usd, served: 0 },
      ],
    ],
  ];
  it.each(cases)("%s: no figures, and coverage says why", (_, attempts) => {
    const result = auditMisroutes(replayData(models, attempts));
    expect(result.quoted).toBeNull();
    expect(result.by).toEqual([]);
    expect(result.worst).toEqual([]);
    expect(result.coverage.reduce((sum, line) => sum + line.requests, 0)).toBe(attempts.length);
    expect(JSON.stringify(result)).not.toContain("NaN");
  });

  it("one model: every call is right-sized", () => {
    const { quoted } = auditMisroutes(
      replayData(
        ["only"],
        [
          { usd: [1], sufficiency: [1] },
          { usd: [2], sufficiency: [1] },
        ],
      ),
    );
    expect(quoted!.right_sized.value).toBe(1);
    expect(quoted!.overkill_of_wrong).toBeNull();
  });

  it("one session: values without intervals", () => {
    const attempts = Array.from({ length: 3 }, () => ({ session: 0, usd, sufficiency: [0.5, 1] }));
    const { quoted } = auditMisroutes(replayData(models, attempts));
    expect(quoted!.overkill.value).toBe(0.5);
    expect(quoted!.overpaid_usd.low).toBe(Number.NEGATIVE_INFINITY);
  });

  it("gives the same document twice", () => {
    const replay = replayData(models, [
      { usd, sufficiency: [0.5, 1], app: "a" },
      { usd, sufficiency: [0.2, 1], app: "b" },
    ]);
    expect(JSON.stringify(auditMisroutes(replay))).toBe(JSON.stringify(auditMisroutes(replay)));
  });
});
