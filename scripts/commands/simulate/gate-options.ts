import type { GateOptions } from "../../../pipelines/cascade/workspace-gate.js";
import type { NumberRules } from "../check-numbers.js";

/** Options that describe a gate, or a verifier, to the verbs that simulate one. */
export const gateOptions = {
  "gate-tpr": {
    type: "number",
    describe: "P(the gate accepts a sufficient answer); default: as label calibrate measured the judge",
  },
  "gate-tnr": {
    type: "number",
    describe: "P(the gate rejects an insufficient answer); belongs to --gate-tpr",
  },
  "gate-n": {
    type: "number",
    describe: "Answers of each kind that both rates were measured on; without it they are taken as known",
  },
  "gate-usd": { type: "number", describe: "USD of one look; without it the cost stays unknown" },
  "gate-ms": { type: "number", describe: "Milliseconds of one look; without it times stay unknown" },
} as const;

/** What the numbers of {@link gateOptions} may be. */
export const gateRules: NumberRules = {
  "gate-tpr": { from: 0, to: 1 },
  "gate-tnr": { from: 0, to: 1 },
  "gate-n": { from: 1, isWhole: true },
  "gate-usd": { from: 0 },
  "gate-ms": { from: 0 },
};

/** The gate as it was given. */
export function readGateOptions(argv: {
  gateTpr?: number;
  gateTnr?: number;
  gateN?: number;
  gateUsd?: number;
  gateMs?: number;
}): GateOptions {
  return {
    tpr: argv.gateTpr,
    tnr: argv.gateTnr,
    measuredOn: argv.gateN,
    usd: argv.gateUsd,
    ms: argv.gateMs,
  };
}
