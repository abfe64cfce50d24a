/** A sum of many doubles whose error doesn't grow with their number: about one rounding of the result. For totals that must agree to
 * 1e-9 however their parts are grouped.
 * @see Neumaier 1974, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, variant IV */
export class CompensatedSum {
  private sum = 0;
  private lost = 0;

  add(value: number): void {
    const next = this.sum + value;
    this.lost += Math.abs(this.sum) >= Math.abs(value) ? this.sum - next + value : value - next + this.sum;
    this.sum = next;
  }

  get total(): number {
    return this.sum + this.lost;
  }
}
