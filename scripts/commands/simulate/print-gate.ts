import type { GateFacts } from "../../../datasets/cascade-result.js";
import { percent, printLine, usd, withInterval } from "../../terminal.js";

/** Print what is known of a gate, or why there is none. */
export function printGate(gate: GateFacts | null, missing: string | null): void {
  if (gate === null) {
    printLine(`Gate: ${missing}`);
    return;
  }
  const price = gate.usd === null ? "price unknown (--gate-usd)" : `${usd(gate.usd)} a look`;
  const time = gate.ms === null ? "time unknown (--gate-ms)" : `${gate.ms} ms`;
  printLine(
    `Gate: accepts ${withInterval(gate.tpr, percent)} of good answers, rejects ${withInterval(gate.tnr, percent)} of bad ones; ${price}, ${time} (${gate.source})`,
  );
}
