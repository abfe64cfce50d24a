import { evaluate } from "../../pipelines/evaluate/evaluate.js";
import { percent, printJson, printLine, printTable, withInterval } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox evaluate`: a score file held against known outcomes. */
export const evaluateCommand = defineCommand({
  command: "evaluate",
  describe: "Hold scores against known outcomes, beside baselines",
  builder: (yargs) =>
    yargs
      .option("scores", {
        type: "string",
        demandOption: true,
        describe: "JSONL file that signalbox score wrote",
      })
      .option("outcomes", {
        type: "string",
        demandOption: true,
        describe: "JSONL file of {id, prompt, outcomes: {MODEL: {quality, cost_usd?}}}",
      })
      .option("strong", { type: "string", defaultDescription: "the best one", describe: "Reference model" })
      .option("weak", { type: "string", defaultDescription: "the cheapest one", describe: "Cheaper model" })
      .option("retention", {
        type: "number",
        default: 0.98,
        describe: "Target that retention is held against",
      })
      .option("json", sharedOptions.json)
      .example(
        "$0 evaluate --scores scores.jsonl --outcomes dev.jsonl",
        "Evaluate a router on rows it never saw",
      ),
  handler: async ({ scores, outcomes, strong, weak, retention, json }) => {
    const evaluation = evaluate(scores, outcomes, { strong, weak, retention });
    if (json) return printJson(evaluation);
    const { n, sessions, rows, notes, routellm, unmatched } = evaluation;
    printLine(
      `${n} rows in ${sessions} sessions; ${evaluation.strong} against ${evaluation.weak}; 95 % intervals, clustered by session.`,
    );
    if (unmatched.outcomes + unmatched.scores + unmatched.unreadable > 0) {
      printLine(
        `Not joined: ${unmatched.scores} scores, ${unmatched.outcomes} outcomes, ${unmatched.unreadable} unreadable lines.`,
      );
    }
    printLine();
    const figure = (value: number) => value.toFixed(3);
    printTable(rows, [
      { title: "strategy", value: ({ strategy }) => strategy },
      { title: "APGR", value: ({ apgr }) => (apgr ? withInterval(apgr, figure) : "") },
      { title: "retention", value: (row) => withInterval(row.retention, figure) },
      { title: "PGR", value: ({ pgr }) => withInterval(pgr, figure) },
      { title: "cost saving", value: (row) => withInterval(row.cost_saving, figure) },
      { title: "strong share", value: (row) => withInterval(row.strong_share, figure) },
    ]);
    const router = rows[0]!;
    printLine();
    printLine(
      `The router kept ${figure(router.retention.value)} of the strong model's quality; the target is ${retention}.`,
    );
    printLine(
      `Share of strong calls that recovers 50 % of the gap: ${withInterval(router.cpt50, percent)}; 80 %: ${withInterval(router.cpt80, percent)}.`,
    );
    printLine(
      `By RouteLLM's own points, for comparison with its table: APGR ${figure(routellm.apgr)}, CPT(50 %) ${percent(routellm.cpt50 / 100)}, CPT(80 %) ${percent(routellm.cpt80 / 100)}.`,
    );
    for (const note of notes) printLine(`- ${note}`);
  },
});
