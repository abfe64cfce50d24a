import type { Policy, PolicyRule, RuleAction } from "@signalbox/runtime";
import type { Progress } from "../../datasets/progress.js";
import type { RulesCheck } from "../../datasets/rules-check.js";
import { openTables, type Workspace } from "../../datasets/workspace.js";
import { checkPolicy } from "../export/check-policy.js";
import { openArtifact } from "../export/open-artifact.js";
import { readRulesFile } from "../export/read-operating.js";
import { fileRequests } from "./file-requests.js";
import { loggedRequests } from "./logged-requests.js";
import { createRuleMatcher } from "./match-rules.js";
import { createConflictFinder } from "./rule-conflicts.js";
import { factsOf, type RuleRequest } from "./rule-request.js";
import { RuleTally } from "./rule-tally.js";

/** Where rules are tried. */
export interface RulesCheckOptions {
  /** JSON file with the rules. */
  rules: string;
  /** Requests: those of a workspace's log, or of a JSONL file. */
  source: { workspace: Workspace } | { log: string };
  /** Artifact whose models and constraints count; without one, neither is checked. */
  artifact?: string;
  onProgress?: Progress;
}

/** Try rules on logged requests before they are put to work: which requests each claims, in their order, and which never fires. The
 * conditions are asked by the runtime's own matcher. Requests are streamed; memory doesn't grow with them.
 * @throws {InputError} if the rules are ones that the runtime refuses, or a file can't be read */
export async function checkRules({
  rules: rulesPath,
  source,
  artifact,
  onProgress = () => {},
}: RulesCheckOptions): Promise<RulesCheck> {
  const rules = readRulesFile(rulesPath);
  const opened = artifact === undefined ? null : await openArtifact(artifact);
  const policy: Policy = { ...(opened?.policy ?? namelessPolicy(rules)), rules };
  checkPolicy(policy, rulesPath);
  const models = policy.models.map(({ model }) => model);
  const match = createRuleMatcher(rules, models);
  const conflictOf = opened === null ? null : createConflictFinder(policy, opened.manifest.heads);
  const facts = [...new Set(rules.flatMap(({ when }) => factsOf(when)))];
  const isWorkspace = "workspace" in source;
  const tally = new RuleTally(rules, isWorkspace ? source.workspace.salt : source.log);
  let unreadable = 0;
  for await (const batch of requestsOf(source, facts)) {
    for (const request of batch) {
      if (request === null) {
        unreadable += 1;
        continue;
      }
      const found = match(request);
      const claimed = found.claimed === null ? null : rules[found.claimed]!;
      tally.add(request, found, claimed === null ? null : (conflictOf?.(request, claimed) ?? null));
    }
    onProgress({ label: "asking the rules", done: tally.requests, total: null, unit: "requests" });
  }
  return {
    schema_version: 1,
    source: isWorkspace ? source.workspace.path : source.log,
    artifact_id: opened?.manifest.artifact_id ?? null,
    ...tally.finish(conflictOf !== null),
    unreadable,
    notes: notesOf(isWorkspace, opened === null),
  };
}

async function* requestsOf(
  source: RulesCheckOptions["source"],
  facts: readonly string[],
): AsyncGenerator<Array<RuleRequest | null>> {
  if ("log" in source) {
    yield* fileRequests(source.log);
    return;
  }
  const engine = await openTables(source.workspace);
  try {
    yield* loggedRequests(engine, facts);
  } finally {
    engine.close();
  }
}

/** A policy of the models that rules name, where nobody says which there are. */
function namelessPolicy(rules: readonly PolicyRule[]): Policy {
  const names = [...new Set(rules.flatMap((rule) => namesIn((rule as Partial<PolicyRule> | null)?.then)))];
  const models = (names.length > 0 ? names : ["model"]).map((model) => ({
    model,
    provider: null,
    input_usd_per_mtok: null,
    output_usd_per_mtok: null,
    mean_cost_usd: null,
    context_window: null,
    supports_tools: null,
    supports_vision: null,
    supports_json: null,
  }));
  return {
    strong_model: models.at(-1)!.model,
    default_model: models.at(-1)!.model,
    models,
    excluded: [],
    retention_target: 1,
    confidence: 0.95,
    thresholds: {},
    in_distribution: null,
    stakes_threshold: null,
    shadow: { rate: 0, salt: "" },
    enabled: true,
  };
}

/** The rules weren't checked yet: an action may be anything. */
function namesIn(then: RuleAction | undefined): string[] {
  return Object.values(then ?? {})
    .flat()
    .filter((name): name is string => typeof name === "string" && name !== "");
}

function notesOf(isWorkspace: boolean, isNameless: boolean): string[] {
  return [
    ...(isWorkspace
      ? [
          "the log knows app, endpoint and tenant of a request's meta; of other facts, and of texts that ingest hashed or dropped, it can't say what a rule would do",
          "texts are as ingest kept them: where it redacted them, placeholders stand for what a pattern may look for",
        ]
      : []),
    ...(isNameless
      ? ["no artifact was named, so models and constraints weren't checked; --artifact DIR does"]
      : ["cost caps, sessions, the ramp and exploration come after rules and aren't part of this run"]),
  ];
}
