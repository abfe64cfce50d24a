import type {
  ActionRow,
  ActionStep,
  ActionsResult,
  QualityRisk,
  Standing,
} from "../../datasets/actions-result.js";
import type { Badge, Block, Cell, CodeBlock, Section, Table } from "../content.js";
import { note } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatUsd, unknown } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { estimateCell } from "./estimate-text.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";

/** What to do, ranked, each with its first step. */
export function actionsSection({ actions }: ReportDocuments): Section {
  return {
    id: "actions",
    title: "Actions",
    blocks: actions
      ? blocksOf(actions)
      : [missingStage("What to do has not been ranked yet.", "signalbox simulate --workspace DIR")],
  };
}

function blocksOf({ actions, left_out, notes }: ActionsResult): Block[] {
  if (actions.length === 0)
    return [
      { kind: "paragraph", text: "No document of this workspace calls for anything." },
      ...notes.map((text) => note(visibleText(text, 400))),
    ];
  return [
    {
      kind: "paragraph",
      text: "The most dollars for the least effort first. Each amount is what the action saves alone; several change the same calls, so the amounts must not be added up.",
    },
    rankedTable(actions),
    ...actions.flatMap(stepBlocks),
    ...left_out.map(({ title, why }) => note(`Left out: ${visibleText(title)}: ${visibleText(why)}.`)),
    ...notes.map((text) => note(visibleText(text, 400))),
  ];
}

function rankedTable(actions: readonly ActionRow[]): Table {
  const titles = new Map(actions.map(({ action, title }) => [action, title]));
  return tableBlock({
    caption: "Actions by dollars and effort",
    rows: actions,
    columns: [
      { title: "Action", cell: (row) => ({ text: `${row.rank}. ${visibleText(row.title)}` }) },
      { title: "Saves a month", isNumber: true, cell: monthCell },
      {
        title: "Saves a week",
        isNumber: true,
        cell: ({ usd_per_week: week }) => (week === null ? unknown : formatUsd(week)),
      },
      { title: "How sure", cell: ({ standing }) => ({ text: "", badge: standingBadges[standing] }) },
      { title: "Effort", cell: (row) => ({ text: row.effort, detail: visibleText(row.effort_reason, 200) }) },
      {
        title: "Risk to quality",
        cell: (row) => ({ text: riskWords[row.risk], detail: visibleText(row.risk_reason, 200) }),
      },
      {
        title: "Overlaps with",
        cell: ({ overlaps }) =>
          overlaps
            .map(({ action, usd_per_month: usd }) => {
              const title = visibleText(titles.get(action) ?? action, 60);
              return usd === null ? title : `${title} (${formatUsd(usd)} a month)`;
            })
            .join("; ") || "nothing known",
      },
    ],
  });
}

/** What an action saves a month, as a cell. */
function monthCell({ usd_per_month: month, standing }: ActionRow): Cell {
  const cell = estimateCell(month, formatUsd);
  if (standing !== "up_to") return cell;
  return typeof cell === "string" ? `up to ${cell}` : { ...cell, text: `up to ${cell.text}` };
}

const standingBadges: Readonly<Record<Standing, Badge>> = {
  shown: { text: "shown", tone: "good" },
  up_to: { text: "upper bound", tone: "neutral" },
  not_shown: { text: "may be nothing", tone: "caution" },
  unknown: { text: "unknown", tone: "caution" },
};

/** Risks in words. */
export const riskWords: Readonly<Record<QualityRisk, string>> = {
  none: "none",
  low: "low",
  needs_shadow_test: "needs a shadow test",
};

function stepBlocks({ rank, title, detail, first_step: first, check }: ActionRow): Block[] {
  return [
    { kind: "heading", text: `${rank}. ${visibleText(title)}` },
    ...(detail === null ? [] : [{ kind: "paragraph" as const, text: visibleText(detail, 500) }]),
    { kind: "paragraph", text: [{ strong: "First step:" }, ` ${visibleText(first.text, 400)}`] },
    codeOf(`First step of: ${title}`, first),
    {
      kind: "paragraph",
      text: [{ strong: "How you will know that it worked:" }, ` ${visibleText(check.text, 400)}`],
    },
    codeOf(`Check of: ${title}`, check),
  ];
}

/** Lines keep their indent; what else a line holds is made visible. */
function codeOf(label: string, { code }: ActionStep): CodeBlock {
  const lines = code.split("\n").map((line) => {
    const indent = /^ */.exec(line)![0];
    const rest = line.slice(indent.length);
    return rest === "" ? "" : indent + visibleText(rest, 400);
  });
  return { kind: "code", label: visibleText(label), lines };
}
