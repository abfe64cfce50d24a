import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type LabelRow, labels } from "../../../datasets/labels.js";
import type { RequestRow } from "../../../datasets/request-log.js";
import { openOrCreateWorkspace, readResult, type Workspace } from "../../../datasets/workspace.js";
import { adviseRetrain } from "../../../pipelines/drift/advise-retrain.js";
import { compareAll } from "../../../pipelines/drift/compare-all.js";
import type { ComparedRequest } from "../../../pipelines/drift/drift-rows.js";
import { measureDrift } from "../../../pipelines/drift/measure-drift.js";
import { populationColumns } from "../../../pipelines/drift/population-columns.js";
import { sidesOf } from "../../../pipelines/drift/sides-of.js";
import { writeRandomArtifact } from "../../../scripts/bench/random-artifact.js";
import { createCli } from "../../../scripts/create-cli.js";
import { memoryEngine } from "../../support/memory-engine.js";
import { removeWorkspace, writeRequests } from "../label/label-workspace.js";
import { type PlantedShift, plantTraffic } from "./planted-traffic.js";

let workspace: Workspace | null = null;
afterEach(() => {
  vi.restoreAllMocks();
  if (workspace) removeWorkspace(workspace);
  workspace = null;
});

async function start(rows: readonly RequestRow[]): Promise<Workspace> {
  workspace = openOrCreateWorkspace(mkdtempSync(join(tmpdir(), "signalbox-drift-")));
  await writeRequests(workspace, rows);
  return workspace;
}

const options = {
  since: "2026-05-02",
  artifact: null,
  logs: [],
  seed: 1,
  pricedAt: Date.UTC(2026, 5, 1) * 1_000,
};
const codesOf = ({ reasons }: { reasons: ReadonlyArray<{ code: string }> }) =>
  reasons.map(({ code }) => code);

function artifactIn(folder: Workspace, models: Array<{ model: string; input: number }> = []): string {
  const path = join(folder.path, "artifact");
  writeRandomArtifact(path);
  if (models.length === 0) return path;
  const { models: random, ...policy } = JSON.parse(readFileSync(join(path, "policy.json"), "utf8")) as {
    models: object[];
  };
  const own = models.map(({ model, input }) => ({
    ...random[0],
    model,
    input_usd_per_mtok: input,
    output_usd_per_mtok: null,
  }));
  writeRandomArtifact(path, { policy: { ...policy, models: [...own, ...random] } as never });
  return path;
}

describe("drift of a workspace", () => {
  test("is quiet about traffic that has not changed", async () => {
    const ws = await start(plantTraffic(3));
    const result = await measureDrift(ws, { ...options, artifact: artifactIn(ws) });
    expect(result.reasons).toEqual([]);
    expect(result.retrain_advised).toBe(false);
    expect(result.columns.map(({ column }) => column)).toEqual(
      expect.arrayContaining([
        "app",
        "user_chars",
        "unseen_ngrams",
        "score",
        "decided_model",
        "finish_reason",
      ]),
    );
    expect(result.alarms).toHaveLength(1);
    expect(result.alarms[0]!.is_raised).toBe(false);
    expect(readResult(ws, "drift")).toEqual(result);
  });

  test("finds a new language and subject, in texts and in scores", async () => {
    const ws = await start(plantTraffic(4, { foreign: 0.5 }));
    const result = await measureDrift(ws, { ...options, artifact: artifactIn(ws) });
    expect(result.retrain_advised).toBe(true);
    expect(codesOf(result)).toEqual(expect.arrayContaining(["population_shift", "novelty_rose"]));
    const script = result.columns.find(({ column }) => column === "script")!;
    expect(script.verdict).toBe("shifted");
    expect(script.bins[0]!.since - script.bins[0]!.before).toSatisfy(
      (change: number) => Math.abs(change) > 0.3,
    );
    expect(result.columns.find(({ column }) => column === "app")!.verdict).toBe("stable");
  });

  test("tells errors from answers: more errors are looked into, worse feedback trains again", async () => {
    const errors = await measureDrift(await start(plantTraffic(5, { errors: 0.25 }, 600)), options);
    expect(codesOf(errors)).toEqual(["errors_rose", "errors_rose"]);
    expect(errors.alarms[0]!.is_raised).toBe(true);
    expect(errors.retrain_advised).toBe(false);
    removeWorkspace(workspace!);
    const feedback = await measureDrift(await start(plantTraffic(6, { feedback: 0.4 }, 600)), options);
    expect(codesOf(feedback)).toEqual(["feedback_fell"]);
    const { difference } = feedback.outcomes.find(({ outcome }) => outcome === "feedback score")!;
    expect(difference.low).toBeLessThan(-0.4 + 0.1);
    expect(difference.high).toBeLessThan(0);
    expect(feedback.retrain_advised).toBe(true);
  });

  test("names prices that changed since the export and names that another version answers to", async () => {
    const ws = await start(plantTraffic(7, { served: "gpt-4o-2024-11-20" }));
    const artifact = artifactIn(ws, [
      { model: "gpt-4o", input: 5 },
      { model: "gpt-4o-mini", input: 0.15 },
      { model: "our-own-model", input: 1 },
    ]);
    const result = await measureDrift(ws, { ...options, artifact });
    expect(result.prices).toEqual([
      {
        model: "gpt-4o",
        input_usd_per_mtok: { before: 5, now: 2.5 },
        output_usd_per_mtok: { before: null, now: 10 },
      },
    ]);
    expect(result.models).toEqual([
      expect.objectContaining({
        change: "alias_moved",
        model: "gpt-4o",
        served_before: ["gpt-4o-2024-08-06"],
        served_since: ["gpt-4o-2024-11-20"],
        is_in_policy: true,
      }),
    ]);
    expect(codesOf(result)).toEqual(["alias_moved", "price_changed"]);
    expect(result.retrain_advised).toBe(true);
  });

  test("compares scores of a decision log by the day on which a session began", async () => {
    const ws = await start(plantTraffic(8));
    const line = (i: number, isSince: boolean) => ({
      ts: `2026-05-0${isSince ? 2 : 1}T10:00:00Z`,
      request_id: `r${i}`,
      session_hash: null,
      decided_model: isSince && i % 2 ? "large" : "small",
      score: isSince ? 0.5 + (i % 50) / 100 : (i % 100) / 100,
      tier: i % 3,
      escalated: false,
      ood: 0.4,
    });
    const lines = Array.from({ length: 400 }, (_, i) => JSON.stringify(line(i, i >= 200)));
    const log = join(ws.path, "decisions.jsonl");
    writeFileSync(log, [...lines, "{broken", '{"v":2}'].join("\n"));
    const result = await measureDrift(ws, { ...options, logs: [log] });
    expect(result.columns.find(({ column }) => column === "score")!.verdict).toBe("shifted");
    expect(result.columns.find(({ column }) => column === "tier")!.verdict).toBe("stable");
    expect(codesOf(result)).toEqual(["score_shift", "score_shift"]);
    expect(result.notes.join("\n")).toMatch(/2 records of the logs are no decisions/);
  });

  test("compares judged sufficiency with intervals when both sides have labels", async () => {
    const rows = plantTraffic(9);
    const ws = await start(rows);
    const judged = rows.map((row, i): Partial<LabelRow> => {
      const isSince = Number(row.session_id!.slice(1)) >= 150;
      return {
        label_id: `l${i}`,
        request_id: row.request_id,
        kind: "sufficiency",
        rubric: "sufficiency.v2@0",
        judge: "gpt-4.1",
        is_simulated: true,
        candidate_model: "gpt-4o-mini",
        verdict: i % 10 < (isSince ? 5 : 9) ? "sufficient" : "insufficient",
        inclusion_probability: 0.5,
      };
    });
    mkdirSync(join(ws.path, "labels"), { recursive: true });
    const engine = await memoryEngine(labels, judged as LabelRow[]);
    await engine.run(`COPY labels TO '${join(ws.path, "labels", "x.parquet")}' (FORMAT parquet)`);
    engine.close();
    const result = await measureDrift(ws, options);
    expect(codesOf(result)).toEqual(["sufficiency_fell"]);
    const { before, since, difference } = result.outcomes.find(({ outcome }) =>
      outcome.startsWith("judged"),
    )!;
    expect(before).toBeCloseTo(0.9, 1);
    expect(since).toBeCloseTo(0.5, 1);
    expect(difference.low).toBeLessThan(-0.4);
    expect(difference.high).toBeGreaterThan(-0.4);
  });

  test.each([
    [{ since: "yesterday" }, /--since yesterday: not a day/],
    [{ since: "2026-13-40" }, /not a day/],
    [{ since: "2027-01-01" }, /no session began since 2027-01-01/],
    [{ since: "2020-01-01" }, /no session began before 2020-01-01/],
    [{ artifact: "/nowhere" }, /nowhere/],
    [{ logs: ["nowhere.jsonl"] }, /nowhere.jsonl: no such file/],
  ])("%j is refused with what to give", async (given, message) => {
    const ws = await start(plantTraffic(10, {}, 20));
    await expect(measureDrift(ws, { ...options, ...given })).rejects.toThrow(message);
  });

  test("prints the advice, its reasons and the tables", async () => {
    const ws = await start(plantTraffic(4, { foreign: 0.5 }, 120));
    let printed = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    const args = ["drift", "--workspace", ws.path, "--since", "2026-05-02"];
    await createCli(args, 120).parseAsync();
    expect(printed).toMatch(/Retrain advised: yes/);
    expect(printed).toMatch(/population_shift: script: PSI \d+\.\d+, adjusted p = 0\.00\d+/);
    expect(printed).toMatch(/Alarm on error \(may be looked at daily\): quiet/);
    expect(printed).toMatch(/adjusted for the \d+ tests of this look/);
    printed = "";
    await createCli([...args, "--json"], 120).parseAsync();
    expect(JSON.parse(printed)).toMatchObject({ schema_version: 1, retrain_advised: true });
  });
});

describe("drift over many seeds", () => {
  /** The comparison without a workspace, as measureDrift makes it. */
  function compare(seed: number, shift: PlantedShift = {}) {
    const requests = plantTraffic(seed, shift, 120).map((row): ComparedRequest => {
      const isSince = Number(row.session_id!.slice(1)) >= 60;
      return {
        ...row,
        session: row.session_id!,
        is_since: isSince,
        created_us: row.created_at,
      } as ComparedRequest;
    });
    const errors = {
      outcome: "error rate",
      values: requests.map(({ status }) => Number(status !== "ok")),
      sides: sidesOf(requests),
    };
    const found = compareAll(populationColumns(requests), [errors], { seed });
    return adviseRetrain({ ...found, alarms: [], prices: [], models: [] }).length > 0;
  }

  test("there is no reason in at least 95 % of 100 seeds without a shift", () => {
    const alarms = Array.from({ length: 100 }, (_, seed) => compare(seed + 100)).filter(Boolean).length;
    expect(alarms).toBeLessThanOrEqual(5);
  });

  test("a shift of a third of the sessions is found in every seed", () => {
    const found = Array.from({ length: 20 }, (_, seed) => compare(seed + 300, { foreign: 0.33 })).filter(
      Boolean,
    );
    expect(found).toHaveLength(20);
  });
});
