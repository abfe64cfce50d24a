import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { judgeShadow } from "../../../pipelines/shadow/judge/judge-shadow.js";
import { removeWorkspace, startJudge } from "../label/label-workspace.js";
import { judgeOptions, plantPairs, shadowWorkspace } from "./planted-shadow.js";

const runner = fileURLToPath(new URL("../../support/run-typescript.mjs", import.meta.url));
const judgeChild = fileURLToPath(new URL("./judge-child.ts", import.meta.url));

test("a judge of shadow pairs that was killed goes on; only calls that were under way are asked again", async () => {
  let seen = 0;
  let kill = async (): Promise<void> => {};
  const judge = await startJudge({
    onRequest: async (_, path) => {
      if (path.includes("/chat/") && ++seen === 30) await kill();
    },
  });
  const { workspace, file } = shadowWorkspace(plantPairs(40));
  try {
    const child = spawn(process.execPath, [runner, judgeChild, workspace.path, file, judge.url], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const exited = once(child, "exit");
    kill = async () => {
      child.kill("SIGKILL");
      await exited;
    };
    await exited;
    expect(child.signalCode).toBe("SIGKILL");
    expect(existsSync(join(workspace.path, "shadow-judge.manifest.json"))).toBe(false);
    const result = await judgeShadow(workspace, judgeOptions(file, judge.url));
    expect(result).toMatchObject({ asked: 40, failures: [] });
    expect([...judge.stats.paid.values()].filter((times) => times > 1).length).toBeLessThanOrEqual(4);
    expect(result.unanswered_calls).toBeGreaterThan(0);
    expect(result.unanswered_calls).toBeLessThanOrEqual(4);
  } finally {
    await judge.close();
    removeWorkspace(workspace);
  }
}, 180_000);
