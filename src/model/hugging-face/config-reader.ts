/**
 * Reads a config that nobody vouches for. Every value is checked for kind and range, every key that was read is
 * remembered, so that in the end the keys nobody understood can be told to the reader instead of being dropped.
 */
import { ModelImportError, shown } from '../errors.ts'

type Key = string | readonly string[]

/** Largest accepted values. The largest published models stay far below each of them. */
export const LIMITS = {
  /** Any width of a matrix: hidden, intermediate, vocabulary. */
  width: 2 ** 24,
  layers: 1024,
  heads: 8192,
  experts: 65536,
  positions: 2 ** 40,
} as const

export class ConfigReader {
  /** Where this object stands in the file: empty for the file itself, `text_config.` for that part of it. */
  readonly path: string
  /** What was not in the config and had to be filled in; shared with the readers of nested parts. */
  readonly assumptions: string[]
  readonly #source: Record<string, unknown>
  readonly #read = new Set<string>()
  #defaults: Record<string, unknown> = {}
  #defaultsOf = ''

  constructor(source: unknown, path = '', assumptions: string[] = []) {
    if (typeof source !== 'object' || source === null || Array.isArray(source)) {
      throw new ModelImportError(
        path.slice(0, -1) || 'config',
        `${shown(source)} is not an object; give a JSON object.`,
      )
    }
    this.#source = source as Record<string, unknown>
    this.path = path
    this.assumptions = assumptions
  }

  /** Values to use, and to report as assumed, for keys the config lacks; `owner` says whose defaults they are. */
  withDefaults(owner: string, defaults: Record<string, unknown>): this {
    this.#defaults = { ...this.#defaults, ...defaults }
    this.#defaultsOf = owner
    return this
  }

  /** True when the config itself (not a default) gives the key a value other than null. */
  has(key: string): boolean {
    return Object.hasOwn(this.#source, key) && this.#source[key] != null
  }

  /** True when the config has the key at all, be it with null. */
  mentions(key: string): boolean {
    return Object.hasOwn(this.#source, key)
  }

  /** A whole number from `min` to `max`. Several keys are names for one value and must agree. */
  count(key: Key, max: number = LIMITS.width, min = 1): number {
    return this.optionalCount(key, max, min) ?? this.#missing(key)
  }

  /** As `count`, or null when the key is absent or null. */
  optionalCount(key: Key, max: number = LIMITS.width, min = 1): number | null {
    const found = this.#find(key)
    return found === null ? null : checkCount(this.path + found.name, found.value, max, min)
  }

  /** A positive finite number, not necessarily whole. */
  ratio(key: Key, max: number): number {
    const found = this.#find(key)
    if (found === null) return this.#missing(key)
    return checkRatio(this.path + found.name, found.value, max)
  }

  flag(key: Key, fallback: boolean): boolean {
    const found = this.#find(key)
    if (found === null) return fallback
    if (typeof found.value === 'boolean') return found.value
    return this.fail(found.name, `${shown(found.value)} is neither true nor false.`)
  }

  /** Refuses a switch that is set to the one value whose consequences are not known here. */
  only(key: string, known: boolean): this {
    if (this.flag(key, known) !== known) this.fail(key, `${!known} is not supported for this model type.`)
    return this
  }

  /** A short word such as an activation's name, or null. */
  word(key: Key): string | null {
    const found = this.#find(key)
    if (found === null) return null
    if (typeof found.value === 'string' && /^[\w.+-]{1,64}$/.test(found.value)) return found.value
    return this.fail(found.name, `${shown(found.value)} is not a name of up to 64 letters, digits, dots and dashes.`)
  }

  /** A list of exactly `length` entries when a length is given, or null when absent. */
  list(key: Key, length: number | null): unknown[] | null {
    const found = this.#find(key)
    if (found === null) return null
    if (!Array.isArray(found.value)) return this.fail(found.name, `${shown(found.value)} is not a list.`)
    if (length !== null && found.value.length !== length) {
      return this.fail(found.name, `has ${found.value.length} entries; it needs one for each of the ${length} layers.`)
    }
    if (found.value.length > LIMITS.experts) return this.fail(found.name, `has more than ${LIMITS.experts} entries.`)
    return found.value
  }

  /** A list of whole numbers from 0 to `max`, or null when absent. */
  indices(key: Key, max: number, length: number | null = null): number[] | null {
    const list = this.list(key, length)
    const name = typeof key === 'string' ? key : (key[0] ?? '')
    return list?.map((value, at) => checkCount(`${this.path}${name}[${at}]`, value, max, 0)) ?? null
  }

  /** The nested object under a key, or null. */
  child(key: string): ConfigReader | null {
    const found = this.#find(key)
    return found === null ? null : new ConfigReader(found.value, `${this.path}${key}.`, this.assumptions)
  }

  /** The value as it stands, unchecked; null when absent. */
  raw(key: Key): unknown {
    return this.#find(key)?.value ?? null
  }

  /** Marks keys as understood: read elsewhere, or without influence on what is stored. */
  ignore(...keys: string[]): this {
    for (const key of keys) this.#read.add(key)
    return this
  }

  assume(text: string): void {
    if (!this.assumptions.includes(text)) this.assumptions.push(text)
  }

  fail(key: string, reason: string): never {
    throw new ModelImportError(this.path + key, reason)
  }

  /** Keys of the config that nothing has read, null values aside. */
  unread(): string[] {
    return Object.keys(this.#source).filter((key) => this.#source[key] != null && !this.#read.has(key))
  }

  #find(key: Key): { name: string; value: unknown } | null {
    const names = typeof key === 'string' ? [key] : key
    let found: { name: string; value: unknown } | null = null
    for (const name of names) {
      this.#read.add(name)
      if (!this.has(name)) continue
      const value = this.#source[name]
      if (found !== null && found.value !== value && typeof value !== 'object') {
        this.fail(name, `${shown(value)} contradicts ${found.name} ${shown(found.value)}; they name one quantity.`)
      }
      found ??= { name, value }
    }
    if (found !== null) return found
    for (const name of names) {
      // A key that is present but null says "none" in Hugging Face configs; only absence calls for a default.
      if (Object.hasOwn(this.#source, name)) return null
    }
    const name = names.find((candidate) => Object.hasOwn(this.#defaults, candidate))
    if (name === undefined || this.#defaults[name] == null) return null
    const value = this.#defaults[name]
    if (typeof value !== 'boolean') {
      this.assume(
        `${this.path}${name} is not in the config; ${shown(value)} was taken, the default of ${this.#defaultsOf}.`,
      )
    }
    return { name, value }
  }

  #missing(key: Key): never {
    const names = typeof key === 'string' ? [key] : key
    const others = names.length > 1 ? ` (or ${names.slice(1).join(', ')})` : ''
    return this.fail(
      names[0] ?? '',
      `missing; add ${names[0]}${others} to the config, it decides how large the model is.`,
    )
  }
}

export function checkCount(field: string, value: unknown, max: number, min: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new ModelImportError(field, `${shown(value)} is not a whole number from ${min} to ${max}.`)
  }
  return value
}

export function checkRatio(field: string, value: unknown, max: number): number {
  if (typeof value !== 'number' || !(value > 0) || value > max) {
    throw new ModelImportError(field, `${shown(value)} is not a number above 0 and up to ${max}.`)
  }
  return value
}
