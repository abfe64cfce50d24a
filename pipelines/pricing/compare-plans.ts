import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { DataError } from "../../datasets/errors.js";
import { openPriceBook } from "../../datasets/prices/price-book.js";
import { priceFolder } from "../../datasets/prices/read-price-folder.js";
import type { PricingResult } from "../../datasets/pricing-result.js";
import { openTables, requireManifest, type Workspace, writeResult } from "../../datasets/workspace.js";
import { emptyPlan, type PricingPlan } from "../../models/pricing/plan.js";
import { scaleVolume, tokensOf } from "../../models/pricing/volume.js";
import { breakEvens, type Rival } from "./break-evens.js";
import { readCoverage } from "./coverage.js";
import { readPayerColumns } from "./payer-columns.js";
import { type PricedTraffic, pricePlans } from "./price-plans.js";
import { asBilled, readPlans } from "./read-plans.js";

/** Fields of the log that can name who pays. */
export const payerFields = ["user", "tenant", "app", "api_key", "session"] as const;

/** How plans are compared. */
export interface ComparePlansOptions {
  /** Who pays; default the user where the log names users, else the session. */
  payer?: (typeof payerFields)[number];
  /** Days in a month; default 365.25 / 12. */
  monthDays?: number;
}

/** Replay the workspace's requests under other prices: results/pricing.json.
 * @param path of the file of plans
 * @throws {StageError} when nothing was ingested; {InputError} when the file has a mistake; {DataError} when no request can be
 *   priced, or a plan is by user and the log names none */
export async function comparePlans(
  workspace: Workspace,
  path: string,
  options: ComparePlansOptions = {},
): Promise<PricingResult> {
  requireManifest(workspace, "ingest", `signalbox ingest FILES --workspace ${workspace.path}`);
  const engine = await openTables(workspace);
  try {
    await engine.run(readSql("pipelines/sql/billed-requests.sql"));
    await engine.run(readSql("pipelines/pricing/pricing-requests.sql"));
    const window = await readWindow(engine);
    const { plans, sha256 } = readPlans(path, {
      book: openPriceBook({ folder: priceFolder(workspace) }),
      at: window.to === null ? 0 : Date.parse(`${window.to}T23:59:59Z`) * 1000,
    });
    const result = await compareOn(engine, plans, { path, sha256 }, window, options);
    writeResult(workspace, "pricing", result);
    return result;
  } finally {
    engine.close();
  }
}

interface LogWindow {
  from: string | null;
  to: string | null;
  days: number;
  requests: number;
  by_user: number;
}

const meanMonthDays = 365.25 / 12;

async function readWindow(engine: Engine): Promise<LogWindow> {
  const [window] = await engine.rows<LogWindow>(readSql("pipelines/pricing/pricing-window.sql"));
  if (window!.requests === 0)
    throw new DataError("no request was accepted, so there is nothing to price; ingest logs first");
  return window!;
}

async function compareOn(
  engine: Engine,
  given: readonly PricingPlan[],
  file: PricingResult["plans"],
  { from, to, days, by_user: byUser }: LogWindow,
  { payer = byUser > 0 ? "user" : "session", monthDays = meanMonthDays }: ComparePlansOptions,
): Promise<PricingResult> {
  const plans = given.filter((plan) => payer !== "session" || !isByUser(plan));
  if (plans.length === 0)
    throw new DataError("every plan is by user, and a session isn't one; name a field that is with --payer");
  const needs = {
    tokens: plans.some(needsTokens),
    list: plans.some(({ tokens }) => tokens === "list"),
  };
  const factor = monthDays / days;
  const coverage = await readCoverage(engine, needs);
  const columns = await readPayerColumns(engine, { plans, payer, factor, needs });
  if (columns.billed.length === 0)
    throw new DataError(
      `none of the log's requests has what these plans are priced by: ${coverage.map(({ note }) => note).join("; ")}`,
    );
  const hasPayer = columns.seats.some((seat) => seat > 0);
  const byUserPlan = plans.find(isByUser);
  if (byUserPlan && !hasPayer)
    throw new DataError(
      `plan ${JSON.stringify(byUserPlan.name)} is by user and no request names its ${payer}; name another field with --payer`,
    );
  const priced = pricePlans(columns, plans, {
    monthDays,
    isTokensKnown: needs.tokens || needs.list,
    method: `replayed on logged requests; a month is the log's ${days} days x ${factor.toPrecision(4)}; 95 % interval, jackknife over payers (Student t)`,
  });
  const known = coverage.filter(({ evidence }) => evidence !== "unknown");
  const total = (lines: typeof coverage) => lines.reduce((sum, { requests }) => sum + requests, 0);
  return {
    schema_version: 1,
    plans: file,
    window: { from, to, days, month_days: monthDays, factor },
    traffic: {
      requests: total(known),
      calls_per_month: priced.volume.calls,
      successes_per_month: priced.successes,
      tokens_per_call: tokensOf(priced.volume) / priced.volume.calls,
      clusters: priced.clusters,
      payers: priced.payers,
      payer_field: payer,
    },
    now: priced.now,
    priced: priced.priced,
    break_evens: breakEvens(rivalsOf(plans, priced, needs), {
      users: Math.max(1, priced.payers),
      monthDays,
    }),
    coverage,
    measured_share:
      total(coverage.filter(({ evidence }) => evidence === "measured")) / Math.max(1, total(coverage)),
    notes: [
      ...given
        .filter((plan) => !plans.includes(plan))
        .map(
          ({ name }) =>
            `Left out: ${name} is by user, and sessions are no users; name the payer with --payer.`,
        ),
      ...notesOn(plans, priced, days, columns.seats),
    ],
  };
}

function isByUser({ subscription }: PricingPlan): boolean {
  return subscription?.per === "user";
}

/** What is charged for tokens can't be computed without their number; list prices rest on it too. */
function needsTokens({ tokens, gpu, subscription }: PricingPlan): boolean {
  return tokens !== null || gpu !== null || subscription?.included?.unit === "tokens";
}

function rivalsOf(
  plans: readonly PricingPlan[],
  { volume, billed }: PricedTraffic,
  needs: { list: boolean },
): Rival[] {
  const call = scaleVolume(volume, 1 / volume.calls);
  const now: Rival = {
    plan: { ...emptyPlan, name: asBilled, tokens: "list" },
    call: { ...call, list_usd: billed / volume.calls },
  };
  const list = needs.list ? call.list_usd : Number.NaN;
  return [now, ...plans.map((plan) => ({ plan, call: { ...call, calls: 1, list_usd: list } }))];
}

function notesOn(
  plans: readonly PricingPlan[],
  priced: PricedTraffic,
  days: number,
  seats: Float64Array,
): string[] {
  const hasByUser = plans.some(isByUser);
  const quotas = plans.some(({ subscription }) => subscription?.included?.period === "month");
  return [
    "Users are taken to send what they sent, whatever it costs; a price that changes what people do changes these figures.",
    ...(days < 7
      ? [
          `The log covers ${days} day${days === 1 ? "" : "s"}: a month made of it knows no weekday, weekend or trend.`,
        ]
      : []),
    ...(quotas
      ? ["Quotas by month are held against an average month: months that differ pay more overage than shown."]
      : []),
    ...(hasByUser && seats.some((seat) => seat === 0)
      ? ["Requests that name no payer count as those of one user more in plans by user."]
      : []),
    ...(hasByUser
      ? [`Plans by user are paid for the ${priced.payers} payers of the log; in a month there may be more.`]
      : []),
    ...(plans.some(({ gpu }) => gpu !== null)
      ? [
          "Machines serve what the models of the log did; whether their answers are as good is not asked here.",
        ]
      : []),
  ];
}
