import type { Estimate } from "@signalbox/runtime";
import type { ModelResult } from "../../datasets/results.js";
import type { TrainedModel } from "../train/model-files.js";

/** README.md of an artifact: what it was trained on, how well it does on rows it never saw, and where not to trust it. */
export function modelCard({
  id,
  result,
  trained,
}: {
  id: string;
  result: ModelResult;
  trained: TrainedModel;
}): string {
  const { policy, provenance } = trained;
  const threshold = Object.values(policy.thresholds)[0];
  const lines = [
    `# Router ${id}`,
    "",
    ...(result.is_simulated
      ? ["**Labels come from a simulated judge: this router shows the machinery only.**", ""]
      : []),
    `Chooses between ${policy.models.map(({ model }) => model).join(", ")}. In doubt it answers with ${policy.strong_model}.`,
    "",
    "## Promise",
    "",
    threshold?.min_sufficiency === null || threshold === undefined
      ? `No threshold is certified, so every request goes to ${policy.strong_model}: ${threshold?.note ?? "no candidate"}.`
      : `A cheaper model answers when its sufficiency is at least ${threshold.min_sufficiency}: ${threshold.note}; lower bound found ${percent(threshold.retention_low ?? 0)}.`,
    "",
    "## Figures on held-out rows",
    "",
    "| figure | value | 95 % interval | rows | method |",
    "|---|---|---|---|---|",
    ...Object.entries(result.metrics).map(([name, estimate]) => metricLine(name, estimate)),
    "",
    "## Models",
    "",
    "| model | mean quality | mean cost, USD | status |",
    "|---|---|---|---|",
    ...result.candidates.map(
      ({ model, mean_quality, mean_cost_usd, status }) =>
        `| ${model} | ${mean_quality.toFixed(4)} | ${mean_cost_usd?.toPrecision(4) ?? "unknown"} | ${status} |`,
    ),
    "",
    "## Data",
    "",
    `${provenance.rows} labelled requests in ${provenance.sessions} sessions (${provenance.labelSources.join(", ")}), ` +
      `${provenance.from ?? "undated"} to ${provenance.to ?? "undated"}. Seed ${provenance.seed}.`,
    `Split: ${result.split}.`,
    "",
    "## Limits",
    "",
    "- The promise holds for requests like those it was trained on. Requests outside the observed range of lengths and shapes go to the strong model; a change of topic can go unnoticed.",
    "- Quality is what the labels say it is. Errors of a judge or an eval are errors of this router.",
    "- The threshold is certified on average over requests, not for each request, user or language.",
    ...result.notes.map((note) => `- ${note[0]!.toUpperCase()}${note.slice(1)}.`),
    "",
  ];
  return lines.join("\n");
}

function metricLine(name: string, { value, low, high, n, method }: Estimate): string {
  return `| ${name} | ${value.toFixed(4)} | ${low.toFixed(4)} to ${high.toFixed(4)} | ${n} | ${method} |`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
