import type { ResponseShadow } from "../../../datasets/shadow-result.js";
import type { Plant } from "./plant-of.js";

/** A figure of the analysis beside the truth. */
export interface Check {
  figure: string;
  planted: number;
  found: number;
  low: number;
  high: number;
  isInside: boolean;
}

/** Hold the analysis against what was planted: quality, latency, failures, refusals and cost. */
export function compareWithPlant(analysis: ResponseShadow, plant: Plant): Check[] {
  const latency = (side: "baseline" | "candidate") => {
    const row = analysis.latency.find((line) => line.side === side && line.quantile === 0.5);
    return row === undefined ? null : { value: row.ms, low: row.low, high: row.high };
  };
  const rate = (name: string) => analysis.guardrails.find((row) => row.name === name)?.difference ?? null;
  const cost = (side: "baseline" | "candidate") =>
    analysis.costs.find((row) => row.side === side)?.usd_per_success ?? null;
  return [
    check("quality of the strong answer minus the weak one's", plant.difference, analysis.difference),
    check("median latency of the strong model, ms", plant.strongMedianMs, latency("baseline")),
    check("median latency of the weak model, ms", plant.weakMedianMs, latency("candidate")),
    check("error rate, weak minus strong", plant.weakErrorShare - plant.strongErrorShare, rate("errors")),
    check(
      "refusal rate, weak minus strong",
      plant.weakRefusalShare - plant.strongRefusalShare,
      rate("refusals"),
    ),
    check("USD per success of the strong model", plant.strongUsdPerSuccess, cost("baseline")),
    check("USD per success of the weak model", plant.weakUsdPerSuccess, cost("candidate")),
  ].filter((line) => line !== null);
}

function check(
  figure: string,
  planted: number,
  found: { value: number; low: number | null; high: number | null } | null,
): Check | null {
  if (found === null) return null;
  const { value, low, high } = found;
  const from = low ?? Number.NEGATIVE_INFINITY;
  const to = high ?? Number.POSITIVE_INFINITY;
  return { figure, planted, found: value, low: from, high: to, isInside: from <= planted && planted <= to };
}
