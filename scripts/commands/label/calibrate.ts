import type { CorrectedShare, JudgeCalibration } from "../../../datasets/judge-calibration.js";
import { openWorkspace, resultPath } from "../../../datasets/workspace.js";
import { calibrateJudge } from "../../../pipelines/trust/calibrate-judge.js";
import { percent, printJson, printLine, printTable, withInterval } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";

/** `signalbox label calibrate`: judged verdicts held against human ones. */
export const labelCalibrateCommand = defineCommand({
  command: "calibrate",
  describe: "Hold the judge against human verdicts, correct what it found",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("human", {
        type: "string",
        array: true,
        demandOption: true,
        describe:
          "JSONL or CSV of human verdicts, such as a filled sheet of signalbox label sheet; repeat for more",
      })
      .option("json", sharedOptions.json)
      .example(
        "$0 label calibrate --workspace ws --human sheet.csv",
        "How far can the judge be trusted, and what is the corrected share?",
      ),
  handler: async (argv) => {
    const workspace = openWorkspace(argv.workspace);
    const result = await calibrateJudge(workspace, argv.human);
    if (argv.json) printJson(result);
    else printCalibration(result, resultPath(workspace, "judge_calibration"));
  },
});

function printCalibration(result: JudgeCalibration, path: string): void {
  const { human, overall, bias, shares } = result;
  if (result.is_simulated) printLine("SIMULATED judge: nothing here is about a real model.");
  printLine(
    `${human.matched} of ${human.rows} rows are human verdicts on judged pairs: ${overall.pairs} pairs, ${human.raters.length} raters.`,
  );
  for (const { reason, rows, lines } of human.unused)
    printLine(`Not used: ${rows} rows: ${reason} (${lines.join(", ")})`);
  printLine();
  const figure = (value: number) => value.toFixed(3);
  printTable(
    [{ candidate: "all", ...overall }, ...result.by_candidate],
    [
      { title: "candidate", value: ({ candidate }) => candidate },
      { title: "rated", value: ({ pairs }) => String(pairs), align: "right" },
      { title: "kappa", value: ({ kappa }) => withInterval(kappa, figure) },
      { title: "TPR", value: ({ tpr }) => withInterval(tpr, percent) },
      { title: "TNR", value: ({ tnr }) => withInterval(tnr, percent) },
    ],
  );
  printLine();
  printLine(`Verdicts that changed with the order: ${withInterval(bias.flip_rate, percent)}`);
  printLine(`Of those, the first place won: ${withInterval(bias.first_wins, percent)}`);
  printLine(`Judged minus human quality: ${withInterval(bias.leniency, figure)}`);
  printLine(`The same, longer answers against shorter ones: ${withInterval(bias.length_bias, figure)}`);
  printLine();
  printLine("Sufficient for, of the traffic (95 % intervals):");
  printTable(shares, [
    { title: "candidate", value: ({ candidate }) => candidate },
    { title: "raw", value: ({ raw }) => withInterval(raw, percent) },
    {
      title: "corrected (prediction-powered)",
      value: (share: CorrectedShare) => withInterval(share.prediction_powered, percent),
    },
    {
      title: "corrected (Rogan-Gladen)",
      value: (share: CorrectedShare) => withInterval(share.rogan_gladen, percent),
    },
  ]);
  printLine();
  for (const advice of result.advice) printLine(advice);
  for (const note of result.notes) printLine(`Note: ${note}`);
  printLine("signalbox train corrects judged quality by these ratings.");
  printLine(`Details: ${path}`);
}
