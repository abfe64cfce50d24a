import { expect, test } from "vitest";
import { dialTable } from "../../reports/page/dial-table.js";

const share = (value: number) => ({
  value,
  low: value - 0.02,
  high: value + 0.02,
  method: "measured on held-out rows",
  n: 400,
});

test("shows what each setting promises and saves, which one is in force, and what isn't certified", () => {
  const table = dialTable({
    confidence: 0.95,
    in_force: 0.985,
    points: [
      {
        retention: 0.985,
        min_sufficiency: { small: 0.75, medium: 0.75 },
        retention_low: 0.986,
        strong_share: share(0.4),
        saving: share(0.5),
      },
      {
        retention: 0.995,
        min_sufficiency: { small: null, medium: 0.9 },
        retention_low: null,
        strong_share: share(1),
        saving: share(0),
      },
    ],
  });
  const text = JSON.stringify(table);
  expect(text).toContain('{"text":"98.5 %","detail":"in force"}');
  expect(text).toContain("small never, medium");
  expect(text).toContain("not certified");
  expect(text).toMatch(/by itself with 95(\.0)?[\s\u00a0]?% confidence/);
});
