/** Whether a string of digits passes the Luhn check of payment cards (ISO/IEC 7812-1, annex B). */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Whether an account number without spaces, in capitals, passes the mod-97 check of ISO 13616. */
export function isMod97(iban: string): boolean {
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

/** Whether digits pass a weighted sum: the sum of digit times weight is a multiple of `modulus`. */
export function isWeightedSum(digits: string, weights: readonly number[], modulus: number): boolean {
  const sum = weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return digits.length === weights.length && sum % modulus === 0;
}

/** Whether a string of digits passes the check of Verhoeff (1969), as Aadhaar numbers do. */
export function isVerhoeff(digits: string): boolean {
  let check = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = Number(digits[digits.length - 1 - i]);
    for (let n = i % 8; n > 0; n--) digit = verhoeffPermutation[digit]!;
    check = dihedralProduct(check, digit);
  }
  return check === 0;
}

const verhoeffPermutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** Product in the dihedral group of the pentagon: 0 to 4 are rotations, 5 to 9 reflections. */
function dihedralProduct(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b - 5) % 5);
  return b < 5 ? 5 + ((a - 5 - b + 5) % 5) : (a - b + 5) % 5;
}
