/** A piece of TypeScript's type syntax; `doc` is the comment that stands before it. */
export interface Token {
  kind: "word" | "text" | "number" | "mark";
  value: string;
  doc?: string;
}

/** Split declarations of types into tokens; comments of one line or of JSDoc style are no tokens, the latter are kept as `doc`. */
export function typeTokens(source: string): Token[] {
  const tokens: Token[] = [];
  let doc: string | undefined;
  for (const [, comment, line, text, number, word, mark] of source.matchAll(syntax)) {
    if (comment !== undefined) doc = plainComment(comment);
    if (comment !== undefined || line !== undefined) continue;
    const token: Token =
      text !== undefined
        ? { kind: "text", value: text.slice(1, -1) }
        : number !== undefined
          ? { kind: "number", value: number }
          : word !== undefined
            ? { kind: "word", value: word }
            : { kind: "mark", value: mark! };
    tokens.push(doc === undefined ? token : { ...token, doc });
    doc = undefined;
  }
  return tokens;
}

const syntax =
  /(\/\*\*[\s\S]*?\*\/)|(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|("(?:[^"\\]|\\.)*")|(\d[\d_]*)|([A-Za-z_$][\w$]*)|([{}[\]()<>|&:;,?=.])/g;

function plainComment(comment: string): string {
  return comment
    .slice(3, -2)
    .replace(/^\s*\* ?/gm, "")
    .replace(/\{@link (\w+)\}/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}
