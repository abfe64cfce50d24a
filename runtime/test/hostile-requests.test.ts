import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import { hostileKinds, hostileRequest } from "../../datasets/synthetic/hostile-request.js";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import { loadRouter } from "../src/artifact/load-router.js";
import type { DecisionRecord } from "../src/log/decision-record.js";
import type { RouteRequest } from "../src/request/request.js";
import type { Router } from "../src/router/router.js";

let root: string;
let router: Router;
const kept: DecisionRecord[] = [];
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "signalbox-hostile-"));
  writeRandomArtifact(join(root, "artifact"), { hidden: 4, lengthQuantiles: [0.1, 0.5, 0.9] });
  router = await loadRouter(join(root, "artifact"), { decisionLog: (record) => kept.push(record) });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("whatever a caller hands over", () => {
  test.each(hostileKinds)("%s: every method answers, with a model that exists", (kind) => {
    const random = createRandom(7);
    for (let i = 0; i < 40; i++) {
      const request = hostileRequest(kind, random) as RouteRequest;
      const decision = router.decide(request);
      expect(["small", "medium", "large"]).toContain(decision.model);
      expect(decision.propensity).toBeGreaterThan(0);
      router.record(decision, request as object);
      router.cacheKey(request);
      const question = { prompt: request, neighbours: [request] } as never;
      expect(router.cacheDecision(question)).toMatchObject({
        decision: expect.stringMatching(/miss|abstain/),
      });
    }
  });

  test("attempts that claim four billion calls are left out of the record", () => {
    const decision = router.decide({ prompt: "x" });
    router.record(decision, { attempts: { length: 2 ** 31, 0: "x" } as never });
    router.record(decision, { attempts: new Array(4_000_000_000) });
    router.record(decision, { attempts: [null, 3, { model: "small", error_class: "timeout" }] as never });
    expect(kept.slice(-3).map(({ attempts }) => attempts)).toEqual([
      [],
      [],
      [{ model: "small", error_class: "timeout", latency_ms: null }],
    ]);
  });
});
