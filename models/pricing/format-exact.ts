import type { Exact } from "./exact.js";

/** "1,234.5": exact where up to six places are enough; else to the cent, or to four digits below one. */
export function formatExact(value: Exact): string {
  const size = value.abs();
  const exactPlaces = [0, 1, 2, 3, 4, 5, 6].find((places) => isDecimal(value, places));
  const digitsBelowOne = size.compare(1) >= 0 ? 2 : 4 + leadingZeros(size);
  const [whole, fraction] = value.toFixed(exactPlaces ?? Math.min(20, digitsBelowOne)).split(".") as [
    string,
    string?,
  ];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** "$1,234.50": whole dollars without cents, fractions of a cent where there are any. */
export function formatUsd(value: Exact): string {
  const text = formatExact(value.abs());
  const fraction = text.split(".")[1];
  return `${value.compare(0) < 0 ? "-" : ""}$${text}${fraction?.length === 1 ? "0" : ""}`;
}

/** "50.71 %" of a percentage. */
export function formatPercent(value: Exact): string {
  return `${formatExact(value)} %`;
}

function isDecimal(value: Exact, places: number): boolean {
  const scaled = value.times(10 ** places);
  return scaled.ceil().equals(scaled);
}

/** Zeros between the point and the first digit of a value below one. */
function leadingZeros(size: Exact): number {
  const number = size.toNumber();
  return number > 0 && number < 1 ? Math.max(0, Math.ceil(-Math.log10(number)) - 1) : 0;
}
