import { hash } from "node:crypto";
import type { OperatingPolicy, Policy, PolicyRule, SwitchingPolicy } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import { policyAtPoint } from "../train/policy-at-point.js";
import { applyModelFacts, type ModelFactsFile } from "./model-facts.js";

/** Settings of a policy that can be taken back. */
export const operatingFields = [
  "rules",
  "max_cost_usd",
  "min_confidence",
  "switching",
  "allow_models",
  "deny_models",
  "exploration",
  "ramp",
  "fallbacks",
] as const satisfies ReadonlyArray<keyof OperatingPolicy>;
export type OperatingField = (typeof operatingFields)[number];

/** What an operator asks for; absent = stays as it is. */
export interface OperatingChange {
  /** Settings of a file; those below come on top. Salts may be left out. */
  operating?: OperatingSettings;
  /** Settings to take back before anything is set. */
  clear?: readonly OperatingField[];
  /** Which point of the dial is in force. */
  retention?: number;
  rules?: PolicyRule[];
  max_cost_usd?: number;
  min_confidence?: number;
  switching?: SwitchingPolicy["drops"];
  allow_models?: string[];
  deny_models?: string[];
  /** Share of requests on which the model is drawn at random. */
  epsilon?: number;
  /** Share of sessions that follow the router. */
  ramp?: number;
  enabled?: boolean;
  models?: ModelFactsFile;
}

/** An operating policy as a person writes it: salts are made where they are missing, and the dial is never set by hand. */
export type OperatingSettings = Omit<OperatingPolicy, "dial" | "exploration" | "ramp"> & {
  exploration?: { epsilon: number; salt?: string };
  ramp?: { share: number; salt?: string };
};

/** What leaving a session's model costs unless the operator says otherwise: prefixes of 1,024 tokens live five minutes, the shortest
 * that OpenAI and Anthropic cache and the shortest life that they state. */
export const defaultSwitching: SwitchingPolicy = {
  drops: "when_cheaper",
  min_prefix_tokens: 1_024,
  cache_ttl_s: 300,
};

/** A policy with an operator's settings. Nothing is checked here; see `checkPolicy`.
 * @throws {InputError} if the dial has no such point, or a model is not in the policy */
export function applyOperating(policy: Policy, change: OperatingChange): Policy {
  const kept = without(policy, change.clear ?? []);
  const turned = change.retention === undefined ? kept : policyAtPoint(kept, pointOf(kept, change.retention));
  const { exploration, ramp, ...settings } = change.operating ?? {};
  const epsilon = change.epsilon ?? exploration?.epsilon;
  const share = change.ramp ?? ramp?.share;
  const base = { ...turned, ...settings };
  return {
    ...base,
    models: change.models === undefined ? base.models : applyModelFacts(base.models, change.models),
    ...given({
      rules: change.rules,
      max_cost_usd: change.max_cost_usd,
      min_confidence: change.min_confidence,
      allow_models: change.allow_models,
      deny_models: change.deny_models,
      enabled: change.enabled,
      switching: change.switching && { ...(base.switching ?? defaultSwitching), drops: change.switching },
      exploration:
        epsilon === undefined
          ? undefined
          : { epsilon, salt: exploration?.salt ?? saltOf(policy, "exploration") },
      ramp: share === undefined ? undefined : { share, salt: ramp?.salt ?? saltOf(policy, "ramp") },
    }),
  };
}

function without(policy: Policy, fields: readonly OperatingField[]): Policy {
  const kept = { ...policy };
  for (const field of fields) delete kept[field];
  return kept;
}

function pointOf({ dial = [] }: Policy, retention: number) {
  const point = dial.find((other) => Math.abs(other.retention - retention) < 1e-9);
  if (point !== undefined) return point;
  throw new InputError(
    dial.length === 0
      ? "this router has no dial; train again to certify one: signalbox train"
      : `retention is ${retention}, which isn't on the dial: ${dial.map((other) => other.retention).join(", ")}. Name one of these, or train for it: signalbox train --retention ${retention}`,
  );
}

function given<T extends object>(settings: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}

/** A salt that was set stays, so that sessions stay in their arms; a new one comes from the shadow sample's, which is the
 * workspace's own. Each purpose has another: samples are independent. */
function saltOf(policy: Policy, purpose: "exploration" | "ramp"): string {
  return policy[purpose]?.salt ?? hash("sha256", `${policy.shadow.salt}\0${purpose}`, "hex").slice(0, 24);
}
