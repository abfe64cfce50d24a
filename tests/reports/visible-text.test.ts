import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visibleText } from "../../reports/visible-text.js";

describe("visibleText", () => {
  it.each([
    ["plain name", "gpt-4.1", "gpt-4.1"],
    ["white space of any kind", " a\n\tb\u00a0 c ", "a b c"],
    ["nothing", "", "(empty)"],
    ["only spaces", "  \n", "(empty)"],
    ["right-to-left override", "a\u202eb", "a\\u{202e}b"],
    ["terminal escape", "\u001b[31mred", "\\u{1b}[31mred"],
    ["zero-width space", "gpt\u200b4", "gpt\\u{200b}4"],
    ["lone surrogate", "a\ud800b", "a\ufffdb"],
    ["markup, which renderers escape", "<b>&amp;", "<b>&amp;"],
  ])("shows %s", (_, text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it("cuts long text by characters, never inside one", () => {
    expect(visibleText("😀".repeat(100), 5)).toBe("😀😀😀😀…");
  });

  it("leaves nothing that hides or reorders, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const shown = visibleText(text);
        expect(shown).not.toMatch(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u);
        expect(shown.isWellFormed()).toBe(true);
        expect([...shown].length).toBeLessThanOrEqual(80);
      }),
    );
  });
});
