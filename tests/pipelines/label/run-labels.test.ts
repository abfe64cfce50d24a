import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { InputError } from "../../../datasets/errors.js";
import type { LabelRow } from "../../../datasets/labels.js";
import type { OutcomeItemRow, OutcomeRow } from "../../../datasets/outcomes.js";
import { canonicalModel } from "../../../datasets/prices/canonical-model.js";
import type { LoopbackJudge } from "../../../datasets/synthetic/loopback-server.js";
import { syntheticModels } from "../../../datasets/synthetic/synthetic-models.js";
import { readManifest, readResult, type Workspace } from "../../../datasets/workspace.js";
import { planLabels } from "../../../pipelines/label/plan-labels.js";
import { runLabels } from "../../../pipelines/label/run-labels.js";
import { readTable } from "../../support/read-table.js";
import {
  labelWorkspace,
  removeWorkspace,
  rowOf,
  startJudge,
  testWorld,
  writeRequests,
} from "./label-workspace.js";
import { runOptions } from "./run-options.js";

const open: { judges: LoopbackJudge[]; workspaces: Workspace[] } = { judges: [], workspaces: [] };

afterEach(async () => {
  await Promise.all(open.judges.splice(0).map((judge) => judge.close()));
  for (const workspace of open.workspaces.splice(0)) removeWorkspace(workspace);
});

async function start(
  options: Parameters<typeof startJudge>[0] = {},
  content: Parameters<typeof labelWorkspace>[0] = {},
) {
  const judge = await startJudge(options);
  const workspace = await labelWorkspace(content);
  open.judges.push(judge);
  open.workspaces.push(workspace);
  return { judge, workspace };
}

describe.each(["chat", "batch"] as const)("labelling in %s mode", (mode) => {
  test("finds the planted truth when the judge never errs", async () => {
    const { judge, workspace } = await start();
    const result = await runLabels(
      workspace,
      runOptions(judge.url, { mode, candidates: ["gpt-4o-mini", "claude-3-5-haiku-20241022"] }),
    );
    expect(result).toMatchObject({
      is_simulated: true,
      labelled: result.items,
      failures: [],
      unanswered_calls: 0,
    });
    expect(result.position_flip_rate?.value).toBe(0);
    expect(result.canaries.map(({ calls, passed }) => calls - passed)).toEqual([0, 0, 0, 0, 0]);

    const truths = new Map(testWorld.requests.map((request) => [request.id, request]));
    const items = await readTable<OutcomeItemRow>(workspace, "SELECT * FROM outcome_items");
    for (const item of items) {
      const { truth } = truths.get(item.item_id)!;
      expect([item.tier, item.is_stakes]).toEqual([truth.difficulty, truth.isStakes]);
    }
    const outcomes = await readTable<OutcomeRow>(workspace, "SELECT * FROM outcomes");
    for (const { item_id, model, quality, cost_usd } of outcomes) {
      const { truth, model: served } = truths.get(item_id)!;
      const answered = syntheticModels.find(({ name }) => canonicalModel(name) === model)!;
      const isNotWorse = truth.isAdequate[answered.name]! || !truth.isAdequate[served.name]!;
      expect(quality).toBe(isNotWorse ? 1 : 0);
      expect(cost_usd).toBeGreaterThan(0);
    }
    expect(outcomes.some(({ quality }) => quality === 0)).toBe(true);
  });

  test("asks and pays once per question, and not again when the run is repeated", async () => {
    const { judge, workspace } = await start();
    const first = await runLabels(workspace, runOptions(judge.url, { mode }));
    const paid = judge.stats.paid.size;
    expect(Math.max(...judge.stats.paid.values())).toBe(1);
    const labels = await readTable<LabelRow>(workspace, "SELECT * FROM labels ORDER BY ALL");
    const again = await runLabels(workspace, runOptions(judge.url, { mode }));
    expect(judge.stats.paid.size).toBe(paid);
    expect(again).toEqual(first);
    expect(await readTable<LabelRow>(workspace, "SELECT * FROM labels ORDER BY ALL")).toEqual(labels);
    expect(readManifest(workspace, "label")?.rows.labels).toBe(labels.length);
  });
});

describe("what a run leaves behind", () => {
  test("weights sum to the population, also when sampled requests could not be labelled", async () => {
    const { judge, workspace } = await start({ faults: { badRequestShare: 0.25 } });
    const result = await runLabels(workspace, runOptions(judge.url, { sample: 60 }));
    expect(result.failures.some(({ reason }) => reason === "http_400 invalid_request_error")).toBe(true);
    const [sum] = await readTable<{ weight: number }>(
      workspace,
      "SELECT sum(weight) AS weight FROM outcome_items",
    );
    const represented = result.strata
      .filter(({ labelled }) => labelled > 0)
      .reduce((total, { population }) => total + population, 0);
    expect(sum!.weight).toBeCloseTo(represented, 6);
    const design = result.strata.reduce((total, { population }) => total + population, 0);
    expect(design).toBe(result.population);
  });

  test("counts every request that can't be judged, with its reason", async () => {
    const { judge, workspace } = await start();
    const rows = testWorld.requests
      .slice(0, 30)
      .map((request) => ({ ...rowOf(request, "redacted"), status: "ok", output_text: "Fine." }));
    const odd = [
      { content_state: "hashed" },
      { user_text: "  " },
      { n_tools: 2 },
      { n_images: 1 },
      { output_text: null },
      { finish_reason: "length" },
      { status: "error" },
      { model: "gpt-4o-mini" },
    ];
    const logical = new Map(rows.map((row) => [row.logical_id, { ...row, model: "gpt-4o" }]));
    const changed = [...logical.values()].map((row, i) => ({ ...row, ...odd[i] }));
    await writeRequests(workspace, changed);
    const plan = await planLabels(workspace, runOptions(judge.url));
    expect(Object.fromEntries(plan.excluded.map(({ reason, requests }) => [reason, requests]))).toEqual({
      no_content: 1,
      no_user_text: 1,
      tools: 1,
      attachments: 1,
      no_answer: 1,
      cut_answer: 1,
      failed: 1,
      served_by_candidate: 1,
    });
    expect(plan.population).toBe(changed.length - odd.length);
  });

  test("replaces the labels of an earlier run and reuses what it paid for", async () => {
    const { judge, workspace } = await start();
    await runLabels(workspace, runOptions(judge.url, { sample: 20 }));
    const paidBefore = judge.stats.paid.size;
    const second = await runLabels(workspace, runOptions(judge.url, { sample: 40 }));
    expect(Math.max(...judge.stats.paid.values())).toBe(1);
    expect(judge.stats.paid.size).toBeGreaterThan(paidBefore);
    expect(second.calls.every(({ reused }) => reused > 0)).toBe(true);
    expect(readdirSync(join(workspace.path, "labels"))).toEqual([`${second.run_id}.parquet`]);
    const doubled = await readTable(
      workspace,
      "SELECT item_id, model FROM outcomes GROUP BY ALL HAVING count(*) > 1",
    );
    expect(doubled).toEqual([]);
  });

  test("knows a model by any of its names", async () => {
    const { judge, workspace } = await start();
    const rows = testWorld.requests
      .filter(({ status }) => status === 200)
      .slice(0, 40)
      .map((request, i) => ({ ...rowOf(request, "redacted"), model: i % 2 ? "gpt-4o" : "gpt-4o-mini" }));
    await writeRequests(workspace, rows);
    const options = runOptions(judge.url, {
      candidates: ["gpt-4o-mini-2024-07-18"],
      reference: "openai/gpt-4o",
    });
    await runLabels(workspace, options);
    const models = await readTable(workspace, "SELECT DISTINCT model FROM outcomes ORDER BY model");
    expect(models).toEqual([{ model: "gpt-4o" }, { model: "gpt-4o-mini" }]);
    const twins = { ...options, candidates: ["gpt-4o-mini", "gpt-4o-mini-2024-07-18"] };
    await expect(planLabels(workspace, twins)).rejects.toThrow(/same model/);
  });

  test("is the same for the same seed and differs for another", async () => {
    const items = async (seed: number) => {
      const { judge, workspace } = await start();
      await runLabels(workspace, runOptions(judge.url, { seed, sample: 20 }));
      return readTable(workspace, "SELECT * EXCLUDE (messages_json) FROM outcome_items ORDER BY item_id");
    };
    const one = await items(1);
    expect(await items(1)).toEqual(one);
    expect(await items(2)).not.toEqual(one);
  });

  test("labels tiers alone when no candidate is named", async () => {
    const { judge, workspace } = await start();
    const result = await runLabels(workspace, runOptions(judge.url, { candidates: [] }));
    expect(result.calls.map(({ kind, needed }) => [kind, needed > 0])).toEqual([
      ["tier", true],
      ["answer", false],
      ["sufficiency", false],
      ["canary", false],
    ]);
    expect(await readTable(workspace, "SELECT * FROM outcomes")).toEqual([]);
    expect((await readTable(workspace, "SELECT * FROM outcome_items")).length).toBe(result.items);
  });
});

describe("facts before judges", () => {
  const served = testWorld.requests.filter(({ status, model }) => status === 200 && model.name === "gpt-4o");
  const answerOf = (request: (typeof served)[number]) => testWorld.answerOf(request.userText, "gpt-4o-mini")!;

  test("an exact check is a label without a cost, and the judge isn't asked", async () => {
    const { judge, workspace } = await start();
    const rows = served.map((request, i) => ({
      ...rowOf(request, "redacted"),
      ...(i < 5 ? { output_text: answerOf(request) } : {}),
    }));
    await writeRequests(workspace, rows);
    const result = await runLabels(workspace, runOptions(judge.url, { sample: rows.length }));
    const same = served.filter((request, i) => i < 5 || request.answer === answerOf(request)).length;
    expect(result.exact_checks).toEqual([{ check: "equal", sufficient: same, insufficient: 0 }]);
    expect(result).toMatchObject({ labelled: result.items, failures: [] });
    const exact = await readTable<LabelRow>(workspace, "SELECT * FROM labels WHERE judge LIKE 'exact:%'");
    expect(new Set(exact.map(({ judge: by, cost_usd }) => `${by} ${cost_usd}`))).toEqual(
      new Set(["exact:equal 0"]),
    );
    const asked = await readTable<LabelRow>(
      workspace,
      "SELECT * FROM labels WHERE kind = 'sufficiency' AND judge NOT LIKE 'exact:%'",
    );
    const decided = new Set(exact.map(({ request_id }) => request_id));
    expect(asked.filter(({ request_id }) => decided.has(request_id))).toEqual([]);
    const outcomes = await readTable<OutcomeRow>(
      workspace,
      "SELECT * FROM outcomes WHERE model = 'gpt-4o-mini'",
    );
    for (const { item_id, quality } of outcomes) if (decided.has(item_id)) expect(quality).toBe(1);
  });

  test.each(["openai", "anthropic"] as const)(
    "a schema that is known goes with the request to the candidate (%s), and a right answer to the judge",
    async (judgeApi) => {
      const bodies: string[] = [];
      const { judge, workspace } = await start({ onRequest: (_, __, body) => void bodies.push(body) });
      await writeRequests(
        workspace,
        served.map((request) => ({ ...rowOf(request, "redacted"), output_text: '{"n": 1}' })),
      );
      const checks = join(workspace.path, "checks.jsonl");
      const app = served[0]!.app.name;
      const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
      writeFileSync(checks, `${JSON.stringify({ app, json_schema: schema, gold: "the known one" })}\n`);
      const result = await runLabels(workspace, runOptions(judge.url, { judgeApi, checks }));
      expect(result.exact_checks.map(({ check }) => check)).toEqual(["json_schema"]);
      expect(bodies.some((body) => body.includes(JSON.stringify(schema)))).toBe(true);
      expect(bodies.some((body) => body.includes("KNOWN_RIGHT"))).toBe(true);
    },
  );
});

describe("a judge that errs", () => {
  test("shows its position bias as flips, and they count as ties of quality one half", async () => {
    const { judge, workspace } = await start({ positionBias: 0.4 });
    const result = await runLabels(workspace, runOptions(judge.url, { sample: 120 }));
    const rate = result.position_flip_rate!;
    // Three standard errors of a share at this size.
    expect(Math.abs(rate.value - 0.4)).toBeLessThan(3 * Math.sqrt(0.24 / rate.n));
    expect(result.first_preferred_share).toBe(1);
    const halves = await readTable(workspace, "SELECT * FROM outcomes WHERE quality = 0.5");
    expect(halves.length).toBe(result.pairs[0]!.tie);
  });

  test("agrees with the truth as often as its true positive and negative rates say", async () => {
    const { judge, workspace } = await start({ tpr: 0.9, tnr: 0.7 });
    await runLabels(workspace, runOptions(judge.url, { sample: 1_000 }));
    const truths = new Map(testWorld.requests.map((request) => [request.id, request]));
    const verdicts = { true: { n: 0, right: 0 }, false: { n: 0, right: 0 } };
    for (const { item_id, quality } of await readTable<OutcomeRow>(
      workspace,
      "SELECT * FROM outcomes WHERE model = 'gpt-4o-mini' AND item_id IN (SELECT request_id FROM requests WHERE model <> 'gpt-4o-mini')",
    )) {
      const { truth, model } = truths.get(item_id)!;
      const isNotWorse = truth.isAdequate["gpt-4o-mini"]! || !truth.isAdequate[model.name]!;
      const cell = verdicts[`${isNotWorse}`];
      cell.n += 1;
      cell.right += Number((quality === 1) === isNotWorse);
    }
    // Two standard errors of a share at these sizes.
    expect(Math.abs(verdicts.true.right / verdicts.true.n - 0.9)).toBeLessThan(
      2 * Math.sqrt(0.09 / verdicts.true.n),
    );
    expect(Math.abs(verdicts.false.right / verdicts.false.n - 0.7)).toBeLessThan(
      2 * Math.sqrt(0.21 / verdicts.false.n),
    );
  });
});

describe("faults of the endpoint", () => {
  test.each([
    ["rate limits", { rateLimitShare: 0.3 }],
    ["server errors", { serverErrorShare: 0.3 }],
  ])("%s are waited out and lose nothing", async (_, faults) => {
    const { judge, workspace } = await start({ faults });
    const result = await runLabels(workspace, runOptions(judge.url));
    expect(result).toMatchObject({ labelled: result.items, failures: [] });
    expect(judge.stats.chatCalls).toBeGreaterThan(judge.stats.paid.size);
  });

  test("when every call fails, the run stops instead of asking on", async () => {
    const { judge, workspace } = await start({ faults: { badRequestShare: 1 } });
    await expect(runLabels(workspace, runOptions(judge.url))).rejects.toThrow(
      /20 calls in a row failed, the last with http_400/,
    );
    expect(judge.stats.chatCalls).toBeLessThan(40);
  });

  test("a verdict that is not the demanded JSON is cannot_tell, and counted", async () => {
    const { judge, workspace } = await start({ faults: { malformedShare: 0.2 } });
    const result = await runLabels(workspace, runOptions(judge.url));
    const failed = result.failures
      .filter(({ reason }) => reason === "malformed_verdict")
      .reduce((sum, { calls }) => sum + calls, 0);
    expect(failed).toBeGreaterThan(0);
    const rows = await readTable<LabelRow>(
      workspace,
      "SELECT * FROM labels WHERE error = 'malformed_verdict'",
    );
    expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(["cannot_tell"]));
  });

  test("a cut answer is never judged, a cut verdict never believed", async () => {
    const { judge, workspace } = await start({ faults: { truncatedShare: 0.2 } });
    const result = await runLabels(workspace, runOptions(judge.url));
    expect(result.failures.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual(
      expect.arrayContaining(["answer truncated", "sufficiency truncated", "tier truncated"]),
    );
    const cut = await readTable<LabelRow>(
      workspace,
      "SELECT * FROM labels WHERE kind = 'answer' AND error = 'truncated'",
    );
    const judged = await readTable<LabelRow>(workspace, "SELECT * FROM labels WHERE kind = 'sufficiency'");
    const judgedRequests = new Set(judged.map(({ request_id }) => request_id));
    expect(cut.filter(({ request_id }) => judgedRequests.has(request_id))).toEqual([]);
  });

  test.each(
    (["openai", "anthropic"] as const).flatMap((api) => [
      [api, "results that come twice", { isDuplicatingResults: true }] as const,
      [api, "a batch that expires half-way", { expiringBatches: 1 }] as const,
      [api, "a batch in which all fails", { failingBatches: 1 }] as const,
      [api, "a batch creation that is lost", { lostCreations: 1 }] as const,
      [api, "a batch creation whose answer is lost", { lostCreationReplies: 1 }] as const,
      [api, "downloads that break off", { cutDownloads: 2 }] as const,
    ]),
  )("%s: %s: everything is labelled and nothing is paid twice", async (judgeApi, _, faults) => {
    const { judge, workspace } = await start({ faults });
    const result = await runLabels(workspace, runOptions(judge.url, { mode: "batch", judgeApi }));
    expect(result).toMatchObject({ labelled: result.items, failures: [] });
    if (!("isDuplicatingResults" in faults)) expect(Math.max(...judge.stats.paid.values())).toBe(1);
  });

  test.each(["chat", "batch"] as const)("both protocols find the same in %s mode", async (mode) => {
    const { judge, workspace } = await start();
    const openai = await runLabels(workspace, runOptions(judge.url, { mode }));
    const second = await labelWorkspace();
    try {
      const anthropic = await runLabels(second, runOptions(judge.url, { mode, judgeApi: "anthropic" }));
      expect(anthropic.pairs).toEqual(openai.pairs);
      expect(anthropic.tiers).toEqual(openai.tiers);
      expect(anthropic.is_simulated).toBe(true);
    } finally {
      removeWorkspace(second);
    }
  });

  test.each([
    ["openai", "chat"],
    ["openai", "batch"],
    ["anthropic", "batch"],
  ] as const)(
    "a verdict that its cap cut is asked once more with more room (%s, %s)",
    async (judgeApi, mode) => {
      const { judge, workspace } = await start({ faults: { wordyVerdictTokens: 1_000 } });
      const result = await runLabels(workspace, runOptions(judge.url, { mode, judgeApi }));
      expect(result).toMatchObject({ labelled: result.items, failures: [] });
      expect(new Set(judge.stats.paid.values())).toEqual(new Set([1, 2]));
    },
  );

  test("calls that fail in both submissions are reported by reason", async () => {
    const { judge, workspace } = await start({ faults: { failingBatches: 4 } });
    const result = await runLabels(workspace, runOptions(judge.url, { mode: "batch", candidates: [] }));
    expect(result.failures).toEqual([{ kind: "tier", reason: "http_500", calls: result.items }]);
    expect(result.labelled).toBe(0);
  });

  test.each([
    ["nobody listens", "http://127.0.0.1:9/v1", /can't be reached/],
    ["the URL is not one", "localhost:1", /not an http\(s\) URL/],
  ])("stops with what to do when %s", async (_, url, message) => {
    const { workspace } = await start();
    await expect(runLabels(workspace, runOptions(url, { concurrency: 1, sample: 5 }))).rejects.toThrow(
      message,
    );
  });
});

describe("an endpoint that refuses", () => {
  test.each([
    ["openai", "chat", 401, /refused the key \(401\); set OPENAI_API_KEY/],
    ["anthropic", "chat", 401, /refused the key \(401\); set ANTHROPIC_API_KEY/],
    ["anthropic", "batch", 403, /refused the key \(403\)/],
    ["openai", "batch", 404, /no such thing; check --judge-url/],
    ["openai", "batch", 400, /no such thing; correct it/],
    ["anthropic", "batch", 400, /no such thing; correct it/],
  ] as const)(
    "%s in %s mode with %i stops the run with what to do",
    async (judgeApi, mode, status, message) => {
      const { workspace } = await start();
      const server = createServer((request, response) => {
        const error = { type: "invalid", message: "no such thing" };
        response.writeHead(request.method === "HEAD" ? 200 : status, { "content-type": "application/json" });
        response.end(JSON.stringify({ type: "error", error }));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
        const run = runLabels(workspace, runOptions(url, { judgeApi, mode, sample: 5 }));
        await expect(run).rejects.toThrow(message);
        await expect(run).rejects.toBeInstanceOf(InputError);
      } finally {
        server.close();
      }
    },
  );
});

describe("money and consent", () => {
  test("a plan sends nothing and writes nothing", async () => {
    const { judge, workspace } = await start();
    const before = readdirSync(workspace.path).sort();
    const plan = await planLabels(workspace, runOptions(judge.url));
    expect(plan.items).toBeGreaterThan(0);
    expect(plan.estimated_usd).toBeGreaterThan(0);
    expect(judge.stats.requests).toBe(0);
    expect(readdirSync(workspace.path).sort()).toEqual(before);
  });

  test("the plan's price is within a factor of two of what the run pays", async () => {
    const { judge, workspace } = await start();
    const plan = await planLabels(workspace, runOptions(judge.url));
    const { cost_usd } = await runLabels(workspace, runOptions(judge.url));
    expect(plan.estimated_usd! / cost_usd!).toBeGreaterThan(0.5);
    expect(plan.estimated_usd! / cost_usd!).toBeLessThan(2);
  });

  test.each(["chat", "batch"] as const)(
    "the cap holds in %s mode, labels whole items, and a higher one goes on",
    async (mode) => {
      const { judge, workspace } = await start();
      const maxUsd = (await planLabels(workspace, runOptions(judge.url, { mode }))).estimated_usd! / 2;
      const capped = await runLabels(workspace, runOptions(judge.url, { mode, maxUsd }));
      expect(capped.cost_usd).toBeLessThanOrEqual(maxUsd);
      expect(capped.cost.is_stopped_by_budget).toBe(true);
      expect(capped.labelled).toBeGreaterThan(0);
      expect(capped.labelled).toBeLessThan(capped.items);
      const pairs = await readTable<{ n: number }>(
        workspace,
        "SELECT count(*) AS n FROM labels WHERE kind = 'sufficiency' GROUP BY request_id, candidate_model",
      );
      expect(new Set(pairs.map(({ n }) => n))).toEqual(new Set([2]));
      const whole = await runLabels(workspace, runOptions(judge.url, { mode, maxUsd: 5 }));
      expect(whole.labelled).toBe(whole.items);
      expect(Math.max(...judge.stats.paid.values())).toBe(1);
    },
  );

  test("an unknown price is refused under a cap, unless one is assumed", async () => {
    const { judge, workspace } = await start();
    const options = runOptions(judge.url, { judgeModel: "our-own-judge", sample: 10 });
    await expect(runLabels(workspace, { ...options, maxUsd: 1 })).rejects.toThrow(
      /no price is known for our-own-judge/,
    );
    expect(judge.stats.requests).toBe(0);
    const free = await runLabels(workspace, options);
    expect(free.cost_usd).toBeNull();
    const assumed = await runLabels(workspace, {
      ...options,
      maxUsd: 5,
      assumeUsdPerMTok: 2,
      isResumed: false,
    });
    expect(assumed.cost_usd).toBeGreaterThan(0);
  });

  test("nothing is sent without an endpoint", async () => {
    const { workspace } = await start();
    await expect(runLabels(workspace, runOptions(null))).rejects.toThrow(/--judge-url/);
    expect(existsSync(join(workspace.path, "label"))).toBe(false);
  });

  test("full text leaves the machine redacted unless the user says otherwise", async () => {
    const bodies: string[] = [];
    const { judge, workspace } = await start(
      { onRequest: (_, path, body) => void bodies.push(`${path} ${body}`) },
      { contentState: "full" },
    );
    const result = await runLabels(workspace, runOptions(judge.url, { sample: 400 }));
    expect(result.redactions.find(({ kind }) => kind === "EMAIL")!.count).toBeGreaterThan(0);
    expect(bodies.filter((body) => /@example\.(com|org|net)/.test(body))).toEqual([]);
    await runLabels(workspace, runOptions(judge.url, { sample: 400, isSentUnredacted: true }));
    expect(bodies.some((body) => /@example\.(com|org|net)/.test(body))).toBe(true);
  });

  test("no judge prompt names a model", async () => {
    const prompts: string[] = [];
    const { judge, workspace } = await start({
      onRequest: (_, __, body) => {
        const { messages, response_format } = JSON.parse(body) as {
          messages: unknown;
          response_format?: unknown;
        };
        if (response_format) prompts.push(JSON.stringify(messages));
      },
    });
    await runLabels(workspace, runOptions(judge.url));
    expect(prompts.length).toBeGreaterThan(0);
    expect(prompts.filter((prompt) => /gpt-4|claude|haiku/i.test(prompt))).toEqual([]);
  });

  test("canaries are asked but never become labels", async () => {
    const { judge, workspace } = await start();
    const result = await runLabels(workspace, runOptions(judge.url));
    expect(result.canaries.map(({ canary, calls }) => [canary, calls])).toEqual([
      ["injection", 6],
      ["empty", 6],
      ["gibberish", 6],
      ["truncated", 6],
      ["identical", 6],
    ]);
    expect(result.canaries.every(({ calls, passed }) => passed === calls)).toBe(true);
    expect(result.canaries[0]!.pass_rate).toMatchObject({ value: 1, n: 3 });
    expect(result.notes.filter((note) => note.startsWith("WARNING"))).toEqual([]);
    const journal = readFileSync(join(workspace.path, "label", "journal.jsonl"), "utf8");
    const labelIds = new Set(
      (await readTable<LabelRow>(workspace, "SELECT * FROM labels")).map(({ label_id }) => label_id),
    );
    const replied = new Set(
      [...journal.matchAll(/"type":"reply".*?"key":"([0-9a-f]{64})"/g)].map(([, key]) => key!),
    );
    expect([...replied].filter((key) => !labelIds.has(key)).length).toBe(30);
  });

  test("a judge that gives in to orders is denounced", async () => {
    const { judge, workspace } = await start({ tnr: 0.2 });
    const result = await runLabels(workspace, runOptions(judge.url));
    const injection = result.canaries.find(({ canary }) => canary === "injection")!;
    expect(injection.passed).toBeLessThan(injection.calls);
    expect(injection.pass_rate!.high).toBeGreaterThan(injection.pass_rate!.value);
    expect(result.notes.join("\n")).toMatch(/WARNING: the judge gave in to orders/);
  });

  test("the result that is written is the result that is returned", async () => {
    const { judge, workspace } = await start();
    const result = await runLabels(workspace, runOptions(judge.url, { sample: 10 }));
    expect(readResult(workspace, "label")).toEqual(result);
  });
});
