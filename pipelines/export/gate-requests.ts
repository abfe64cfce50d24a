import { readRequest } from "@signalbox/runtime";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { createRandom } from "../../datasets/random.js";
import { openTables, type Workspace } from "../../datasets/workspace.js";
import { planSplit } from "../../models/plan-split.js";
import type { GateRequest } from "../../models/robustness/flip-rate.js";
import { groupRows, rowsWhere } from "../../models/split.js";
import { numberClusters } from "../../models/statistics/cluster-ratio.js";
import { trafficRequest } from "../simulate/traffic-request.js";
import { readTrainingItems } from "../train/read-training-items.js";

/** The requests that the export gate changes. */
export interface GateSample {
  requests: GateRequest[];
  source: string;
  /** Whether the exported model was fitted to them. */
  isSeen: boolean;
}

/** Enough for an interval of about 5 points either way, few enough to decide thousands of variants in seconds. */
const sampleSize = 400;

/** With fewer requests of the log than this, labelled ones are taken. */
const leastFromLog = 100;

/** Requests that the model was not fitted to, in order of preference: labelled ones that the split by time kept from it;
 * requests of the log whose sessions and texts were not labelled; and where there are neither, the labelled ones, which
 * the result then says (docs/decisions/0014-ood-and-confounders.md compares the two).
 * @param seed of the training */
export async function gateRequests(workspace: Workspace, seed: number): Promise<GateSample> {
  const engine = await openTables(workspace);
  try {
    const { items } = await readTrainingItems(engine);
    const texts = items.map(({ text }) => text);
    const groups = groupRows(
      items.map(({ sessionId }) => sessionId),
      texts,
    );
    const plan = planSplit(
      groups,
      items.map(({ createdAt }) => createdAt),
      seed,
    );
    const labelled = items.map(({ request }, i) => ({ read: readRequest(request), cluster: groups[i]! }));
    if (plan.kind === "holdout") {
      const rows = [...rowsWhere(plan.parts, (part) => part === 2)];
      const source = "labelled requests that the split kept from training";
      return {
        requests: draw(
          rows.map((row) => labelled[row]!),
          seed,
        ),
        source,
        isSeen: false,
      };
    }
    const known = new Set(labelled.map(({ read }) => read.userText));
    const logged = await readLogged(engine, known, seed);
    if (logged.length >= leastFromLog)
      return { requests: logged, source: "requests of the log that were not labelled", isSeen: false };
    return {
      requests: draw(labelled, seed),
      source: "the labelled requests themselves, for want of others",
      isSeen: true,
    };
  } finally {
    engine.close();
  }
}

async function readLogged(engine: Engine, known: ReadonlySet<string>, seed: number): Promise<GateRequest[]> {
  const rows = await engine.rows<Parameters<typeof trafficRequest>[0] & { session: string }>(
    readSql("pipelines/export/gate-requests.sql"),
    { seed: String(seed), limit: 2 * sampleSize },
  );
  const clusters = numberClusters(rows.map(({ session }) => session));
  return rows
    .map((row, i) => ({ read: readRequest(trafficRequest(row)), cluster: clusters[i]! }))
    .filter(({ read }) => !known.has(read.userText))
    .slice(0, sampleSize);
}

function draw(requests: readonly GateRequest[], seed: number): GateRequest[] {
  const withText = requests.filter(({ read }) => read.userText.trim() !== "");
  return createRandom(seed)
    .shuffle([...withText])
    .slice(0, sampleSize);
}
