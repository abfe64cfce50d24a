import { join } from "node:path";
import { loadRouter, type Policy, type Router } from "@signalbox/runtime";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import type { GatewayTerms } from "../../datasets/gateway-terms.js";
import { openPriceBook, type PriceBook } from "../../datasets/prices/price-book.js";
import { priceFolder } from "../../datasets/prices/read-price-folder.js";
import { openTables, type Workspace } from "../../datasets/workspace.js";
import { gatewayCharge } from "../../models/markup/gateway-charge.js";
import { type LinUcbModel, linUcbNeed } from "../../models/policies/linucb-policy.js";
import { termsFinder } from "./find-terms.js";
import { handRules } from "./hand-rules.js";
import { Left, leftCode } from "./left-reasons.js";
import { type ReplayColumns, tookStepUs } from "./replay-columns.js";
import { type PricedModel, pricedPool, repriceOn } from "./reprice.js";
import { type ScoringEngine, scoringEngine } from "./scoring-engine.js";
import { trafficRequest } from "./traffic-request.js";
import type { TrafficRow } from "./traffic-row.js";

/** One worker's share of a replay: the sessions whose number leaves `part` when divided by `parts`. Plain data, for a thread. */
export interface PartTask {
  workspace: Workspace;
  artifact: string;
  policy: Policy;
  /** Folder with log-order.parquet; what DuckDB spills goes there, too. */
  folder: string;
  part: number;
  parts: number;
  /** Forecasts of the cheapest and the strong model, in this order; null without outcomes to learn from. */
  bandit: LinUcbModel | null;
  /** What gateways add to list prices. */
  terms: readonly GatewayTerms[];
  columns: ReplayColumns;
}

/** Decide one part of the log and fill its places in the columns. Sessions are decided one after the other, each in order of time and at the
 * log's own time, so that a session's earlier turns count as in production and no other session matters.
 * @param onRows called with the number of attempts after every few thousand */
export async function decidePart(task: PartTask, onRows: (rows: number) => void = () => {}): Promise<void> {
  let now = 0;
  const scoring = scoringEngine(
    task.bandit === null ? () => Number.NaN : linUcbNeed(task.bandit, { weak: 0, strong: 1 }),
  );
  const router = await loadRouter(task.artifact, {
    clock: () => new Date(now),
    ...(task.bandit === null ? {} : { engine: scoring.factory }),
    warmUp: false,
  });
  if (task.bandit !== null) scoring.begin();
  const decider = new RowDecider(task, router, scoring);
  const engine = await openPart(task);
  try {
    const { part, parts } = task;
    const sql = readSql("pipelines/simulate/traffic-to-route.sql");
    for (const range of await visitRanges(engine, { part, parts })) {
      for await (const rows of engine.chunks<TrafficRow>(sql, { part, parts, ...range })) {
        for (const row of rows) {
          now = row.created_at / 1000;
          decider.add(row);
        }
        onRows(rows.length);
      }
    }
  } finally {
    engine.close();
    await router.close();
  }
}

/** What a query may sort at once: attempts are sorted with their texts. */
const mostSortedBytes = 100e6;
/** What an attempt takes beside its texts. */
const attemptBytes = 250;

/** Cut the visits of a part so that each query sorts no more than fits, whatever the size of the log. */
async function visitRanges(
  engine: Engine,
  place: { part: number; parts: number },
): Promise<Array<{ from: number; before: number }>> {
  const sql = readSql("pipelines/simulate/part-size.sql");
  const [size] = await engine.rows<{ text_bytes: number; attempts: number; visits: number }>(sql, place);
  const { text_bytes: texts, attempts, visits } = size!;
  const ranges = Math.max(1, Math.ceil((texts + attemptBytes * attempts) / mostSortedBytes));
  const cut = (range: number) => Math.floor((visits * range) / ranges);
  return Array.from({ length: ranges }, (_, range) => ({ from: cut(range), before: cut(range + 1) }));
}

async function openPart({ workspace, folder, part, parts }: PartTask): Promise<Engine> {
  const engine = await openTables(workspace, {
    threads: parts > 1 ? 1 : 2,
    memoryLimit: "400MB",
    temporaryFolder: join(folder, `spilled-${part}`),
  });
  await engine.run(readSql("pipelines/sql/billed-requests.sql"));
  const path = join(folder, "log-order.parquet").replaceAll("'", "''");
  await engine.run(`CREATE VIEW log_order AS FROM read_parquet('${path}')`);
  return engine;
}

/** What the columns and the table hold at most. */
const mostTokens = 2 ** 31 - 1;

class RowDecider {
  private readonly columns: ReplayColumns;
  private readonly pool: PricedModel[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly byCanonical: ReadonlyMap<string, number>;
  private readonly book: PriceBook;
  private readonly terms: readonly GatewayTerms[];
  private readonly findTerms: ReturnType<typeof termsFinder>;
  private ruled = { text: "", score: handRules("") };

  constructor(
    { columns, policy, workspace, terms }: PartTask,
    private readonly router: Router,
    private readonly scoring: ScoringEngine,
  ) {
    this.columns = columns;
    this.book = openPriceBook({ folder: priceFolder(workspace) });
    this.pool = pricedPool(policy);
    this.terms = terms;
    this.findTerms = termsFinder(terms);
    this.places = new Map(this.pool.map(({ model }, place) => [model, place]));
    // Of two entries with one canonical name the cheaper one counts, as in a search from the first.
    this.byCanonical = new Map(
      this.pool.map(({ canonical }, place) => [canonical, place] as const).reverse(),
    );
  }

  add(row: TrafficRow): void {
    const { columns } = this;
    const at = row.row;
    const served = this.byCanonical.get(row.model) ?? -1;
    columns.session[at] = row.session;
    columns.app[at] = row.app_number;
    columns.served[at] = served;
    columns.billed[at] = row.billed_usd ?? Number.NaN;
    columns.latency[at] = row.latency_ms ?? Number.NaN;
    columns.terms[at] = this.findTerms(row);
    const left = leftCode(row, served);
    columns.left[at] = left === Left.replayed ? this.replay(row, served) : left;
  }

  private replay(row: TrafficRow, served: number): number {
    const { columns, pool } = this;
    const at = row.row;
    for (let m = 0; m < pool.length; m++) {
      const usd = m === served ? row.billed_usd : this.usdOn(row, m);
      if (usd === null) return Left.noOtherPrice;
      columns.usd[m * columns.rows + at] = usd;
    }
    const request = readOrNull(row);
    if (request === null) return Left.unreadable;
    const decision = this.router.decide(request);
    const step = Math.min(columns.took.length - 1, Math.floor(decision.tookUs / tookStepUs));
    Atomics.add(columns.took, step, 1);
    columns.chosen[at] = this.places.get(decision.model) ?? pool.length - 1;
    columns.tier[at] = decision.tier ?? -1;
    columns.stakes[at] = decision.stakes === null ? -1 : Number(decision.stakes);
    columns.confidence[at] = decision.confidence;
    for (let m = 0; m < pool.length; m++) {
      columns.sufficiency[m * columns.rows + at] =
        m === pool.length - 1 ? 1 : (decision.sufficiency[pool[m]!.model] ?? Number.NaN);
    }
    columns.inputTokens[at] = Math.min(mostTokens, row.input_tokens);
    columns.outputTokens[at] = Math.min(mostTokens, row.output_tokens);
    columns.length[at] = row.user_text!.length;
    columns.rules[at] = this.rulesOf(row.user_text!);
    columns.bandit[at] = this.scoring.scoreOf(decision.probabilities);
    return Left.replayed;
  }

  /** On another model, through the gateway that the attempt went through. */
  private usdOn(row: TrafficRow, model: number): number | null {
    const listUsd = repriceOn(this.book, row, this.pool[model]!);
    const terms = this.terms[this.columns.terms[row.row]!]?.on[model] ?? null;
    return listUsd === null || terms === null ? listUsd : gatewayCharge(listUsd, terms);
  }

  /** Sessions that begin alike follow each other, so the same text often comes again at once. */
  private rulesOf(text: string): number {
    if (text !== this.ruled.text) this.ruled = { text, score: handRules(text) };
    return this.ruled.score;
  }
}

/** The request with its id and its facts, which rules and exploration go by; null when it can't be read. */
function readOrNull(row: TrafficRow): Parameters<Router["decide"]>[0] | null {
  try {
    const meta = { app: row.app, endpoint: row.endpoint };
    return { ...trafficRequest(row), requestId: row.request_id, meta };
  } catch {
    return null;
  }
}
