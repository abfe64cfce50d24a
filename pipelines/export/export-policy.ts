import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Policy } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import { readJsonFile } from "../../datasets/read-json-file.js";
import {
  applyOperating,
  defaultSwitching,
  type OperatingChange,
  type OperatingField,
  operatingFields,
} from "./apply-operating.js";
import { checkPolicy } from "./check-policy.js";
import { readLatest } from "./open-artifact.js";

/** The policy that an export writes: what training found out, with the operator's settings on top.
 * @param folder holds the artifacts; the one that its latest.json names is the artifact before
 * @param keep start from the settings of the artifact before, and its kill switch
 * @returns the policy, and which settings of the artifact before it lacks
 * @throws {InputError} if a setting is one that the runtime refuses */
export function exportPolicy(
  trained: Policy,
  folder: string,
  { rate, operating = {}, keep = false }: { rate?: number; operating?: OperatingChange; keep?: boolean },
): { policy: Policy; dropped: string[] } {
  const before = policyBefore(folder, keep);
  const base: Policy = {
    ...trained,
    shadow: { ...trained.shadow, rate: rate ?? trained.shadow.rate },
    switching: defaultSwitching,
    ...(keep && before !== null ? { ...settingsOf(before), enabled: before.enabled } : {}),
  };
  const policy = applyOperating(base, operating);
  checkPolicy(policy, "the policy");
  return { policy, dropped: before === null ? [] : droppedSettings(before, policy) };
}

function policyBefore(folder: string, keep: boolean): Policy | null {
  const latest = readLatest(folder);
  const path = latest === null ? null : join(folder, latest, "policy.json");
  if (path !== null && existsSync(path)) return readJsonFile<Policy>(path, "export without --keep-operating");
  if (!keep) return null;
  throw new InputError(
    `${folder}: no artifact whose settings could be kept; export without --keep-operating`,
  );
}

function settingsOf(policy: Policy): Pick<Policy, OperatingField> {
  return Object.fromEntries(
    operatingFields.flatMap((field) => (policy[field] === undefined ? [] : [[field, policy[field]]])),
  );
}

/** Settings that someone made for the artifact before and that are gone now: nobody takes back a ramp by training again. */
function droppedSettings(before: Policy, policy: Policy): string[] {
  const isGone = (field: OperatingField) =>
    before[field] !== undefined && before[field] !== null && policy[field] === undefined;
  return [
    ...operatingFields.filter(isGone),
    ...(!before.enabled && policy.enabled ? ["enabled: false"] : []),
  ];
}
