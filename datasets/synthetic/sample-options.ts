import type { TrafficOptions } from "./traffic.js";

/** The world of the log files in datasets/samples: small enough to read, with a seed that has every kind of attempt in it.
 * `npm run samples` writes them. */
export const sampleOptions: TrafficOptions = { seed: 193, requests: 60, days: 5, from: "2026-03-02" };
