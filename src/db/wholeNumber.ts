/** int8 as both drivers give it here: a number, and a bigint only where a number would not be exact. */
export function wholeNumber(digits: string): number | bigint {
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : BigInt(digits)
}

/** The type number of int8. */
export const INT8 = 20
