import { BilledTokens } from "./bill-row.js";
import { billedModel, isModelName } from "./billed-model.js";

/** What an OpenAI line item is for: a model's tokens of a kind (`gpt-5-nano, input_tokens`; `gpt-4o-2024-08-06, cached input`),
 * a model as a whole, or something else ("web search tool calls", "Image models").
 * @returns `item` where it isn't plain tokens of a model; a null line item (costs not grouped) has neither model nor item */
export function readLineItem(lineItem: string | null): {
  model: string | null;
  modelWritten: string | null;
  tokens: BilledTokens | null;
  item: string | null;
} {
  if (lineItem === null) return { model: null, modelWritten: null, tokens: null, item: null };
  const comma = lineItem.lastIndexOf(",");
  const name = (comma < 0 ? lineItem : lineItem.slice(0, comma)).trim();
  const what = comma < 0 ? "" : lineItem.slice(comma + 1).trim();
  if (!isModelName(name, "openai") && !/^(ft:|gpt-|o\d|chatgpt-|text-embedding-|codex-)/i.test(name))
    return { model: null, modelWritten: null, tokens: null, item: lineItem };
  const tokens = tokenKind(what);
  const isTokens = tokens !== null || what === "";
  return {
    model: billedModel(name, "openai"),
    modelWritten: name,
    tokens,
    item: isTokens ? null : what,
  };
}

function tokenKind(what: string): BilledTokens | null {
  const words = what
    .toLowerCase()
    .replace(/[_-]+/g, " ")
    .replace(/\s+tokens?$/, "");
  // A batch's items say so; the price differs, the tokens are the same tokens.
  const plain = words
    .replace(/^(batch|flex|priority)\s+|\s+(batch|flex|priority)$/g, "")
    .replace(/\btext\s+/, "");
  if (/^(un ?cached )?input$/.test(plain)) return BilledTokens.inputUncached;
  if (/^(cached input|input cached|cache read)$/.test(plain)) return BilledTokens.inputCacheRead;
  if (/^(cache write|input cache write|cached write)$/.test(plain)) return BilledTokens.inputCacheWrite5m;
  return /^output$/.test(plain) ? BilledTokens.outputTotal : null;
}
