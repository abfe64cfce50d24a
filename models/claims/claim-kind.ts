import type { CheckedFields } from "../../datasets/checked-fields.js";
import type { Exact } from "../pricing/exact.js";

/** One figure that a kind of claim computes. Its unit is in its name: `..._usd`, `..._percent`, else a plain number. */
export interface ClaimOutput {
  value: Exact;
  /** The arithmetic in words, result included. */
  how: string;
  /** How a stated figure has to lie to it; equal when absent. */
  relation?: "below" | "above";
}

/** Another way of getting at a figure of this name: what the author may have computed instead. */
export interface ClaimReading {
  output: string;
  value: Exact;
  /** "% of the bill after", for "43 follows as ...". */
  label: string;
}

/** What a claim's inputs come to. */
export interface ClaimResult {
  /** null for a figure that doesn't exist, which the contradictions explain. */
  outputs: Record<string, ClaimOutput | null>;
  readings?: readonly ClaimReading[];
  /** Why the claim can't hold whatever its figures are. */
  contradictions?: readonly string[];
  /** What else the arithmetic says when the claim fails. */
  remarks?: readonly string[];
}

/** A kind of claim: a general formula from inputs to figures. */
export interface ClaimKind {
  /** What it computes, half a line. */
  about: string;
  /** @param inputs read field by field
   * @param stated figures of the claim by name, for remarks about what they imply
   * @throws {InputError} if an input is absent or out of range */
  compute(inputs: CheckedFields, stated: ReadonlyMap<string, Exact>): ClaimResult;
}
