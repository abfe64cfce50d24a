import { expect, it } from "vitest";
import { savingsCompared } from "../../reports/page/savings-compared.js";
import { noDocuments, realisticDocuments } from "./fixtures.js";

it("gives each saving its own denominator, and shares that are its dollars over it", () => {
  const documents = realisticDocuments();
  const table = savingsCompared(documents)!;
  const row = (start: string) =>
    table.rows.find(([name]) => text(name!).startsWith(start))!.map((cell) => text(cell));
  const { levers, forecast } = documents;
  const [, usd, share, of] = row("All levers together");
  expect(usd).toContain(
    levers!.saving.value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  );
  expect(Number.parseFloat(share!)).toBeCloseTo((100 * levers!.saving.value) / levers!.billed_usd, 1);
  expect(of).toContain("the whole bill");
  const [horizon] = forecast!.horizons;
  const [, , ahead] = row(`The router, in the next ${horizon!.days} days`);
  expect(Number.parseFloat(ahead!)).toBeCloseTo(
    (100 * horizon!.saving_usd!.value) / horizon!.billed_usd.value,
    1,
  );
});

it("is left out where there are not two savings to tell apart", () => {
  expect(savingsCompared(noDocuments)).toBeNull();
  expect(
    savingsCompared({ ...noDocuments, levers: null, simulate: realisticDocuments().simulate }),
  ).not.toBeNull();
});

it("gives no share of a bill of nothing", () => {
  const documents = realisticDocuments();
  documents.levers!.billed_usd = 0;
  const row = savingsCompared(documents)!.rows.find(([name]) => text(name!).startsWith("All levers"))!;
  expect(text(row[2]!)).toBe("unknown");
});

function text(cell: string | { text: string }): string {
  return typeof cell === "string" ? cell : cell.text;
}
