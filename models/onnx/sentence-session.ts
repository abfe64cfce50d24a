import { InferenceSession, Tensor } from "onnxruntime-node";

/** A batch of sentence vectors, one per row of token ids, in order. */
export interface SentenceSession {
  /** Run token ids, padded to the longest; blocks the event loop while it computes.
   * @returns the model's own sentence vectors, or the mean of its token vectors; not scaled */
  run(batch: ReadonlyArray<readonly number[]>): Promise<Float32Array[]>;
  release(): Promise<void>;
}

/** Open a sentence encoder in onnxruntime-node. It takes int64 `input_ids` and `attention_mask` (and `token_type_ids`, all 0), shape
 * (N, L), and gives `sentence_embedding` (N, D), or token vectors (N, L, D) that are averaged over the mask.
 * @param threads of one call; 1 makes results repeatable to the bit
 * @throws {Error} with what the model lacks, or onnxruntime's own on bytes that are no model */
export async function openSentenceSession(
  bytes: Uint8Array,
  { threads = 1, padId = 0 }: { threads?: number; padId?: number } = {},
): Promise<SentenceSession> {
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
  });
  const known = ["input_ids", "attention_mask", "token_type_ids"];
  const unknown = session.inputNames.filter((name) => !known.includes(name));
  if (unknown.length > 0 || !session.inputNames.includes("input_ids")) {
    throw new Error(`inputs are ${session.inputNames.join(", ")}, not input_ids and attention_mask`);
  }
  const output = session.outputNames.find((name) => name === "sentence_embedding") ?? session.outputNames[0]!;
  return {
    run: async (batch) => {
      const feeds = feedsOf(batch, padId);
      const given = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
      const result = (await session.run(given, [output]))[output]!;
      return poolRows(result, batch);
    },
    release: () => session.release(),
  };
}

function feedsOf(batch: ReadonlyArray<readonly number[]>, padId: number): Record<string, Tensor> {
  const length = Math.max(1, ...batch.map((ids) => ids.length));
  const shape = [batch.length, length];
  const ids = new BigInt64Array(batch.length * length).fill(BigInt(padId));
  const mask = new BigInt64Array(batch.length * length);
  batch.forEach((row, i) => {
    row.forEach((id, j) => {
      ids[i * length + j] = BigInt(id);
      mask[i * length + j] = 1n;
    });
  });
  return {
    input_ids: new Tensor("int64", ids, shape),
    attention_mask: new Tensor("int64", mask, shape),
    token_type_ids: new Tensor("int64", new BigInt64Array(batch.length * length), shape),
  };
}

function poolRows({ data, dims }: Tensor, batch: ReadonlyArray<readonly number[]>): Float32Array[] {
  const values = data as Float32Array;
  const isRight = values instanceof Float32Array && dims[0] === batch.length && [2, 3].includes(dims.length);
  if (!isRight) throw new Error(`output has shape ${dims.join(" x ")}, not (N, D) or (N, L, D) of float32`);
  if (dims.length === 2) {
    const dim = dims[1]!;
    return batch.map((_, row) => values.slice(row * dim, (row + 1) * dim));
  }
  const [, length, dim] = dims as [number, number, number];
  return batch.map((ids, row) => {
    const mean = new Float32Array(dim);
    for (let token = 0; token < ids.length; token++) {
      const start = (row * length + token) * dim;
      for (let i = 0; i < dim; i++) mean[i]! += values[start + i]! / ids.length;
    }
    return mean;
  });
}
