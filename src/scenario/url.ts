/**
 * A scenario as a link's fragment and back: `model=meta-llama/Meta-Llama-3-8B&gpu=RTX-4090&kv=fp8&batch=4`. Only what differs from the
 * defaults is written. A broken entry is reported and left out; the rest is kept. Keys that are no scenario field are handed back.
 */
import { unbounded } from '../model/bounds.ts'
import { parseScenario, ScenarioError } from './parse.ts'
import type { ScenarioInput } from './schema.ts'
import { type Field, readValue, urlFields, writeValue } from './url-fields.ts'

/** An entry of a link that could not be used. */
export interface UrlProblem {
  key: string
  text: string
  message: string
}

export interface Decoded {
  /** What could be read; without a model when the link has none. */
  input: Partial<ScenarioInput>
  problems: UrlProblem[]
  /** A custom model as it stands in the link, to be unpacked with `unpackModel`; null for a model by name. */
  packedModel: string | null
  /** Entries with keys that are no scenario fields. */
  rest: [key: string, text: string][]
}

const { model: _, ...defaults } = parseScenario({ model: 'any' })
const byKey = new Map(urlFields.map((field) => [field.key, field]))

/** The longest fragment that is looked at; a config of 100 kB packs into much less. */
const MOST_CHARACTERS = 200_000

/** @param packedModel the result of `packModel`, for a scenario whose model is an object */
export function encodeScenario(input: ScenarioInput, packedModel?: string): string {
  return urlFields
    .flatMap((field) => {
      const value = at(input, field.path)
      if (value === undefined || same(value, defaultOf(field.path))) return []
      if (field.kind === 'model' && typeof value !== 'string') {
        if (packedModel === undefined) throw new TypeError('A custom model has to be packed first')
        return [`model=~${packedModel}`]
      }
      return [`${field.key}=${writeValue(field.kind, value)}`]
    })
    .join('&')
}

/** Entries as one fragment. Markdown and chat programs take a last dot, underscore or tilde for the sentence's: then an empty entry ends it. */
export function joined(entries: readonly string[]): string {
  const text = entries.join('&')
  return /[._~]$/.test(text) ? `${text}&` : text
}

export function decodeScenario(fragment: string): Decoded {
  const decoded: Decoded = { input: {}, problems: [], packedModel: null, rest: [] }
  const found = new Map<string, { field: Field; text: string }>()
  const text = fragment.replace(/^#/, '')
  if (text.length > MOST_CHARACTERS) {
    decoded.problems.push({ key: 'link', text: '', message: `is longer than ${MOST_CHARACTERS} characters` })
    return decoded
  }
  for (const entry of text.split('&').filter(Boolean)) {
    const [, key, value = ''] = /^([^=]*)=?(.*)$/s.exec(entry) as RegExpExecArray
    const field = byKey.get(key)
    if (!field) decoded.rest.push([key, value])
    else if (field.kind === 'model' && value.startsWith('~')) decoded.packedModel = value.slice(1)
    else {
      try {
        decoded.input = put(decoded.input, field.path, readValue(field.kind, value)) as Partial<ScenarioInput>
        found.set(field.path, { field, text: value })
      } catch (error) {
        if (!(error instanceof Error)) throw error
        decoded.problems.push({ key, text: value, message: error.message })
      }
    }
  }
  for (const { path, message } of refusals(decoded.input)) {
    const entry = found.get(path)
    if (!entry) continue
    decoded.problems.push({ key: entry.field.key, text: entry.text, message })
    decoded.input = put(decoded.input, path, undefined) as Partial<ScenarioInput>
  }
  return decoded
}

/** Fields the schema refuses, with its messages. Elements of lists count as their list. */
function refusals(input: Partial<ScenarioInput>): { path: string; message: string }[] {
  try {
    parseScenario({ model: 'any', ...input })
    return []
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error
    const paths = new Map<string, string>()
    for (const { field, message } of error.fields) {
      const known = urlFields.find(({ path }) => field === path || field.startsWith(`${path}.`))
      if (known && !paths.has(known.path)) paths.set(known.path, message)
    }
    return [...paths].map(([path, message]) => ({ path, message }))
  }
}

/** A config.json as text for a link: deflated, in URL-safe base 64. */
export async function packModel(model: object): Promise<string> {
  const packed = await through(new TextEncoder().encode(JSON.stringify(model)), new CompressionStream('deflate-raw'))
  const bytes = Array.from(packed, (byte) => String.fromCharCode(byte)).join('')
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Largest config a link may unfold into, so that a small hostile link cannot fill the memory. */
const MOST_BYTES = 2_000_000

/** @throws {RangeError} when the text is not a packed config */
export async function unpackModel(packed: string): Promise<Record<string, unknown>> {
  let model: unknown
  try {
    const bytes = Uint8Array.from(atob(packed.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    model = JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream('deflate-raw'))))
  } catch (error) {
    if (error instanceof RangeError) throw error
    throw new RangeError('The model in this link cannot be read: the link is incomplete, ask for it again')
  }
  if (typeof model !== 'object' || model === null || Array.isArray(model)) {
    throw new RangeError('The model in this link is not a config.json object')
  }
  const reason = unbounded(model)
  if (reason) throw new RangeError(`The model in this link ${reason}`)
  return model as Record<string, unknown>
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    size += step.value.length
    if (size > MOST_BYTES) throw new RangeError(`The model in this link is larger than ${MOST_BYTES} bytes`)
    chunks.push(step.value)
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}

/** The value at a dotted path. */
function at(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], object)
}

/** A copy with the value at a dotted path set, or removed when undefined. */
function put(object: unknown, path: string, value: unknown): unknown {
  const [key, ...rest] = path.split('.')
  const { [key]: inner, ...others } = (object ?? {}) as Record<string, unknown>
  const next = rest.length === 0 ? value : put(inner, rest.join('.'), value)
  const empty = next === undefined || (rest.length > 0 && Object.keys(next as object).length === 0)
  return empty ? others : { ...others, [key]: next }
}

const defaultOf = (path: string) => at(defaults, path)
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
