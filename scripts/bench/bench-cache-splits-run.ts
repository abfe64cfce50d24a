import type { BenchSet } from "./bench-cache-sets.js";
import { runSplits } from "./bench-cache-splits.js";
import type { BenchEmbedder } from "./bench-cache-vectors.js";

// Splits of one set in a process of its own: node bench-cache-splits-run.js DATA SET EMBEDDER SPLITS TABLE_SPLITS
const [data, set, embedder, splits, tableSplits] = process.argv.slice(2);
const records = await runSplits({
  data: data!,
  set: set as BenchSet,
  embedder: embedder as BenchEmbedder,
  splits: Number(splits),
  tableSplits: Number(tableSplits),
});
process.stdout.write(JSON.stringify(records));
