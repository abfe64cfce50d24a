import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import type { LoopbackJudge } from "../../../../datasets/synthetic/loopback-server.js";
import type { Workspace } from "../../../../datasets/workspace.js";
import { judgePairs } from "../../../../pipelines/cache/pairs/judge-pairs.js";
import { cancelBatches } from "../../../../pipelines/label/cancel-batches.js";
import type { JudgeMode } from "../../../../pipelines/label/judge.js";
import { removeWorkspace, startJudge } from "../../label/label-workspace.js";
import { pairOptions, pairsWorkspace } from "./pairs-workspace.js";

const open: { judge?: LoopbackJudge; workspace?: Workspace } = {};

afterEach(async () => {
  await open.judge?.close();
  if (open.workspace) removeWorkspace(open.workspace);
});

/** Judge in a child process and kill it when the server has seen a request of this kind so often; the request is then answered as if nobody
 * had died. */
async function killWhen(mode: JudgeMode, path: RegExp, times: number) {
  let seen = 0;
  let kill = async (): Promise<void> => {};
  const judge = await startJudge({
    onRequest: async (method, requestPath) => {
      if (path.test(`${method} ${requestPath}`) && ++seen === times) await kill();
    },
  });
  const workspace = await pairsWorkspace();
  Object.assign(open, { judge, workspace });
  const child = spawn(process.execPath, [runner, judgeChild, workspace.path, judge.url, mode], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  await exited;
  expect(child.signalCode).toBe("SIGKILL");
  expect(existsSync(join(workspace.path, "cache-pairs.manifest.json"))).toBe(false);
  return { judge, workspace };
}

const runner = fileURLToPath(new URL("../../../support/run-typescript.mjs", import.meta.url));
const judgeChild = fileURLToPath(new URL("./judge-child.ts", import.meta.url));

describe("a judge of pairs that was killed", () => {
  test("goes on in chat mode; only calls that were under way are asked again", async () => {
    const { judge, workspace } = await killWhen("chat", /POST \/chat/, 30);
    const { judged } = await judgePairs(workspace, pairOptions(judge.url));
    expect(judged).toMatchObject({ asked: 80, failures: [] });
    expect([...judge.stats.paid.values()].filter((times) => times > 1).length).toBeLessThanOrEqual(4);
    expect(judged!.unanswered_calls).toBeGreaterThan(0);
    expect(judged!.unanswered_calls).toBeLessThanOrEqual(4);
  });

  test.each([
    ["while a batch is created", /POST \/batches$/, 1],
    ["while a batch is under way", /GET \/batches\/batch/, 2],
    ["while results are fetched", /GET \/files\/.*content/, 1],
    ["when only canaries were left", /POST \/batches$/, 2],
  ] as const)("adopts its batches when it died %s; nothing is paid twice", async (_, path, times) => {
    const { judge, workspace } = await killWhen("batch", path, times);
    const { judged } = await judgePairs(workspace, pairOptions(judge.url, { mode: "batch" }));
    expect(judged).toMatchObject({ asked: 80, failures: [] });
    expect(judged!.canaries.every(({ calls, passed }) => calls === 3 && passed === 3)).toBe(true);
    expect(Math.max(...judge.stats.paid.values())).toBe(1);
  });

  test("its batches can be cancelled with signalbox label cancel; what was finished is kept", async () => {
    const { judge, workspace } = await killWhen("batch", /GET \/batches\/batch/, 1);
    const stopped = await cancelBatches(workspace, { pollMs: 1, assumeUsdPerMTok: null });
    expect(stopped).toMatchObject({ batches: 1, kept: judge.stats.paid.size });
    const { judged } = await judgePairs(workspace, pairOptions(judge.url, { mode: "batch" }));
    expect(judged).toMatchObject({ asked: 80, failures: [] });
    expect(Math.max(...judge.stats.paid.values())).toBe(1);
  });
});
