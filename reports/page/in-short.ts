import { Standing } from "../../datasets/actions-result.js";
import { FairnessStatus } from "../../datasets/fairness-result.js";
import type { Estimate } from "../../datasets/results.js";
import type { Block, Section, Text } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import {
  formatCount,
  formatCountOf,
  formatDay,
  formatInterval,
  formatMoney,
  formatShare,
  formatUsd,
} from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { riskWords } from "./actions.js";
import { cautionNotices, isSimulated } from "./caution-notices.js";
import { evidenceOf } from "./estimate-text.js";
import { headlinePopulation, routerRow } from "./known-strategies.js";

/** The one page for whoever pays the bill: what was spent, what can be saved, what that rests on, what to do next. In words,
 * without a term that needs the rest of the report. */
export function inShortSection(documents: ReportDocuments): Section {
  return {
    id: "in-short",
    title: "In short",
    blocks: [
      ...cautionNotices(documents),
      heading("What was spent"),
      paragraph(spent(documents)),
      heading("What can be saved"),
      paragraph(saved(documents)),
      ...net(documents),
      heading("What that rests on"),
      paragraph(restsOn(documents)),
      heading("What could go wrong"),
      paragraph(risk(documents)),
      heading("What to do next"),
      paragraph(nextStep(documents)),
      ...topActions(documents),
    ],
  };
}

function heading(text: string): Block {
  return { kind: "heading", text };
}

function paragraph(text: Text): Block {
  return { kind: "paragraph", text };
}

function spent({ audit }: ReportDocuments): Text {
  if (!audit) return "Nobody has added the bill up yet.";
  const { billed, by_model } = audit;
  const largest = [...by_model].sort((a, b) => b.usd - a.usd)[0];
  const part =
    largest && billed.usd > 0
      ? ` The largest part, ${formatShare(largest.usd / billed.usd)}, went to ${visibleText(largest.key)}.`
      : "";
  const perMonth =
    audit.days >= daysForAMonth && billed.usd > 0
      ? ` At the same pace that is about ${formatUsd((billed.usd / audit.days) * 30)} in 30 days.`
      : "";
  const gap =
    billed.unpriced_requests > 0
      ? ` ${formatCountOf(billed.unpriced_requests, "call")} have no known price and are not in that sum.`
      : "";
  return [
    { strong: formatMoney(billed) },
    ` for ${formatCountOf(audit.requests, "call")} to language models between ${formatDay(audit.from)} and ${formatDay(audit.to)}.${part}${perMonth}${gap}`,
  ];
}

/** Fewer days say little about a month. */
const daysForAMonth = 7;

function saved({ simulate }: ReportDocuments): Text {
  const population = headlinePopulation(simulate);
  const saving = population?.router.saving;
  if (!population || !saving) return "Not known yet: no comparison has been made.";
  const { baseline, kind } = population;
  const usd = scale(saving, baseline.usd.value);
  const where =
    kind === "traffic"
      ? "the calls that could be routed"
      : "test questions with known answers, not on your own traffic";
  if (saving.low <= 0) {
    return [
      { strong: "Nothing that can be promised. " },
      `The estimate on ${where} is ${formatShare(saving.value)}, but the range of what is plausible, ${formatInterval(saving, formatShare)}, includes no saving at all.`,
    ];
  }
  const bill = simulate?.traffic?.saving_of_bill;
  return [
    "The router alone: about ",
    { strong: `${formatUsd(usd.value)}, or ${formatShare(saving.value)}` },
    ` of ${formatUsd(baseline.usd.value)} spent on ${where}. The plausible range is ${formatInterval(usd, formatUsd)} (${formatInterval(saving, formatShare)}).`,
    kind === "traffic" && typeof bill === "number" ? ` Of the whole bill that is ${formatShare(bill)}.` : "",
  ];
}

/** What all levers come to, beside the router alone. */
function net({ levers }: ReportDocuments): Block[] {
  if (!levers || levers.billed_usd <= 0) return [];
  const { saving, billed_usd: billed, projected_usd: projected } = levers;
  const share = formatShare(saving.value / billed);
  const range = formatInterval(saving, formatUsd);
  if (saving.low <= 0) {
    return [
      paragraph(
        `With caches and batch prices as well, net of what they cost: ${formatUsd(saving.value)}, ${share} of the whole bill; the range of what is plausible, ${range}, includes no saving at all.`,
      ),
    ];
  }
  return [
    paragraph([
      "With caches and batch prices as well, net of lost prompt caches and of what each lever costs: ",
      { strong: `${formatUsd(saving.value)}, or ${share} of the whole bill` },
      ` (${range}); ${formatUsd(projected)} of ${formatUsd(billed)} remains. Nothing is counted twice. Summary has a table of why the two differ.`,
    ]),
  ];
}

function scale({ value, low, high, ...rest }: Estimate, factor: number): Estimate {
  return { ...rest, value: value * factor, low: low * factor, high: high * factor };
}

function restsOn(documents: ReportDocuments): Text {
  const { simulate, shadow } = documents;
  const population = headlinePopulation(simulate);
  if (!population) return "On nothing yet.";
  const { router, n, kind } = population;
  const rows =
    kind === "traffic"
      ? `On replaying ${formatCountOf(n, "logged call")} at the other model's price.`
      : `On ${formatCountOf(n, "test question")} that the router had not seen.`;
  const quality = routerRow(simulate?.outcomes?.strategies ?? [])?.retention ?? router.retention;
  const kept = quality
    ? ` Quality kept is put at ${formatShare(quality.value)} of the strong model's (${formatInterval(quality, formatShare)}), which is ${qualityWord(documents, quality)}.`
    : " What it does to quality is not known.";
  const live = shadow?.response
    ? " A test with both models' answers on live traffic has been run; see Shadow test."
    : " No test with both models' answers on live traffic has been run.";
  return `${rows}${kept}${live}`;
}

/** What the quality may fall to, for whom, and how much of the bill no saving is claimed on. */
function risk({ simulate, fairness, levers }: ReportDocuments): string {
  const population = headlinePopulation(simulate);
  if (!population) return "Not known yet: nothing has been compared.";
  const quality = routerRow(simulate?.outcomes?.strategies ?? [])?.retention ?? population.router.retention;
  const sentences = [
    quality
      ? `Quality may fall to ${formatShare(quality.low)} of the strong model's within its range, and further where the evidence is wrong.`
      : "Nothing says how far quality may fall.",
  ];
  const behind = fairness?.slices.filter(({ status }) => status === FairnessStatus.behind).length ?? 0;
  const unsure = fairness?.slices.filter(({ status }) => status === FairnessStatus.unsure).length ?? 0;
  if (fairness && fairness.compared > 0) {
    sentences.push(
      `Of ${formatCountOf(fairness.compared, "group")} of calls ${behind === 0 ? "none" : formatCount(behind)} would surely be served worse than the others; for ${formatCount(unsure)} it can't be ruled out.`,
    );
  }
  const left = levers?.coverage.find(({ evidence }) => evidence === "measured");
  if (levers && left && levers.billed_usd > 0) {
    sentences.push(
      `${formatShare(left.usd / levers.billed_usd)} of the bill is out of the router's reach and stays as it is.`,
    );
  }
  return sentences.join(" ");
}

function qualityWord(documents: ReportDocuments, quality: Estimate): string {
  if (isSimulated(documents)) return "from a simulated judge and no evidence about real answers";
  return evidenceOf(quality) === "measured" ? "measured on known answers" : "an estimate, not a measurement";
}

function nextStep(documents: ReportDocuments): Text {
  const { audit, model, simulate, shadow } = documents;
  if (!audit) return ["Add the bill up: ", { code: "signalbox audit --workspace DIR" }];
  if (!model) return ["Train a router on this traffic: ", { code: "signalbox train --workspace DIR" }];
  if (!simulate) return ["Compare the strategies: ", { code: "signalbox simulate --workspace DIR" }];
  if (isSimulated(documents))
    return "Have real answers judged before anything is switched; see docs/labelling.md.";
  const saving = headlinePopulation(simulate)?.router.saving;
  if (!saving || saving.low <= 0)
    return "Change nothing yet: no saving is shown. Waste without any routing lists what can be saved without it.";
  if (!shadow?.response) {
    return "Let the router decide beside production on 10 % of the traffic without following it, compare the answers, and switch only when quality holds; see docs/shadow.md.";
  }
  return "Read the verdict of the shadow test. If it certifies the quality, raise the routed share step by step; if not, collect more pairs.";
}

const mostActions = 3;

/** The first actions with known dollars. */
function topActions({ actions }: ReportDocuments): Block[] {
  const top = (actions?.actions ?? [])
    .filter(({ standing }) => standing === Standing.shown || standing === Standing.upTo)
    .slice(0, mostActions);
  if (top.length === 0) return [];
  const rows = top.map(({ title, usd_per_month: month, standing, effort, risk }): Block => {
    const range = month!.low === month!.high ? null : formatInterval(month!, formatUsd);
    const upTo = standing === Standing.upTo ? "up to " : "";
    return paragraph([
      { strong: visibleText(title, 120) },
      `: ${upTo}${formatUsd(month!.value)} a month${range === null ? "" : ` (${range})`}; ${effort} of work; risk to quality: ${riskWords[risk]}.`,
    ]);
  });
  return [
    heading("What pays most for the least effort"),
    ...rows,
    paragraph("These amounts overlap and must not be added up. Actions has the steps."),
  ];
}
