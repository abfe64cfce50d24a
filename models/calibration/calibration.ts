/** How a score becomes a probability. */
export const CalibrationMethod = {
  temperature: "temperature",
  platt: "platt",
  isotonic: "isotonic",
} as const;
export type CalibrationMethod = (typeof CalibrationMethod)[keyof typeof CalibrationMethod];

/** A strictly increasing map from a score to a logit: z = score x scale + shift, then z + the sum of bend x max(0, z - knot).
 * Temperature has shift 0 and no knots, Platt has no knots. */
export interface Calibration {
  method: CalibrationMethod;
  scale: number;
  shift: number;
  knots: Float64Array;
  /** Change of slope at each knot. */
  bends: Float64Array;
}

/** Calibrated probability of a score. */
export function calibratedProbability(
  score: number,
  { scale, shift, knots, bends }: Pick<Calibration, "scale" | "shift" | "knots" | "bends">,
): number {
  const z = score * scale + shift;
  let logit = z;
  for (let j = 0; j < knots.length; j++) logit += bends[j]! * Math.max(0, z - knots[j]!);
  return 1 / (1 + Math.exp(-logit));
}
