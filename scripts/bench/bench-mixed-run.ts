import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Policy } from "@signalbox/runtime";
import { type Ladder, type LadderRow, readMixedLadder } from "../../datasets/benchmarks/read-mixed-ladder.js";
import type { ModelResult } from "../../datasets/results.js";
import { openOrCreateWorkspace, readResult } from "../../datasets/workspace.js";
import { type Evaluation, evaluate } from "../../pipelines/evaluate/evaluate.js";
import { exportArtifact } from "../../pipelines/export/export-artifact.js";
import { importOutcomes } from "../../pipelines/outcomes/import-outcomes.js";
import { score } from "../../pipelines/score/score.js";
import { train } from "../../pipelines/train/train.js";

/** One ladder through the product's own steps. */
export interface LadderRun {
  ladder: Ladder;
  evaluation: Evaluation;
  policy: Policy;
  /** The wording that moved most requests to a cheaper model, as text. */
  flips: string;
}

/** Import, train and export on the train split, then score and evaluate the dev split. The export's gates only report here. */
export async function runLadder(
  data: string,
  ladder: Ladder,
  { retention, seed }: { retention: number; seed: number },
): Promise<LadderRun> {
  const rows = readMixedLadder(data, ladder);
  const root = mkdtempSync(join(tmpdir(), "signalbox-mixed-"));
  const write = (split: LadderRow["split"]): string => {
    const path = join(root, `${split}.jsonl`);
    const lines = rows
      .filter((row) => row.split === split)
      .map((row) => `${JSON.stringify(outcomeLine(row))}\n`);
    writeFileSync(path, lines.join(""));
    return path;
  };
  try {
    const workspace = openOrCreateWorkspace(join(root, "workspace"));
    await importOutcomes(workspace, write("train"));
    await train(workspace, { retention, seed });
    const artifact = await exportArtifact(workspace, { maxFlipRate: 1, maxSearchedFlipRate: 1 });
    const scores = join(root, "scores.jsonl");
    const dev = write("dev");
    await score(artifact.path, dev, scores);
    const confounders = readResult<ModelResult>(workspace, "model")!.confounders;
    const worst = confounders?.families
      .filter(({ family, to_cheaper }) => family !== "searched_prefix" && to_cheaper !== null)
      .sort((a, b) => b.to_cheaper!.value - a.to_cheaper!.value)[0];
    return {
      ladder,
      evaluation: evaluate(scores, dev, { retention, seed }),
      policy: JSON.parse(readFileSync(join(artifact.path, "policy.json"), "utf8")) as Policy,
      flips: worst ? `${worst.family}: ${(100 * worst.to_cheaper!.value).toFixed(0)} %` : "-",
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function outcomeLine({ id, group, prompt, models }: LadderRow) {
  const outcomes = Object.entries(models).map(([model, { correct, out_chars, est_cost_usd }]) => [
    model,
    { quality: correct, cost_usd: est_cost_usd, output_tokens: Math.ceil(out_chars / 4) },
  ]);
  return { id, group, prompt, outcomes: Object.fromEntries(outcomes) as Record<string, unknown> };
}
