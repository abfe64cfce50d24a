import type { CacheExportResult } from "../../datasets/cache-export.js";
import type { LabelDetails, ModelResult } from "../../datasets/results.js";
import type { TrainedModel } from "../train/model-files.js";
import { cacheSection } from "./cache-card.js";
import { cardPercent, cardShare } from "./card-numbers.js";
import { cardTable } from "./card-table.js";
import { dialSection } from "./dial-card.js";
import { calibrationSection, confounderSection, distributionSection, sliceSection } from "./evidence-card.js";

/** README.md of an artifact: what it was trained on, how well it does on rows it never saw, whole and by slice, what sways it,
 * and where not to trust it. Everything comes from results/model.json and results/label.json.
 * @param label what judging found; null when labels were imported
 * @param cache what export made of the cache's calibration; null without one */
export function modelCard({
  id,
  result,
  label,
  trained,
  cache,
}: {
  id: string;
  result: ModelResult;
  label: LabelDetails | null;
  trained: TrainedModel;
  cache: Omit<CacheExportResult, "artifact_id"> | null;
}): string {
  const sections = [
    headSection(id, result, trained),
    dataSection(result, label, trained),
    ...(result.dial ? [dialSection(result.dial, result.retention_target)] : []),
    metricSection(result),
    strategySection(result),
    ...(result.slices ? [sliceSection(result.slices, result)] : []),
    ...(result.calibration ? [calibrationSection(result.calibration)] : []),
    ...(result.distribution ? [distributionSection(result.distribution)] : []),
    ...(result.confounders ? [confounderSection(result.confounders)] : []),
    ...(cache ? [cacheSection(cache)] : []),
    modelSection(result),
    limitSection(result, trained),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function headSection(id: string, result: ModelResult, { policy }: TrainedModel): string[] {
  const models = policy.models.map(({ model }) => model).join(", ");
  return [
    `# Router ${id}`,
    "",
    ...(result.is_simulated
      ? ["**Labels come from a simulated judge: this router shows the machinery only.**", ""]
      : []),
    `Chooses between ${models}. In doubt it answers with ${policy.strong_model}.`,
    "",
    "## Promise",
    "",
    ...promiseLines(policy),
  ];
}

/** One sentence for the threshold of the training, and one for each model that was added later with its own. */
function promiseLines({ thresholds, strong_model: strong }: TrainedModel["policy"]): string[] {
  const byNote = new Map<string, string[]>();
  for (const [model, { note, min_sufficiency }] of Object.entries(thresholds)) {
    const key = `${note}\0${min_sufficiency}`;
    byNote.set(key, [...(byNote.get(key) ?? []), model]);
  }
  const sentences = [...byNote.values()].map((models) => {
    const { min_sufficiency: least, retention_low: low, note } = thresholds[models[0]!]!;
    const who = byNote.size === 1 ? "A cheaper model" : models.join(", ");
    return least === null
      ? `${who} never answers, no threshold is certified: ${note}.`
      : `${who} answers when its sufficiency is at least ${least.toFixed(4)}: ${note}; lower bound found ${cardPercent(low ?? 0)}.`;
  });
  const isCertified = Object.values(thresholds).some(({ min_sufficiency }) => min_sufficiency !== null);
  return isCertified ? sentences : [`Every request goes to ${strong}.`, ...sentences];
}

function dataSection(
  result: ModelResult,
  label: LabelDetails | null,
  { provenance }: TrainedModel,
): string[] {
  const { weights, rows } = result;
  return [
    "## Data",
    "",
    ...cardTable(
      ["", ""],
      [
        ["labelled requests", `${provenance.rows} in ${provenance.sessions} sessions or distinct prompts`],
        ["time", `${provenance.from ?? "undated"} to ${provenance.to ?? "undated"}`],
        ["labels", `${provenance.labelSources.join(", ")}${provenance.isSimulated ? "; SIMULATED" : ""}`],
        ["judge", label ? judgeText(label) : "none: quality was imported with the requests"],
        ...(label
          ? [["speak for", `${label.population} requests; ${excludedText(label)}`] as [string, string]]
          : []),
        ...(weights
          ? [
              [
                "inclusion weights",
                `${number(weights.least)} to ${number(weights.most)}; worth ${weights.effective_rows.toFixed(0)} equally weighted rows`,
              ] as [string, string],
            ]
          : []),
        ["split", `${result.split}; seed ${provenance.seed}`],
        [
          "rows",
          `${rows.train} to train, ${rows.calibration} to calibrate, ${rows.threshold} for thresholds`,
        ],
        ...provenance.inputs.map(({ path, sha256 }): [string, string] => [path, `SHA-256 ${sha256}`]),
      ],
    ),
  ];
}

function judgeText({ judges, rubrics, position_flip_rate: flips, canaries }: LabelDetails): string {
  const passed = canaries.reduce((sum, canary) => sum + canary.passed, 0);
  const calls = canaries.reduce((sum, canary) => sum + canary.calls, 0);
  const parts = [
    `${judges.join(", ") || "not named"}; rubrics ${rubrics.tier}, ${rubrics.sufficiency}`,
    ...(flips ? [`verdict changes with the order of the answers: ${cardShare(flips)}`] : []),
    ...(calls > 0 ? [`planted questions answered right: ${passed} of ${calls}`] : []),
  ];
  return parts.join("; ");
}

function excludedText({ excluded }: LabelDetails): string {
  const reasons = excluded.map(({ reason, requests }) => `${requests} ${reason}`);
  return reasons.length > 0 ? `not for ${reasons.join(", ")}` : "none left out";
}

function metricSection({ metrics }: ModelResult): string[] {
  return [
    "## Figures on held-out rows",
    "",
    ...cardTable(
      ["figure", "value", "95 % interval", "n", "method"],
      Object.entries(metrics).map(([name, estimate]) => [
        name,
        estimate.value.toFixed(4),
        `${estimate.low.toFixed(4)} to ${estimate.high.toFixed(4)}`,
        String(estimate.n),
        estimate.method,
      ]),
    ),
  ];
}

function strategySection({ heldout }: ModelResult): string[] {
  if (!heldout)
    return ["## Against simple strategies", "", "Not compared: no row was answered by every model."];
  return [
    "## Against simple strategies",
    "",
    `The same ${heldout.n} held-out rows of ${heldout.sessions} sessions; cost and quality are measured.`,
    "",
    ...cardTable(
      ["strategy", "saving", "retention", "strong share"],
      heldout.strategies.map(({ label, saving, retention, strong_share }) => [
        label,
        saving ? cardShare(saving) : "the baseline",
        retention ? cardShare(retention) : "unknown",
        cardPercent(strong_share),
      ]),
    ),
  ];
}

function modelSection({ candidates }: ModelResult): string[] {
  return [
    "## Models",
    "",
    ...cardTable(
      ["model", "mean quality", "mean cost, USD", "cost from", "status"],
      candidates.map(({ model, mean_quality, mean_cost_usd, cost_source, status }) => [
        model,
        mean_quality.toFixed(4),
        mean_cost_usd?.toPrecision(4) ?? "unknown",
        cost_source,
        status,
      ]),
    ),
  ];
}

function limitSection(result: ModelResult, { policy }: TrainedModel): string[] {
  const limits = [
    "The promise holds for requests like those it was trained on, on average: not for each request, user, slice or language.",
    "Quality is what the labels say it is. Errors of a judge or an eval are errors of this router.",
    "Out-of-distribution rules see unusual words and shapes; a change of topic in usual words goes unnoticed.",
    "Who knows the router can word a request so that it gets the cheaper model; the searched prefix says how easily. Where that matters, decide for whole users or apps, not by text.",
    `Slices are those that the data names; tenants and end users are not told apart unless \`group\` names them.`,
    ...policy.excluded.map(({ model, reason }) => `${model} is never chosen: ${reason}.`),
    ...result.notes
      .filter((note) => !policy.excluded.some(({ model }) => note.startsWith(`${model} left out`)))
      .map((note) => `${note[0]!.toUpperCase()}${note.slice(1)}.`),
  ];
  return ["## Limits", "", ...limits.map((limit) => `- ${limit}`)];
}

function number(value: number): string {
  return value.toPrecision(3).replace(/\.?0+$/, "");
}
