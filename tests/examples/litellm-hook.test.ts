import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DecisionRecord, loadRouter, type Router } from "@signalbox/runtime";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import { type DecisionServer, startDecisionServer } from "../../scripts/serve/decision-server.js";

const hasPython = spawnSync("python3", ["-c", "import asyncio"]).status === 0;
const hookFolder = fileURLToPath(new URL("../../examples/litellm", import.meta.url));

/** A proxy in short: the hook before the call, then what LiteLLM reports of it. Prints what the call would have been. */
const caller = `
import asyncio, datetime, json, sys
from signalbox_hook import proxy_handler_instance as hook
async def main():
    data, outcome = json.loads(sys.argv[1]), sys.argv[2]
    data = await hook.async_pre_call_hook({}, None, data, "completion")
    kwargs = {"model": data["model"], "litellm_params": {"metadata": data.get("metadata")}}
    start = datetime.datetime(2026, 5, 1)
    end = start + datetime.timedelta(milliseconds=640)
    if outcome == "success":
        response = type("Response", (), {"usage": {"prompt_tokens": 12, "completion_tokens": 40}})
        await hook.async_log_success_event(kwargs, response, start, end)
    if outcome == "failure":
        await hook.async_log_failure_event({**kwargs, "exception": TimeoutError("secret")}, None, start, end)
    print(json.dumps(data))
asyncio.run(main())
`;

describe.skipIf(!hasPython)("the LiteLLM hook", () => {
  const root = mkdtempSync(join(tmpdir(), "signalbox-litellm-"));
  let router: Router;
  let server: DecisionServer;
  const records: DecisionRecord[] = [];

  beforeAll(async () => {
    writeRandomArtifact(join(root, "artifact"), { hidden: 2 });
    router = await loadRouter(join(root, "artifact"), { decisionLog: (record) => void records.push(record) });
    const limits = { maxBodyBytes: 2 ** 20, maxConcurrency: 8, failsOpen: false };
    server = await startDecisionServer({ router, host: "127.0.0.1", port: 0, ...limits });
  });
  afterAll(async () => {
    await server?.stop(1_000);
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(() => {
    records.length = 0;
  });

  /** What the hook makes of a request. */
  async function run(data: object, outcome = "none", url = server.url): Promise<Record<string, unknown>> {
    const child = spawn("python3", ["-c", caller, JSON.stringify(data), outcome], {
      cwd: hookFolder,
      env: { ...process.env, SIGNALBOX_URL: url, PYTHONDONTWRITEBYTECODE: "1", no_proxy: "127.0.0.1" },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    await new Promise((resolve) => child.once("close", resolve));
    expect(stderr).toBe("");
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  const messages = [{ role: "user", content: "Compare the canals of Venice with those of Amsterdam." }];
  const request = {
    model: "signalbox",
    messages,
    metadata: { session_id: "s1", app: "support" },
    temperature: 0,
  };

  test("names the decided model and its fallbacks, and reports what came of it", async () => {
    const { model, fallbacks, metadata, ...others } = await run(request, "success");
    const expected = router.decide({ messages, sessionId: "s1" });
    expect({ model, fallbacks }).toEqual({ model: expected.model, fallbacks: expected.fallbacks });
    expect(metadata).toMatchObject({
      session_id: "s1",
      app: "support",
      signalbox_request_id: expect.any(String),
    });
    expect(others).toEqual({ messages, temperature: 0 });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      session_hash: expected.sessionHash,
      served_model: expected.model,
      usage: { prompt_tokens: 12, completion_tokens: 40 },
      latency_ms: 640,
    });
  });

  test("reports a failure by its name", async () => {
    await run(request, "failure");
    expect(records[0]).toMatchObject({ error: "TimeoutError", latency_ms: 640 });
    expect(JSON.stringify(records)).not.toContain("secret");
  });

  test("leaves a call to another model alone", async () => {
    expect(await run({ ...request, model: "gpt-4o" }, "success")).toEqual({ ...request, model: "gpt-4o" });
    expect(records).toEqual([]);
  });

  test("leaves a request alone when nobody listens, or the answer is no decision", async () => {
    expect(await run(request, "success", "http://127.0.0.1:9")).toEqual(request);
    expect(await run(request, "success", `${server.url}/nowhere`)).toEqual(request);
  });

  test("leaves out facts that the sidecar would refuse", async () => {
    const metadata = { ...request.metadata, note: "x".repeat(500), list: [1], count: 3 };
    const { model } = await run({ ...request, metadata });
    expect(model).not.toBe("signalbox");
  });
});
