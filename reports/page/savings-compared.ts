import { Standing } from "../../datasets/actions-result.js";
import type { OpenEstimate } from "../../datasets/open-estimate.js";
import type { Cell, Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCountOf, formatShare, formatUsd, unknown } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { estimateCell } from "./estimate-text.js";
import { headlinePopulation, routerRow } from "./known-strategies.js";
import { tableBlock } from "./table-block.js";

/** Every saving that the report names, with what it is a saving of and why it is not the one before; null with fewer than two.
 * Shares of what is given are computed from the row's own dollars. */
export function savingsCompared(documents: ReportDocuments): Table | null {
  const rows = [
    onTraffic(documents),
    againstStrong(documents),
    routerLever(documents),
    allLevers(documents),
    onHeldOut(documents),
    nextMonth(documents),
    firstAction(documents),
  ].flatMap((row) => row ?? []);
  if (rows.length < 2) return null;
  return tableBlock({
    caption: "Why the savings in this report differ",
    rows,
    columns: [
      { title: "Saving", cell: ({ label, section }) => ({ text: label, detail: `in ${section}` }) },
      { title: "USD", isNumber: true, cell: ({ usd }) => usd },
      { title: "Share", isNumber: true, cell: ({ share }) => share },
      { title: "Of", cell: ({ of }) => of },
      { title: "What makes it differ", cell: ({ why }) => why },
    ],
  });
}

interface SavingRow {
  label: string;
  section: string;
  usd: Cell;
  share: Cell;
  /** The denominator, in words. */
  of: string;
  why: string;
}

const routingTitle = "What a router would change";

function onTraffic({ simulate }: ReportDocuments): SavingRow | null {
  const population = headlinePopulation(simulate);
  if (population?.kind !== "traffic" || !population.router.saving) return null;
  const { baseline, router, n } = population;
  return {
    label: "The router alone, on calls that it could decide",
    section: routingTitle,
    usd: formatUsd(baseline.usd.value - router.usd.value),
    share: estimateCell(router.saving, formatShare),
    of: `${formatUsd(baseline.usd.value)} ${baseline.strategy === "billed" ? "billed" : `for ${visibleText(baseline.label)}`}, ${formatCountOf(n, "call")}`,
    why: "Where the model changes, every logged prompt-cache read is priced as fresh input.",
  };
}

function againstStrong({ simulate }: ReportDocuments): SavingRow | null {
  const rows = simulate?.traffic?.strategies ?? [];
  const router = routerRow(rows);
  const strong = rows.find((row) => row.saving_of_strong === null && row.strong_share === 1 && !row.is_claim);
  if (!router?.saving_of_strong || !strong) return null;
  return {
    label: "The router alone, against always the strong model",
    section: routingTitle,
    usd: formatUsd(strong.usd.value - router.usd.value),
    share: estimateCell(router.saving_of_strong, formatShare),
    of: `${formatUsd(strong.usd.value)} for ${visibleText(strong.label)}, the same calls`,
    why: "Compared with a bill that nobody got: some of the calls went to cheaper models already.",
  };
}

function routerLever({ levers }: ReportDocuments): SavingRow | null {
  const lever = levers?.levers.find(({ lever: name }) => name === "router");
  if (!levers || !lever) return null;
  return {
    label: "The router alone, as a lever",
    section: "Savings waterfall",
    usd: estimateCell(lever.alone, formatUsd),
    share: shareOf(lever.alone, levers.billed_usd),
    of: `${formatUsd(levers.billed_usd)}, the whole bill`,
    why: "The lost prompt cache is followed session by session, its new writes included, and the router's own cost is taken off.",
  };
}

function allLevers({ levers }: ReportDocuments): SavingRow | null {
  if (!levers) return null;
  return {
    label: "All levers together, net",
    section: "Savings waterfall",
    usd: estimateCell(levers.saving, formatUsd),
    share: shareOf(levers.saving, levers.billed_usd),
    of: `${formatUsd(levers.billed_usd)}, the whole bill`,
    why: "Caches and batch prices are added to the router; what two of them would save twice is counted once.",
  };
}

function onHeldOut({ simulate }: ReportDocuments): SavingRow | null {
  const rows = simulate?.outcomes?.strategies ?? [];
  const router = routerRow(rows);
  const baseline = rows.find((row) => row.saving === null && !row.is_claim);
  if (!simulate?.outcomes || !router?.saving || !baseline) return null;
  return {
    label: "The router alone, on held-out items",
    section: routingTitle,
    usd: formatUsd(baseline.usd.value - router.usd.value),
    share: estimateCell(router.saving, formatShare),
    of: `${formatUsd(baseline.usd.value)} for ${visibleText(baseline.label)}, ${formatCountOf(simulate.outcomes.n, "item")}`,
    why: "Other questions than the log's calls, each decided by itself: no sessions, stakes or rules.",
  };
}

function nextMonth({ forecast }: ReportDocuments): SavingRow | null {
  const horizon = forecast?.horizons[0];
  if (!horizon?.saving_usd) return null;
  return {
    label: `The router, in the next ${formatCountOf(horizon.days, "day")}`,
    section: "Forecast",
    usd: estimateCell(horizon.saving_usd, formatUsd),
    share: shareOf(horizon.saving_usd, horizon.billed_usd.value),
    of: `${formatUsd(horizon.billed_usd.value)} expected, the whole bill`,
    why: "The router's part of each whole day of the log, carried forward; its interval holds other days.",
  };
}

function firstAction({ actions }: ReportDocuments): SavingRow | null {
  const first = actions?.actions[0];
  const month = first?.usd_per_month;
  if (!first || !month || first.standing === Standing.unknown) return null;
  return {
    label: visibleText(first.title, 80),
    section: "Actions",
    usd: estimateCell(month, formatUsd),
    share: "not given",
    of: "a month of 30.4 days",
    why: "The lever's own saving, scaled from the log's days to a month.",
  };
}

function shareOf({ value, low, high, ...rest }: OpenEstimate, total: number): Cell {
  if (!(total > 0)) return unknown;
  const part = (usd: number | null) => (usd === null ? null : usd / total);
  return estimateCell({ ...rest, value: value / total, low: part(low), high: part(high) }, formatShare);
}
