import { describe, expect, it } from "vitest";
import { type Block, note, type Table } from "../../reports/content.js";
import { foldSection } from "../../reports/fold-section.js";

describe("foldSection", () => {
  it.each([
    ["one short table", [8], [false]],
    ["one long table", [9], [true]],
    ["what fits in eight rows together", [3, 5], [false, false]],
    ["what no longer fits after the first", [6, 3], [false, true]],
    ["a short table after one that didn't fit", [5, 6, 3], [false, true, false]],
  ])("keeps open or closes %s", (_, rows, closed) => {
    const { blocks } = foldSection({ id: "s", title: "S", blocks: rows.map(table) });
    expect(blocks.map((block) => block.kind === "table" && block.isFolded)).toEqual(closed);
  });

  it("leaves a table closed that asked for it, and doesn't count it", () => {
    const { blocks } = foldSection({
      id: "s",
      title: "S",
      blocks: [{ ...table(8), isFolded: true }, table(8)],
    });
    expect(blocks.map((block) => block.kind === "table" && block.isFolded)).toEqual([true, false]);
  });

  it("closes the third line of small print with those before it, in order, and nothing else", () => {
    const text: Block = { kind: "paragraph", text: "text" };
    const notes = ["a", "b", "c"].map((each) => note(each));
    const { blocks } = foldSection({
      id: "s",
      title: "S",
      blocks: [text, note("x"), note("y"), text, ...notes],
    });
    expect(blocks).toEqual([
      text,
      note("x"),
      note("y"),
      text,
      { kind: "fold", title: "Method and limits", blocks: notes },
    ]);
  });
});

function table(rows: number): Table {
  return {
    kind: "table",
    caption: `${rows} rows`,
    columns: [{ title: "n" }],
    rows: Array.from({ length: rows }, (_, i) => [String(i)]),
    notes: [],
  };
}
