import { rowsWhere } from "../split.js";
import { type Forecast, type Policy, type PolicyRows, selectPolicyRows } from "./policy.js";

/** Forecast every row by a fit that saw no row of its fold.
 * @param folds fold of each row, 0 to count - 1 */
export async function forecastOutOfFold(
  policy: Policy,
  rows: PolicyRows,
  folds: Int32Array,
  seed: number,
): Promise<Forecast> {
  const count = folds.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const forecast = rows.quality.map(() => new Float64Array(rows.texts.length));
  for (let fold = 0; fold < count; fold++) {
    const outside = rowsWhere(folds, (other) => other === fold);
    const inside = rowsWhere(folds, (other) => other !== fold);
    const fitted = await policy.fit(selectPolicyRows(rows, inside), seed);
    const part = await fitted.forecast(selectPolicyRows(rows, outside));
    part.forEach((values, model) => {
      outside.forEach((row, i) => {
        forecast[model]![row] = values[i]!;
      });
    });
  }
  return forecast;
}
