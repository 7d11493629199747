/** Stored bytes per so many elements, as exact small fractions: a scale shared by 128 elements is `{ bytes: 2, per: 128 }`. */

export interface Ratio {
  bytes: number
  per: number
}

/** A fraction in lowest terms; `bytes` may be halves, as in two 4-bit codes a byte. */
export function ratio(bytes: number, per = 1): Ratio {
  let [top, bottom] = [bytes, per]
  while (!Number.isInteger(top)) [top, bottom] = [top * 2, bottom * 2]
  const divisor = greatestCommonDivisor(top, bottom)
  return { bytes: top / divisor, per: bottom / divisor }
}

export function add(...terms: Ratio[]): Ratio {
  return terms.reduce((sum, term) => {
    const shared = greatestCommonDivisor(sum.per, term.per)
    return ratio(sum.bytes * (term.per / shared) + term.bytes * (sum.per / shared), (sum.per / shared) * term.per)
  })
}

export const bitsPerElement = ({ bytes, per }: Ratio) => (8 * bytes) / per

/** Bytes of that many elements, rounded up. */
export const bytesOf = ({ bytes, per }: Ratio, elements: number) => Math.ceil((elements * bytes) / per)

/**
 * The same fraction, such that `elements` times its numerator stays a safe integer. Only a fraction too fine for that
 * (a scale per row of an odd width in a very large model) is rounded, upwards and by less than one part in ten thousand.
 */
export function safeFor(elements: number, fraction: Ratio): Ratio {
  const largest = Math.floor(Number.MAX_SAFE_INTEGER / Math.max(1, elements))
  if (fraction.bytes <= largest) return fraction
  const per = 2 ** Math.max(0, Math.floor(Math.log2((largest * fraction.per) / fraction.bytes)))
  return ratio(Math.ceil((fraction.bytes * per) / fraction.per), per)
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
