/** An estimate whose interval may be open: null (in memory also an infinite number, which JSON writes as null) where a side has no bound, as
 * with a single session, a high quantile of few rows, or a worst case. */
export interface OpenEstimate {
  value: number;
  low: number | null;
  high: number | null;
  /** How it was obtained and how its 95 % interval was built. */
  method: string;
  /** Rows that it rests on. */
  n: number;
}
