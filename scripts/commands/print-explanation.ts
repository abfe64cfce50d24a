import type { Attribution } from "../../models/explain/attribute-need.js";
import type { DecisionExplanation } from "../../models/explain/explain-decision.js";
import { percent, printLine, printTable, usd } from "../terminal.js";

/** Print why a request goes where it goes. */
export function printExplanation(explanation: DecisionExplanation): void {
  const { decision, models, need, scored_model: scored, up, down, words_left_out: leftOut } = explanation;
  printLine(`model       ${decision.model}`);
  printLine(`reasons     ${decision.reasons.join(", ")}`);
  printLine(`rule        ${decision.rule ?? "none"}`);
  if (decision.arm === "control") printLine("ramp        kept back: the session gets the default model");
  if (decision.explored)
    printLine(`exploration drawn at random, with a chance of ${percent(decision.propensity)}`);
  if (decision.verify) printLine("verify      errors are expensive: have the answer checked");
  printLine(`artifact    ${decision.artifact ?? "none"}`);
  printLine();
  printTable(models, [
    { title: "", value: ({ is_chosen }) => (is_chosen ? ">" : "") },
    { title: "model", value: ({ model }) => model },
    { title: "sufficient", value: ({ sufficiency }) => number(sufficiency), align: "right" },
    { title: "needs", value: ({ threshold }) => number(threshold), align: "right" },
    { title: "expected cost", value: ({ expected_cost_usd }) => usd(expected_cost_usd), align: "right" },
    { title: "why", value: ({ why }) => why },
  ]);
  if (need === null || scored === null) return;
  printLine();
  printLine(`Need of the strong model: ${percent(need)} (one minus the sufficiency of ${scored}).`);
  printLine();
  const parts = [...up, ...down];
  if (parts.length === 0) {
    printLine("No part of the request changes it.");
    return;
  }
  printTable(parts, [
    { title: "part of the request", value: ({ kind, name }) => (kind === "word" ? `"${name}"` : name) },
    { title: "need", value: pointsText, align: "right" },
    { title: "log odds", value: ({ logit }) => signed(logit, 3), align: "right" },
  ]);
  printLine();
  printLine(`By ${explanation.method}.`);
  if (leftOut > 0) printLine(`${leftOut} more distinct words weren't tried.`);
}

function pointsText({ probability }: Attribution): string {
  return `${signed(100 * probability, 1)} points`;
}

function signed(value: number, digits: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(digits)}`;
}

function number(value: number | null): string {
  return value === null ? "-" : value.toFixed(4);
}
