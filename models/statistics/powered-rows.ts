/** Rows that were predicted, and a weighted sample of them that was measured. */
export interface PoweredInput {
  /** Rows that count, and columns by row number: cluster, stratum, prediction. */
  rows: Int32Array;
  clusters: Int32Array;
  clusterCount: number;
  strata: Int32Array;
  strataCount: number;
  predictions: Float64Array;
  /** The measured sample: its rows, what was measured, and the inverse probability with which each was drawn. */
  labelled: { rows: Int32Array; values: Float64Array; weights: Float64Array };
}

/** What the measured sample makes of a stratum. */
export interface PoweredStratum {
  rows: number;
  labelled: number;
  labelledClusters: number;
  /** Weight of the prediction: 0 = measured values alone, 1 = the prediction plus its mean error; null = nothing measured, the
   * prediction stands. */
  lambda: number | null;
}

/** Predictions corrected by a measured sample, as a value of each row: within a stratum the measured mean, plus lambda times how far the
 * row's prediction lies above the measured rows' mean prediction, and on measured rows the inverse-probability-weighted rest. The mean
 * over all rows is the PPI++ estimate stratum by stratum, over any group the difference estimator, and the values' scatter by
 * cluster is its linearised error: build any clustered interval on them. Single values mean nothing. A stratum measured in fewer than two clusters keeps its predictions.
 * @returns by row number, NaN for rows that don't count
 * @see Angelopoulos, Duchi and Zrnic 2023, PPI++; Cassel, Saerndal and Wretman 1976 for the difference estimator */
export function poweredRows(input: PoweredInput): { values: Float64Array; strata: PoweredStratum[] } {
  const { rows, strata, predictions, labelled } = input;
  const fits = Array.from({ length: input.strataCount }, (_, stratum) => fitStratum(input, stratum));
  const values = new Float64Array(predictions.length).fill(Number.NaN);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const fit = fits[strata[row]!]!;
    values[row] =
      fit.lambda === null
        ? predictions[row]!
        : fit.measured + fit.lambda * (predictions[row]! - fit.predictedOfLabelled);
  }
  labelled.rows.forEach((row, i) => {
    const fit = fits[strata[row]!]!;
    if (fit.lambda === null) return;
    const rest =
      labelled.values[i]! - fit.measured - fit.lambda * (predictions[row]! - fit.predictedOfLabelled);
    values[row]! += (fit.rows * labelled.weights[i]! * rest) / fit.weight;
  });
  return {
    values,
    strata: fits.map(({ rows: all, labelled: few, labelledClusters, lambda }) => ({
      rows: all,
      labelled: few,
      labelledClusters,
      lambda,
    })),
  };
}

interface StratumFit extends PoweredStratum {
  /** Sum of the sample's weights. */
  weight: number;
  /** Weighted means of the sample, and the mean prediction of all rows. */
  measured: number;
  predictedOfLabelled: number;
  predicted: number;
}

function fitStratum(input: PoweredInput, stratum: number): StratumFit {
  const { rows, strata, predictions, labelled, clusters, clusterCount } = input;
  let [count, sum] = [0, 0];
  for (let i = 0; i < rows.length; i++) {
    if (strata[rows[i]!] !== stratum) continue;
    count += 1;
    sum += predictions[rows[i]!]!;
  }
  const own = [...labelled.rows.keys()].filter((i) => strata[labelled.rows[i]!] === stratum);
  const total = (of: (i: number) => number) => own.reduce((all, i) => all + labelled.weights[i]! * of(i), 0);
  const weight = total(() => 1);
  const labelledClusters = new Set(own.map((i) => clusters[labelled.rows[i]!]!)).size;
  const fit: StratumFit = {
    rows: count,
    labelled: own.length,
    labelledClusters,
    lambda: null,
    weight,
    measured: total((i) => labelled.values[i]!) / weight,
    predictedOfLabelled: total((i) => predictions[labelled.rows[i]!]!) / weight,
    predicted: sum / count,
  };
  if (labelledClusters < 2) return fit;
  // Errors by cluster: of the measured mean, and of the prediction's correction.
  const measuredPart = new Float64Array(clusterCount);
  const predictedPart = new Float64Array(clusterCount);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (strata[row] === stratum)
      predictedPart[clusters[row]!]! -= (predictions[row]! - fit.predicted) / count;
  }
  for (const i of own) {
    const row = labelled.rows[i]!;
    const share = labelled.weights[i]! / weight;
    measuredPart[clusters[row]!]! += share * (labelled.values[i]! - fit.measured);
    predictedPart[clusters[row]!]! += share * (predictions[row]! - fit.predictedOfLabelled);
  }
  return { ...fit, lambda: leastVariance(measuredPart, predictedPart) };
}

/** Where all measured values are equal their scatter says nothing about their error; the predictions' then stands for it. */
function leastVariance(measured: Float64Array, predicted: Float64Array): number {
  let [product, square, own] = [0, 0, 0];
  for (let c = 0; c < measured.length; c++) {
    product += measured[c]! * predicted[c]!;
    square += predicted[c]! ** 2;
    own += measured[c]! ** 2;
  }
  if (!(own > 1e-24)) return 1;
  return square > 0 ? Math.min(1, Math.max(0, product / square)) : 0;
}
