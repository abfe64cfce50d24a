// Turn rows of a public routing matrix, {id, group, split, prompt, models: {name: {correct, out_chars, est_cost_usd}}}, into the form that
// `signalbox outcomes import` and `signalbox evaluate` read. Usage: node mixed-to-outcomes.mjs MATRIX.jsonl SPLIT > OUTCOMES.jsonl
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

const [matrix, split] = process.argv.slice(2);
for await (const line of createInterface({ input: createReadStream(matrix) })) {
  if (line.trim() === "") continue;
  const row = JSON.parse(line);
  if (row.split !== split) continue;
  const outcomes = Object.fromEntries(
    Object.entries(row.models).map(([model, { correct, out_chars: chars, est_cost_usd: cost }]) => [
      model,
      { quality: correct, cost_usd: cost, output_tokens: Math.ceil(chars / 4) },
    ]),
  );
  process.stdout.write(`${JSON.stringify({ id: row.id, prompt: row.prompt, group: row.group, outcomes })}\n`);
}
