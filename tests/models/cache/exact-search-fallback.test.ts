import { expect, test, vi } from "vitest";
import { InputError } from "../../../datasets/errors.js";
import { exactSearchNotice, openNearestIndex } from "../../../models/cache/nearest-index.js";

vi.mock("../../../models/cache/approximate-index.js", async (importOriginal) => ({
  ...(await importOriginal<object>()),
  loadUsearch: () => null,
}));

test("where usearch has no build, an automatic index stays exact, and a notice says so", () => {
  const index = openNearestIndex({ dim: 2, kind: "auto" });
  for (let slot = 0; slot < 1_000; slot++) index.add(slot, Float32Array.of(Math.cos(slot), Math.sin(slot)));
  expect(index.kind).toBe("exact");
  expect(exactSearchNotice()).toContain("usearch has no build");
  expect(() => openNearestIndex({ dim: 2, kind: "approximate" })).toThrow(InputError);
});
