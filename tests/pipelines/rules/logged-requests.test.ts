import type { PolicyRule } from "@signalbox/runtime";
import { expect, test } from "vitest";
import { requestLog } from "../../../datasets/request-log.js";
import { loggedRequests } from "../../../pipelines/rules/logged-requests.js";
import { createRuleMatcher } from "../../../pipelines/rules/match-rules.js";
import { factsOf, type RuleRequest } from "../../../pipelines/rules/rule-request.js";
import { RuleTally } from "../../../pipelines/rules/rule-tally.js";
import { memoryEngine } from "../../support/memory-engine.js";
import { policyRule } from "../../support/policy-rule.js";
import { requestRow } from "../../support/request-row.js";

const logged = (request_id: string, fields: Partial<Parameters<typeof requestRow>[0]> = {}) =>
  requestRow({
    request_id,
    app: "chat",
    endpoint: "chat",
    content_state: "redacted",
    user_text: `text of ${request_id}`,
    n_tools: 0,
    n_images: 0,
    cost_list_usd: 0.5,
    ...fields,
  });

async function read(facts: readonly string[], rows: ReturnType<typeof logged>[]): Promise<RuleRequest[]> {
  const engine = await memoryEngine(requestLog, rows);
  const found: RuleRequest[] = [];
  for await (const batch of loggedRequests(engine, facts)) found.push(...batch);
  engine.close();
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

test("one request per logical request: its last attempt, the dollars of all, embeddings left out", async () => {
  const found = await read(
    [],
    [
      logged("a1", { logical_id: "a", cost_list_usd: 0.25 }),
      logged("a2", { logical_id: "a", attempt_no: 2, user_text: "again" }),
      logged("b", { cost_list_usd: null }),
      logged("c", { status: "error", cost_list_usd: null }),
      logged("d", { endpoint: "embeddings" }),
      logged("e", { cost_list_usd: 0.1, cost_reported_usd: 0.2, tenant: "acme", n_images: 2, max_tokens: 9 }),
    ],
  );
  expect(found.map(({ id, usd }) => [id, usd])).toEqual([
    ["a2", 0.75],
    ["b", null],
    ["c", 0],
    ["e", 0.2],
  ]);
  expect(found[0]!.read.userText).toBe("again");
  expect(found[3]).toMatchObject({
    meta: { app: "chat", endpoint: "chat", tenant: "acme" },
    read: { nImages: 2, maxTokens: 9 },
  });
});

test("what the log doesn't say is unknown: tags always, other facts where a row lacks them", async () => {
  const found = await read(
    ["text", "tools", "images", "app", "tag", "meta.plan", "meta.tenant"],
    [
      logged("a", { tenant: "acme" }),
      logged("b", { content_state: "hashed" }),
      logged("c", { app: null, n_tools: null, n_images: null, user_text: null }),
    ],
  );
  expect(found.map(({ unknown }) => [...unknown].sort())).toEqual([
    ["meta.plan", "tag"],
    ["meta.plan", "meta.tenant", "tag", "text"],
    ["app", "images", "meta.plan", "meta.tenant", "tag", "text", "tools"],
  ]);
});

test("a request is undecided where a rule might claim it, and only there", async () => {
  const rules: PolicyRule[] = [
    policyRule("gold", { app: "chat", meta: { plan: "gold" } }, { model: "large" }),
    policyRule("all", { app: ["chat", "mail"] }, { model: "small" }),
  ];
  const requests = await read(
    rules.flatMap(({ when }) => factsOf(when)),
    [logged("a"), logged("b", { app: "mail" }), logged("c", { app: "other" }), logged("d", { app: null })],
  );
  const match = createRuleMatcher(rules, ["small", "large"]);
  const matches = requests.map((request) => match(request));
  expect(matches).toEqual([
    { claimed: null, undecided: 0, holding: [1] },
    { claimed: 1, undecided: null, holding: [1] },
    { claimed: null, undecided: null, holding: [] },
    { claimed: null, undecided: 0, holding: [] },
  ]);
  const tally = new RuleTally(rules, "salt");
  requests.forEach((request, i) => {
    tally.add(request, matches[i]!, null);
  });
  const { rules: findings, undecided, unclaimed } = tally.finish(false);
  expect(findings[0]).toMatchObject({
    status: "unknown",
    unknown: { requests: 2, facts: ["app", "meta.plan"] },
  });
  expect(findings[1]).toMatchObject({ status: "claims", requests: 1, matches: 2 });
  expect([undecided.requests, unclaimed.requests]).toEqual([2, 1]);
});
