/** Options that name the embedder which compares prompts, for every verb of `cache`. */
export const embedderOptions = {
  embedder: {
    type: "string",
    defaultDescription: "the built-in hashed one",
    describe: "Embedder file of signalbox embed distil",
  },
  encoder: { type: "string", describe: "ONNX sentence encoder in its place; use-lite names USE-lite" },
  dim: {
    type: "number",
    describe: "Numbers of the built-in embedder, a power of two; more find more, for more time",
  },
  tokenizer: { type: "string", describe: "tokenizer.json of that encoder" },
} as const;
