/** An exact number: a fraction of whole numbers in lowest terms. Sums of money, percentages and break-evens are computed with it, so that
 * cents don't depend on the order of operations. For figures that a person checks; statistics over rows use plain numbers.
 *
 * A plain number stands for the decimal that it is written as: 0.1 is one tenth. */
export class Exact {
  private constructor(
    private readonly top: bigint,
    private readonly bottom: bigint,
  ) {}

  /** @throws {RangeError} if the value isn't finite */
  static of(value: number | bigint | Exact): Exact {
    if (value instanceof Exact) return value;
    if (typeof value === "bigint") return new Exact(value, 1n);
    const [, sign, whole, fraction = "", power = "0"] =
      /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
    if (whole === undefined) throw new RangeError(`${value} is not a finite number`);
    const digits = BigInt(`${sign}${whole}${fraction}`);
    const shift = Number(power) - fraction.length;
    return shift >= 0 ? new Exact(digits * tenTo(shift), 1n) : Exact.fraction(digits, tenTo(-shift));
  }

  static sum(values: ReadonlyArray<number | Exact>): Exact {
    return values.reduce<Exact>((total, value) => total.plus(value), Exact.of(0));
  }

  private static fraction(top: bigint, bottom: bigint): Exact {
    const sign = bottom < 0n ? -1n : 1n;
    const divisor = greatestDivisor(top < 0n ? -top : top, sign * bottom) * sign;
    return new Exact(top / divisor, bottom / divisor);
  }

  plus(other: number | Exact): Exact {
    const { top, bottom } = Exact.of(other);
    return Exact.fraction(this.top * bottom + top * this.bottom, this.bottom * bottom);
  }

  minus(other: number | Exact): Exact {
    return this.plus(Exact.of(other).times(-1));
  }

  times(other: number | Exact): Exact {
    const { top, bottom } = Exact.of(other);
    return Exact.fraction(this.top * top, this.bottom * bottom);
  }

  /** @throws {RangeError} if the other is zero */
  over(other: number | Exact): Exact {
    const { top, bottom } = Exact.of(other);
    if (top === 0n) throw new RangeError("division by zero");
    return Exact.fraction(this.top * bottom, this.bottom * top);
  }

  abs(): Exact {
    return this.top < 0n ? this.times(-1) : this;
  }

  /** Smallest whole number that isn't below it. */
  ceil(): Exact {
    const whole = this.top / this.bottom;
    return new Exact(this.top > 0n && whole * this.bottom !== this.top ? whole + 1n : whole, 1n);
  }

  /** Negative when it is smaller than the other, 0 when equal. */
  compare(other: number | Exact): number {
    const { top, bottom } = Exact.of(other);
    const difference = this.top * bottom - top * this.bottom;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  equals(other: number | Exact): boolean {
    return this.compare(other) === 0;
  }

  /** Decimal text with so many places, halves rounded away from zero. */
  toFixed(places: number): string {
    const scale = tenTo(places);
    const size = this.top < 0n ? -this.top : this.top;
    const rounded = (2n * size * scale + this.bottom) / (2n * this.bottom);
    const digits = String(rounded).padStart(places + 1, "0");
    const text =
      places === 0 ? digits : `${digits.slice(0, digits.length - places)}.${digits.slice(-places)}`;
    return this.top < 0n && rounded !== 0n ? `-${text}` : text;
  }

  /** The nearest plain number. */
  toNumber(): number {
    if (this.top === 0n) return 0;
    const shift = 20 + String(this.bottom).length - String(this.top).length;
    const digits =
      shift >= 0 ? (this.top * tenTo(shift)) / this.bottom : this.top / (this.bottom * tenTo(-shift));
    return Number(`${digits}e${-shift}`);
  }
}

function tenTo(power: number): bigint {
  return 10n ** BigInt(power);
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
