import type { TrafficOptions } from "./traffic.js";

/** The world of the log files in datasets/samples: small enough to read. `npm run samples` writes them. */
export const sampleOptions: TrafficOptions = { seed: 1, requests: 60, days: 5, from: "2026-03-02" };
