/** Turns text into the token ids that a sentence encoder was trained on. */
export interface Tokenizer {
  /** At most `limit` ids, special tokens included; a longer text is cut at its end. */
  encode(text: string, limit: number): number[];
}
