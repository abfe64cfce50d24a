import type { ReliabilityResult } from "../../datasets/reliability-result.js";
import { reliabilityChainsChart } from "../charts/reliability-chains.js";
import { reliabilityErrorsChart } from "../charts/reliability-errors.js";
import { reliabilityLatencyChart } from "../charts/reliability-latency.js";
import { type Block, type Figure, note, type Section } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatMilliseconds, formatShare, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { coverageNote } from "./coverage-note.js";
import { estimateDetails } from "./estimate-text.js";
import { missingStage } from "./missing-stage.js";
import {
  afterFailureTable,
  chainCostTable,
  chainTable,
  latencyTable,
  modelErrorTable,
  speedTable,
  timelineTable,
} from "./reliability-tables.js";

/** Errors, what retries and fallbacks recover and cost, and latency before and after routing. */
export function reliabilitySection({ reliability }: ReportDocuments): Section {
  return {
    id: "latency-and-reliability",
    title: "Latency and reliability",
    blocks: reliability
      ? blocksOf(reliability)
      : [
          missingStage(
            "Errors and latency have not been replayed yet.",
            "signalbox simulate --workspace DIR",
          ),
        ],
  };
}

function blocksOf(result: ReliabilityResult): Block[] {
  if (result.models.length === 0) return [{ kind: "paragraph", text: "The log holds no attempts." }];
  return [
    {
      kind: "paragraph",
      text: "Errors, money and times as billed are measured. What a chain of attempts or another model would have done is modelled from them. An error rate says nothing about a retry: failures come together, so a retry's chance is taken from logged retries, or from other requests in the same minutes.",
    },
    { kind: "figures", items: figures(result) },
    ...errorBlocks(result),
    ...chainBlocks(result),
    ...latencyBlocks(result),
    coverageNote(result.coverage),
    ...result.notes.map((text) => note(visibleText(text, 400))),
  ];
}

function figures({ user, slo_ms }: ReliabilityResult): Figure[] {
  if (user === null) return [];
  const figure = (
    label: string,
    estimate: typeof user.usd_per_success,
    format: (value: number) => string,
  ): Figure[] =>
    estimate === null
      ? []
      : [{ label, value: format(estimate.value), details: estimateDetails(estimate, format) }];
  return [
    ...figure("Requests answered in the end", user.success, formatShare),
    ...figure("Answered at the first attempt", user.first_success, formatShare),
    ...figure("Asked of another model", user.fallback_rate, formatShare),
    ...figure("Cost per answered request", user.usd_per_success, formatUsd),
    ...figure("Spent on failed attempts", user.wasted_usd, formatUsd),
    ...figure("Median wait of a user", user.latency_p50, formatMilliseconds),
    ...figure("95th percentile of the wait", user.latency_p95, formatMilliseconds),
    ...figure(`Answered within ${formatMilliseconds(slo_ms)}`, user.within_slo, formatShare),
  ];
}

function errorBlocks(result: ReliabilityResult): Block[] {
  const { timeline, models, user } = result;
  return [
    { kind: "heading", text: "What fails" },
    ...(user && user.failed_first > 0 ? [recoveries(user)] : []),
    modelErrorTable(models),
    ...chartBlocks(
      {
        id: "chart-reliability-errors",
        title: "Failed attempts over time",
        description: `Share of attempts that failed, in steps of ${formatCount(timeline.step_minutes)} minutes.`,
        spec: reliabilityErrorsChart(timeline),
      },
      timelineTable(timeline),
      "There are too few points in time, or no failures, to draw.",
    ),
    afterFailureTable(result.after_failure),
  ];
}

function recoveries(user: NonNullable<ReliabilityResult["user"]>): Block {
  const otherwise =
    user.recovered_otherwise > 0
      ? `, ${formatCount(user.recovered_otherwise)} by one or the other (models outside the policy)`
      : "";
  return {
    kind: "paragraph",
    text: `Of ${formatCount(user.requests)} requests, ${formatCount(user.failed_first)} failed at the first attempt. ${formatCount(user.recovered_by_retry)} of these were answered by a retry of the same model, ${formatCount(user.recovered_by_fallback)} by another model${otherwise}.`,
  };
}

function chainBlocks({ chains }: ReliabilityResult): Block[] {
  if (chains.length === 0) return [];
  return [
    { kind: "heading", text: "What retries and fallbacks would recover" },
    ...chartBlocks(
      {
        id: "chart-reliability-chains",
        title: "Requests without an answer, by chain of attempts",
        description:
          "Share of requests that no attempt of the chain answers; bars are 95 % intervals. Grey crosses are what independent failures would leave.",
        spec: reliabilityChainsChart(chains),
      },
      { ...chainTable(chains), isFolded: false },
      "No first attempt failed, so every chain is one attempt.",
    ),
    chainCostTable(chains),
  ];
}

function latencyBlocks({ latency, slo_ms }: ReliabilityResult): Block[] {
  const heading = { kind: "heading", text: "Latency before and after" } as const;
  if (latency.length === 0) {
    return [heading, { kind: "paragraph", text: "No logged call could be replayed on other models." }];
  }
  return [
    heading,
    ...chartBlocks(
      {
        id: "chart-reliability-latency",
        title: "Latency by strategy",
        description:
          "Time to the last token of answered requests: dots are medians, diamonds 95th percentiles.",
        spec: reliabilityLatencyChart(latency),
      },
      { ...latencyTable(latency, slo_ms), isFolded: false },
      "The log holds no times, so latency can't be drawn.",
    ),
    speedTable(latency),
  ];
}
