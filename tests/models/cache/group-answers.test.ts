import { describe, expect, test } from "vitest";
import { groupAnswers } from "../../../models/cache/group-answers.js";
import { embedAngle } from "./stream-items.js";

describe("equal texts", () => {
  test.each([
    ["Yes.", "yes.", true],
    ["Two  words\n", "two words", true],
    ["caf\u00e9", "cafe\u0301", true],
    ["Yes.", "Yes", false],
    ["It is 4.", "It is 5.", false],
  ])("%j and %j: %s", (a, b, isSame) => {
    const answers = groupAnswers();
    expect(answers.groupOf("s", a) === answers.groupOf("s", b)).toBe(isSame);
  });

  test("of two scopes are two answers", () => {
    const answers = groupAnswers();
    expect([answers.groupOf("s", "Yes"), answers.groupOf("t", "Yes"), answers.groupOf("s", "Yes")]).toEqual([
      0, 1, 0,
    ]);
  });
});

describe("like texts", () => {
  const near = (capacity?: number) =>
    groupAnswers({ minCosine: Math.cos((20 / 180) * Math.PI), embed: embedAngle, capacity });

  test("join the likest leader, and never chain away from it", () => {
    const answers = near();
    const groups = ["a 0", "b 15", "c 30", "d 18", "e 45"].map((text) => answers.groupOf("s", text));
    expect(groups).toEqual([0, 0, 1, 1, 1]);
  });

  test("don't join over scopes", () => {
    const answers = near();
    expect(answers.groupOf("s", "a 0")).not.toBe(answers.groupOf("t", "a 1"));
  });

  test("find a forgotten leader by its text alone", () => {
    const answers = near(1);
    expect(["a 0", "b 90", "c 1", "a 0", "b 90"].map((text) => answers.groupOf("s", text))).toEqual([
      0, 1, 2, 0, 1,
    ]);
  });

  test("need an embedder", () => {
    expect(() => groupAnswers({ minCosine: 0.9 })).toThrow(/needs embed/);
  });
});
