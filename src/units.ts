/**
 * Quantities as people write and read them: bytes, tokens, names. No memory model, no DOM: every layer may use it.
 */

export const MiB = 2 ** 20
export const GiB = 2 ** 30
/** Decimal gigabyte, only where a vendor or the reader asks for it. */
export const GB = 1e9

export type ByteUnit = 'GiB' | 'GB'

const unitBytes: Record<ByteUnit, number> = { GiB, GB }
const narrowSpace = '\u202f'
const minus = '\u2212'

/**
 * Bytes in use, rounded up to hundredths, so that usage is never understated: `formatBytes(2 ** 30 + 1)` is `1.01 GiB`.
 * @param bytes a safe integer, negative for a saving
 */
export function formatBytes(bytes: number, unit: ByteUnit = 'GiB'): string {
  return `${hundredths(bytes, unit, Math.ceil)} ${unit}`
}

/**
 * Bytes there are, rounded down, so that room is never overstated: `formatRoom(2 ** 31 - 1)` is `1.99 GiB`.
 * @param bytes a safe integer
 */
export function formatRoom(bytes: number, unit: ByteUnit = 'GiB'): string {
  return `${hundredths(bytes, unit, Math.floor)} ${unit}`
}

/**
 * Bytes left over, rounded down and always with a sign, so that headroom is never overstated: `+3.09 GiB`, `−0.31 GiB`.
 * @param bytes a safe integer, negative when that much is missing
 */
export function formatHeadroom(bytes: number, unit: ByteUnit = 'GiB'): string {
  return `${bytes < 0 ? '' : '+'}${hundredths(bytes, unit, Math.floor)} ${unit}`
}

/** Exact for every safe integer: whole units and the rest are divided apart. */
function hundredths(bytes: number, unit: ByteUnit, round: (x: number) => number): string {
  const size = unitBytes[unit]
  const whole = Math.floor(bytes / size)
  const rest = round(((bytes - whole * size) * 100) / size)
  const total = BigInt(whole) * 100n + BigInt(rest)
  const magnitude = total < 0n ? -total : total
  const fraction = String(magnitude % 100n).padStart(2, '0')
  return `${total < 0n ? minus : ''}${groupDigits(magnitude / 100n)}.${fraction}`
}

/** A whole number with its digits in threes, as in `268 435 456`. */
export function formatInteger(n: number | bigint): string {
  return n < 0 ? `${minus}${groupDigits(-BigInt(n))}` : groupDigits(BigInt(n))
}

const groupDigits = (n: bigint) => String(n).replace(/\B(?=(\d{3})+$)/g, narrowSpace)

/** A count of parameters in three digits: `8.03\u202fB`. */
export function formatParameters(count: number): string {
  // 999.9 million are a billion with three digits.
  const [size, unit] = count >= 9.995e11 ? [1e12, 'T'] : count >= 9.995e8 ? [1e9, 'B'] : [1e6, 'M']
  return `${(count / size).toPrecision(3)}${narrowSpace}${unit}`
}

/** A count of tokens as model makers write it: `131072` is `128k`, `1048576` is `1M`; others keep their digits. */
export function formatTokens(tokens: number): string {
  if (tokens > 0 && tokens % 2 ** 20 === 0) return `${formatInteger(tokens / 2 ** 20)}M`
  if (tokens > 0 && tokens % 2 ** 10 === 0) return `${formatInteger(tokens / 2 ** 10)}k`
  return formatInteger(tokens)
}

const suffixes: Record<string, number> = { '': 1, k: 2 ** 10, m: 2 ** 20 }

/**
 * Reads a count typed by a person: `8192`, `4 096`, `4,096`, `32k`, `128K`, `1M`, `1.5k`; k is 1024 and M is 1024².
 * @throws {RangeError} with a sentence that says what was read and what is understood
 */
export function parseQuantity(text: string): number {
  const match = /^(\d{1,3}(?:[\s_,]\d{3})+|\d+)(\.\d+)?\s*([km]?)$/i.exec(text.trim())
  if (!match) throw new RangeError(`${quote(text)} is not a count: write it like 8192, 32k or 1M.`)
  const [, digits, fraction = '', suffix] = match
  const value = Number(digits.replace(/\D/g, '') + fraction) * suffixes[suffix.toLowerCase()]
  if (value > Number.MAX_SAFE_INTEGER) throw new RangeError(`${quote(text)} is too large: the most is 2^53 − 1.`)
  if (!Number.isInteger(value)) throw new RangeError(`${quote(text)} is not a whole number: write it like 8192 or 32k.`)
  return value
}

const quote = (text: string) => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)

/**
 * The names most like a mistyped one, best first: those that share the most pairs of neighbouring letters (Dice's
 * coefficient), letters and digits only. Names that share little are left out: a guess that is not near says less than none.
 */
export function closest(query: string, names: readonly string[], count: number): string[] {
  const wanted = letterPairs(query)
  return names
    .map((name) => ({ name, likeness: likeness(wanted, letterPairs(name)) }))
    .filter((candidate) => candidate.likeness >= NEAR)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, count)
    .map((candidate) => candidate.name)
}

/** `qwne3 8b` is 0.57 like `qwen 3 8b`, `asdfqwer` 0.29 like `qwen 7b`. */
const NEAR = 0.36

/** Pairs of neighbouring characters; a leading space makes the first letter count too. Long input is cut. */
function letterPairs(text: string): Set<string> {
  const plain = ` ${text
    .slice(0, 100)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')}`
  return new Set(Array.from(plain.slice(1), (letter, i) => plain[i] + letter))
}

function likeness(a: Set<string>, b: Set<string>): number {
  let shared = 0
  for (const pair of a) if (b.has(pair)) shared++
  return shared === 0 ? 0 : (2 * shared) / (a.size + b.size)
}

/** What cannot be seen in a name or message, and hides there: it steers a terminal, turns a line around, or makes two names look alike. */
export const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Text with its invisible characters as their numbers. */
export const visible = (text: string): string =>
  text.replace(invisible, (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
