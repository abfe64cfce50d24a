import type { ColumnLoss, Targets } from "./head-loss.js";

/** Rows of one column: what each member predicts, what is true, and how much each row counts. */
interface StackRows {
  loss: ColumnLoss;
  /** Held-out logits per member, one entry per row. */
  members: readonly Float64Array[];
  values: Float64Array;
  /** 0 = doesn't count. */
  weights: Float64Array;
}

const steps = 100;
const negligible = 0.02;
/** Weight of the prior that members deserve equal shares, in nats: differences of that size are chance. */
const priorNats = 5;

/** Weights with which members' held-out logits are averaged so that the average loses least on the rows that count:
 * stacking on the simplex, per column, by exponentiated gradient with backtracking. A Dirichlet prior holds the shares near equal
 * until the rows say otherwise. Shares below 2 % are dropped.
 * @param logits (rows, columns) of each member, from models that did not see the row
 * @param counts which rows decide
 * @returns (members, columns), each column summing to 1
 * @see Yao et al. 2018, Using stacking to average Bayesian predictive distributions; Kivinen and Warmuth 1997 */
export function stackWeights(
  logits: readonly Float32Array[],
  targets: Targets,
  counts: (row: number) => boolean,
): Float64Array[] {
  const width = targets.columns.length;
  const weights = logits.map(() => new Float64Array(width));
  targets.columns.forEach((loss, c) => {
    const shares = stackColumn(columnRows(logits, targets, loss, c, counts));
    shares.forEach((share, member) => {
      weights[member]![c] = share;
    });
  });
  return weights;
}

function columnRows(
  logits: readonly Float32Array[],
  targets: Targets,
  loss: ColumnLoss,
  column: number,
  counts: (row: number) => boolean,
): StackRows {
  const width = targets.columns.length;
  const places: number[] = [];
  for (let i = column; i < targets.values.length; i += width) {
    if (targets.weights[i]! > 0 && counts((i - column) / width)) places.push(i);
  }
  const pick = (all: Float32Array) => Float64Array.from(places, (i) => all[i]!);
  return { loss, members: logits.map(pick), values: pick(targets.values), weights: pick(targets.weights) };
}

function stackColumn(rows: StackRows): Float64Array {
  const count = rows.members.length;
  let shares = new Float64Array(count).fill(1 / count);
  if (rows.values.length === 0) return shares;
  let { loss, gradient } = evaluate(rows, shares);
  let rate = 1;
  for (let step = 0; step < steps; step++) {
    const next = multiply(shares, gradient, rate);
    const result = evaluate(rows, next);
    if (result.loss > loss) {
      rate /= 4;
      if (rate < 1e-6) break;
      continue;
    }
    shares = next;
    ({ loss, gradient } = result);
    rate *= 2;
  }
  return dropNegligible(shares);
}

/** Move shares against the gradient, staying on the simplex. The rate is per standard gradient, so it has no unit. */
function multiply(shares: Float64Array, gradient: Float64Array, rate: number): Float64Array<ArrayBuffer> {
  const least = Math.min(...gradient);
  const spread = Math.max(...gradient) - least;
  const raw = shares.map((share, g) =>
    spread > 0 ? share * Math.exp((-rate * (gradient[g]! - least)) / spread) : share,
  );
  const total = raw.reduce((sum, share) => sum + share, 0);
  return raw.map((share) => share / total);
}

function evaluate(
  { loss: kind, members, values, weights }: StackRows,
  shares: Float64Array,
): { loss: number; gradient: Float64Array } {
  const gradient = new Float64Array(members.length);
  let loss = 0;
  for (let i = 0; i < values.length; i++) {
    let z = 0;
    for (let g = 0; g < members.length; g++) z += shares[g]! * members[g]![i]!;
    const y = values[i]!;
    const slope =
      kind.kind === "logistic" ? 1 / (1 + Math.exp(-z)) - y : z > y ? 1 - kind.level : -kind.level;
    loss +=
      weights[i]! *
      (kind.kind === "logistic"
        ? Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)))
        : slope * (z - y));
    for (let g = 0; g < members.length; g++) gradient[g]! += weights[i]! * slope * members[g]![i]!;
  }
  shares.forEach((share, g) => {
    loss -= priorNats * Math.log(share);
    gradient[g]! -= priorNats / share;
  });
  return { loss, gradient };
}

function dropNegligible(shares: Float64Array): Float64Array {
  const kept = shares.map((share) => (share < negligible ? 0 : share));
  const total = kept.reduce((sum, share) => sum + share, 0);
  return kept.map((share) => share / total);
}
