import type { ActionStep } from "../../../datasets/actions-result.js";

/** Compare the log of before with one of after.
 * @param text what has to have changed */
export function compareStep(text: string): ActionStep {
  return {
    text: `${text} Ingest two weeks from after the change into a workspace of their own and compare.`,
    language: "sh",
    code: [
      "signalbox ingest AFTER.jsonl --workspace AFTER",
      "signalbox audit --workspace AFTER",
      "signalbox report --compare DIR AFTER --out change.html",
    ].join("\n"),
  };
}
