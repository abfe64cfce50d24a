import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Policy } from "@signalbox/runtime";
import { afterAll, expect, test } from "vitest";
import { exportPolicy } from "../../../pipelines/export/export-policy.js";
import { routerPolicy } from "../../support/router-policy.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-export-policy-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder of artifacts whose newest has this policy. */
function folderWith(name: string, policy: Policy): string {
  const folder = join(root, name);
  mkdirSync(join(folder, "before"), { recursive: true });
  writeFileSync(join(folder, "before", "policy.json"), JSON.stringify(policy));
  writeFileSync(join(folder, "latest.json"), JSON.stringify({ artifact_id: "before" }));
  return folder;
}

const empty = join(root, "empty");

test("a first export prices switching, and has no other setting that nobody asked for", () => {
  const { policy, dropped } = exportPolicy(routerPolicy(), empty, {});
  expect(policy.switching).toEqual({ drops: "when_cheaper", min_prefix_tokens: 1_024, cache_ttl_s: 300 });
  expect({ ...policy, switching: undefined }).toEqual({ ...routerPolicy(), switching: undefined });
  expect(dropped).toEqual([]);
  expect(
    exportPolicy(routerPolicy(), empty, { operating: { switching: "never" } }).policy.switching!.drops,
  ).toBe("never");
});

const before = routerPolicy({
  enabled: false,
  ramp: { share: 0.05, salt: "old" },
  max_cost_usd: 0.3,
  min_confidence: undefined,
  switching: { drops: "never", min_prefix_tokens: 1, cache_ttl_s: 1 },
});

test("settings of the artifact before that are gone are named", () => {
  const { policy, dropped } = exportPolicy(routerPolicy(), folderWith("gone", before), {
    operating: { max_cost_usd: 1 },
  });
  expect(dropped).toEqual(["ramp", "enabled: false"]);
  expect(policy).toMatchObject({ enabled: true, max_cost_usd: 1 });
});

test("settings of the artifact before are kept on demand, below what is given now", () => {
  const { policy, dropped } = exportPolicy(routerPolicy(), folderWith("kept", before), {
    keep: true,
    operating: { max_cost_usd: 1 },
  });
  expect(dropped).toEqual([]);
  expect(policy).toMatchObject({
    enabled: false,
    ramp: { share: 0.05, salt: "old" },
    max_cost_usd: 1,
    switching: { drops: "never" },
    thresholds: routerPolicy().thresholds,
  });
});

test("kept settings that name a model which is gone are refused", () => {
  const folder = folderWith("lost-model", routerPolicy({ deny_models: ["medium"] }));
  const { medium: _, ...thresholds } = routerPolicy().thresholds;
  const without = routerPolicy({
    models: routerPolicy().models.filter(({ model }) => model !== "medium"),
    thresholds,
  });
  expect(() => exportPolicy(without, folder, { keep: true })).toThrow(/deny_models names "medium"/);
});

test("nothing to keep is said", () => {
  expect(() => exportPolicy(routerPolicy(), empty, { keep: true })).toThrow(
    /no artifact whose settings could be kept/,
  );
});
