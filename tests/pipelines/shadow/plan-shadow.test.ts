import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { plantShadow } from "../../../datasets/synthetic/planted-shadow.js";
import { openOrCreateWorkspace, readResult, type Workspace } from "../../../datasets/workspace.js";
import { ingest } from "../../../pipelines/ingest/ingest.js";
import { analyzeShadow } from "../../../pipelines/shadow/analyze-shadow.js";
import { type PlanShadowOptions, planShadow } from "../../../pipelines/shadow/plan-shadow.js";
import { bestSessionCap } from "../../../pipelines/shadow/session-cap.js";
import { linesFile } from "../../support/shadow-files.js";

const options: PlanShadowOptions = {
  margin: 0.05,
  power: 0.8,
  alpha: 0.05,
  rate: 0.1,
  candidate: "gpt-4.1-mini",
  baseline: "gpt-4.1",
  judge: "gpt-4.1",
  days: [7, 28],
  now: Date.parse("2026-06-20T00:00:00Z"),
};
let workspace: Workspace;

beforeAll(async () => {
  workspace = openOrCreateWorkspace(join(mkdtempSync(join(tmpdir(), "signalbox-plan-")), "ws"));
  // 10 days, 400 requests a day, in sessions of four; 1,000 tokens in and 100 out each
  const rows = Array.from({ length: 4_000 }, (_, i) => ({
    request_id: `r${i}`,
    session_id: `s${Math.floor(i / 4)}`,
    created_at: new Date(Date.parse("2026-06-01T00:00:00Z") + (i / 3_999) * 10 * 864e5).toISOString(),
    model: "gpt-4.1",
    provider: "openai",
    prompt: `question ${i}`,
    response: "answer",
    input_tokens: 1_000,
    output_tokens: 100,
    status: "success",
  }));
  await ingest(workspace, [linesFile(rows)]);
});

describe("shadow plan", () => {
  test("reads traffic, sessions and prices off the log", async () => {
    const plan = await planShadow(workspace, options);
    expect(plan.traffic).toMatchObject({ requests: 4_000, sessions: 1_000, mean_session: 4 });
    expect(plan.traffic.requests_per_day).toBeCloseTo(400, 6);
    expect(plan.traffic.pairs_per_day).toBeCloseTo(40 * plan.kept_share, 6);
    expect(plan.design_effect).toBeCloseTo(1 + (plan.session_cap - 1) * 0.3, 9);
    const eProcess = plan.tests.find(({ test: name }) => name === "e_process")!;
    expect(eProcess.days).toBe(Math.ceil(eProcess.pairs! / plan.traffic.pairs_per_day));
    // $0.40 and $1.60 per million tokens
    expect(plan.shadow_calls.usd! / eProcess.pairs!).toBeCloseTo(0.00056, 9);
    // both orders: 1,000 + 2 x 100 + 400 in at $2, 80 out at $8
    expect(plan.judging).toMatchObject({ calls: 2 * eProcess.pairs!, priced_share: 1 });
    expect(plan.judging.usd! / eProcess.pairs!).toBeCloseTo(2 * (0.0032 + 0.00064), 9);
    expect(readResult(workspace, "shadow_plan")).toEqual(plan);
  });

  test("says plainly that this traffic can't certify two points, and what it can", async () => {
    const plan = await planShadow(workspace, { ...options, margin: 0.02 });
    expect(plan.is_certifiable).toBe(false);
    const [week, month] = plan.reachable;
    expect(plan.advice[0]).toContain("can't certify a margin of 2 points within 28 days");
    expect(plan.advice[0]).toContain(`It can certify ${Number((month!.e_process! * 100).toFixed(2))} points`);
    expect(week!.e_process!).toBeGreaterThan(month!.e_process!);
    expect(month!.fixed!).toBeLessThan(month!.e_process!);
  });

  test("counts a model without a price, and never takes it for free", async () => {
    const plan = await planShadow(workspace, { ...options, candidate: "acme-7b", judge: undefined });
    expect(plan.shadow_calls).toMatchObject({ model: "acme-7b", usd: null, priced_share: 0 });
    expect(plan.judging).toMatchObject({ model: null, usd: null });
    expect(plan.advice.join(" ")).toContain("No price is known for acme-7b");
  });

  test("its design is what analyze goes by, unless told otherwise", async () => {
    const plan = await planShadow(workspace, options);
    const { pairs } = plantShadow({ days: 1, sessionsPerDay: 20, discordance: 0.2, difference: 0, seed: 1 });
    const files = { pairs: [linesFile(pairs)], workspace, now: options.now };
    const { design } = (await analyzeShadow(files)).response!;
    expect(design).toMatchObject({ margin: 0.05, session_cap: plan.session_cap, is_planned: true });
    const told = (await analyzeShadow({ ...files, design: { margin: 0.1 } })).response!;
    expect(told.design).toMatchObject({ margin: 0.1, session_cap: plan.session_cap });
  });

  test.each([
    [{ margin: 1 }, "--margin is 1"],
    [{ power: 0.2 }, "--power is 0.2"],
    [{ rate: 0 }, "--rate is 0"],
    [{ discordance: 0 }, "--discordance is 0"],
    [{ days: [0] }, "--days is 0"],
  ])("refuses %o", async (change, message) => {
    await expect(planShadow(workspace, { ...options, ...change })).rejects.toThrow(message);
  });
});

test("the session cap keeps short sessions whole and cuts a giant one", () => {
  const base = { margin: 0.02, alpha: 0.05, power: 0.8, discordance: 0.2 };
  const even = bestSessionCap([{ size: 1, sessions: 500 }], { icc: 0.3, base });
  expect(even).toEqual({ cap: 1, keptShare: 1, designEffect: 1 });
  const giant = bestSessionCap(
    [
      { size: 2, sessions: 500 },
      { size: 5_000, sessions: 1 },
    ],
    { icc: 0.3, base },
  );
  expect(giant.cap).toBeLessThan(65);
  expect(giant.keptShare).toBeLessThan(0.25);
});
