import { shareAxis, usdAxis } from "./theme.js";

/** The axes of every chart that holds cost against quality: field `usd` to the right, field `retention` upwards.
 * @param cost what the dollars are of */
export function costAndQuality(cost: string) {
  const x = {
    field: "usd",
    type: "quantitative" as const,
    title: `${cost} (USD)`,
    scale: { zero: true, nice: true },
    axis: usdAxis,
  };
  const y = {
    field: "retention",
    type: "quantitative" as const,
    title: "Quality kept (share of always-strong)",
    scale: { zero: false, nice: true },
    axis: shareAxis,
  };
  return { x, y };
}
