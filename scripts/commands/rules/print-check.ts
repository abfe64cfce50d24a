import type { RuleFinding, RulesCheck, RuleTraffic } from "../../../datasets/rules-check.js";
import { percent, printLine, printTable, usd } from "../../terminal.js";

/** Print a dry run of rules: a table in the order of the rules, then what is odd about each. */
export function printRulesCheck(check: RulesCheck): void {
  const { requests, rules, unclaimed, undecided } = check;
  const rest: Array<[string, RuleTraffic]> = [["(no rule)", unclaimed]];
  if (undecided.requests > 0) rest.push(["(can't be known)", undecided]);
  const rows: Array<[string, RuleTraffic, RuleFinding | null]> = [
    ...rules.map((finding): [string, RuleTraffic, RuleFinding] => [finding.rule.id, finding, finding]),
    ...rest.map(([name, traffic]): [string, RuleTraffic, null] => [name, traffic, null]),
  ];
  printTable(rows, [
    { title: "rule", value: ([name]) => name },
    { title: "then", value: ([, , finding]) => (finding ? JSON.stringify(finding.rule.then) : "") },
    { title: "requests", value: ([, traffic]) => count(traffic.requests), align: "right" },
    { title: "share", value: ([, { share }]) => percent(share), align: "right" },
    { title: "cost", value: ([, traffic]) => usd(traffic.usd), align: "right" },
    { title: "without price", value: ([, { unpriced }]) => count(unpriced), align: "right" },
    {
      title: "matches at all",
      value: ([, , finding]) => (finding ? count(finding.matches) : ""),
      align: "right",
    },
  ]);
  printLine();
  for (const finding of rules) for (const line of remarks(finding)) printLine(line);
  const shown = rules.filter(({ examples }) => examples.length > 0);
  if (shown.length > 0) printLine();
  for (const { rule, examples } of shown) {
    printLine(`${rule.id} claims, for example:`);
    for (const { id, text } of examples) printLine(`  ${id}: ${text || "(no text)"}`);
  }
  printLine();
  printLine(
    `${count(requests)} requests of ${check.source}, ${usd(check.usd)}` +
      `${check.unpriced > 0 ? ` and ${count(check.unpriced)} without a known price` : ""}` +
      `${check.unreadable > 0 ? `; ${count(check.unreadable)} lines hold no request` : ""}.`,
  );
  for (const note of check.notes) printLine(`- ${note}`);
}

function remarks({ rule, status, shadowed_by, unknown, conflicts, requests }: RuleFinding): string[] {
  const takers = shadowed_by.map((other) => `${other.rule} (${count(other.requests)})`).join(", ");
  return [
    ...(status === "nothing" ? [`${rule.id} matches no request.`] : []),
    ...(status === "shadowed"
      ? [`${rule.id} never fires: all that it matches goes to ${takers} before it.`]
      : []),
    ...(status === "claims" && takers !== ""
      ? [`${rule.id} loses matches to earlier rules: ${takers}.`]
      : []),
    ...(unknown.requests > 0
      ? [
          `${rule.id} may claim ${count(unknown.requests)} more requests: the log lacks their ${unknown.facts.join(", ")}.`,
        ]
      : []),
    ...(conflicts ?? []).map(
      ({ constraint, requests: n }) =>
        `${rule.id} is passed over on ${count(n)} of its ${count(requests)} requests: ${constraintText(constraint)}.`,
    ),
  ];
}

function constraintText(constraint: string): string {
  return constraint === "none_left" ? "it leaves no model that may answer" : `constraint:${constraint}`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
