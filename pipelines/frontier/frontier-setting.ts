import type { FrontierKind, FrontierPoint } from "../../datasets/frontier-result.js";
import type { SettingSums } from "./setting-sums.js";

/** A setting that can be laid over the replayed rows, and what a reader is told of it. */
export interface FrontierSetting
  extends Pick<FrontierPoint, "kind" | "label" | "min_sufficiency" | "by_app" | "command" | "how"> {
  /** Sums over all rows. */
  sums: SettingSums;
}

/** A setting without thresholds, unless `rest` says otherwise. */
export function frontierSetting(
  kind: FrontierKind,
  label: string,
  sums: SettingSums,
  rest: Partial<FrontierSetting> = {},
): FrontierSetting {
  return { kind, label, min_sufficiency: null, by_app: null, command: null, how: "", ...rest, sums };
}
