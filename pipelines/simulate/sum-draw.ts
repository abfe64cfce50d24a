import type { ReplayColumns } from "./replay-columns.js";

/** A strategy as a draw for each attempt: the strong model with a probability, else one other. Its figures are expectations over that draw. */
export interface Draw {
  /** Probability of the strong model, in [0, 1]. */
  strongShare: (row: number) => number;
  /** Place of the model that answers otherwise; it may be the strong one, too. */
  otherwise: (row: number) => number;
}

/** What a strategy costs, keeps and takes by session, and how much it asks each model for. */
export interface DrawSums {
  usd: Float64Array;
  /** Sufficiency of its answers. */
  kept: Float64Array;
  ms: Float64Array;
  /** By model: expected requests, and tokens of output. */
  requests: number[];
  tokens: number[];
}

/** Sum a strategy up in one pass over the attempts. A model that isn't drawn is not asked: its figure may be unknown.
 * @param options.msOf milliseconds of an attempt on a model */
export function sumDraw(
  columns: ReplayColumns,
  rows: Int32Array,
  options: { sessions: number; msOf: (model: number, row: number) => number; draw: Draw },
): DrawSums {
  const { msOf, draw } = options;
  const strong = columns.models - 1;
  const sums = () => new Float64Array(options.sessions);
  const [usd, kept, ms] = [sums(), sums(), sums()];
  const requests = new Array<number>(columns.models).fill(0);
  const tokens = requests.slice();
  const add = (row: number, model: number, share: number): void => {
    const at = model * columns.rows + row;
    const session = columns.session[row]!;
    usd[session]! += share * columns.usd[at]!;
    kept[session]! += share * columns.sufficiency[at]!;
    ms[session]! += share * msOf(model, row);
    requests[model]! += share;
    tokens[model]! += share * columns.outputTokens[row]!;
  };
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const share = draw.strongShare(row);
    if (share > 0) add(row, strong, share);
    if (share < 1) add(row, draw.otherwise(row), 1 - share);
  }
  return { usd, kept, ms, requests, tokens };
}
