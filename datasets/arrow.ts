import { Bool, Float64, Table, Utf8, type Vector, vectorFromArray } from "apache-arrow";

/** Build an Arrow table from plain columns. Numbers become Float64, booleans Bool, text Utf8; null stays null.
 * A column of nulls alone becomes Float64.
 * @param columns equally long arrays by name */
export function arrowFromColumns(columns: Readonly<Record<string, readonly unknown[]>>): Table {
  return new Table(
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, vectorOf(values)])),
  );
}

function vectorOf(values: readonly unknown[]): Vector {
  const sample = values.find((value) => value !== null && value !== undefined);
  if (typeof sample === "string") return vectorFromArray(values as (string | null)[], new Utf8());
  if (typeof sample === "boolean") return vectorFromArray(values as (boolean | null)[], new Bool());
  return vectorFromArray(values as (number | null)[], new Float64());
}
