import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "../../../datasets/random.js";
import { elementType, floatTensor, modelOf, node, valueInfo } from "../../../models/onnx/onnx-parts.js";
import { ProtobufWriter } from "../../../models/onnx/protobuf-writer.js";

/** Words of the tiny teacher, four topics of six each; words of a topic have similar vectors. */
export const tinyTopics = [
  ["card", "bank", "money", "account", "transfer", "balance"],
  ["flight", "hotel", "ticket", "airport", "luggage", "holiday"],
  ["python", "function", "compile", "debug", "variable", "loop"],
  ["recipe", "oven", "butter", "flour", "bake", "sugar"],
] as const;

/** Length of the tiny teacher's vectors. */
export const tinyDim = 24;

/** Write a real, small sentence encoder for tests: an ONNX model that looks token vectors up (the caller averages them) and the
 * tokenizer.json of its words. SYNTHETIC: its vectors are drawn by seed.
 * @returns paths of model and tokenizer */
export function writeTinyTeacher(
  folder: string,
  dim: number = tinyDim,
): { model: string; tokenizer: string } {
  const words = tinyTopics.flat();
  const random = createRandom(11);
  const centres = tinyTopics.map(() => Array.from({ length: dim }, () => random.normal()));
  const rows = words.flatMap((_, i) => centres[Math.floor(i / 6)]!.map((x) => x + 0.3 * random.normal()));
  const table = Float32Array.from([...new Array<number>(dim).fill(0.01), ...rows]);
  const graph = new ProtobufWriter()
    .message(1, node("Gather", ["table", "input_ids"], "last_hidden_state", { axis: 0 }))
    .string(2, "tiny_teacher")
    .message(5, floatTensor("table", [words.length + 1, dim], table))
    .message(11, valueInfo("input_ids", elementType.int64, ["N", "L"]))
    .message(12, valueInfo("last_hidden_state", elementType.float32, ["N", "L", dim]));
  const model = join(folder, "tiny.onnx");
  writeFileSync(model, modelOf(graph, {}));
  const tokenizer = join(folder, "tokenizer.json");
  const vocab = Object.fromEntries(["[UNK]", ...words].map((word, id) => [word, id]));
  writeFileSync(tokenizer, JSON.stringify({ model: { type: "WordPiece", unk_token: "[UNK]", vocab } }));
  return { model, tokenizer };
}

/** Synthetic texts, each of a few words of one topic. */
export function tinyTexts(count: number, seed: number): Array<{ topic: number; text: string }> {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const topic = random.below(tinyTopics.length);
    const words = Array.from({ length: 2 + random.below(4) }, () => random.pick(tinyTopics[topic]!));
    return { topic, text: words.join(" ") };
  });
}
