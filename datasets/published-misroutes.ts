import type { MisrouteClaim } from "./misroutes-result.js";

/** A published audit of calls on the wrong model, as stated; it says neither what "wrong" means nor how sure the figures are. */
export const publishedMisroutes: MisrouteClaim = {
  label: "62 % of calls on the wrong model; 78 % overkill, 22 % underpowered",
  wrong: 0.62,
  overkill: 0.78,
  underpowered: 0.22,
  note: "The pair can be read in two ways. As shares of the wrong calls it makes 48.4 % of all calls overkill and 13.6 % underpowered. As shares of all calls it leaves no call right-sized, which contradicts the 62 %: 78 % is then only what 22 % leaves of 100 %.",
  source: "a published audit of a million calls, about other people's traffic",
};
