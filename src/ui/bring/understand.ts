/**
 * What a reader brings, understood: a config.json, a GGUF file's header, a safetensors index. Nothing here trusts the input: sizes and depth
 * are bounded before anything walks it, and every refusal says what is missing.
 */
import type { Architecture } from '../../model/architecture.ts'
import { mostConfigBytes, unbounded } from '../../model/bounds.ts'
import { ggufArchitecture, ggufConfig, ggufWeightBytes } from '../../model/gguf/architecture.ts'
import { ggufFileType } from '../../model/gguf/file-type.ts'
import { readGguf } from '../../model/gguf/read.ts'
import { importHuggingFaceConfig } from '../../model/hugging-face/import.ts'
import { countParameters } from '../../model/parameters.ts'
import { parsePythonJson } from '../../model/python-json.ts'
import { readSafetensorsIndex, type SafetensorsIndex } from '../../model/safetensors-index.ts'
import { formatInteger, formatParameters, invisible, visible } from '../../units.ts'

export type Config = Record<string, unknown>

/** A model as a scenario can hold it, and what was understood of it. */
export interface Brought {
  kind: 'model'
  config: Config
  architecture: Architecture
  /** How a GGUF file stores its weights; null for others. */
  stored: { scheme: string | null; bytes: number } | null
}

/** Tensors without shapes: they say something about a config, but are none. */
export interface BroughtIndex {
  kind: 'index'
  index: SafetensorsIndex
}

/** Input that cannot be used; the message is for people. */
export class BringError extends Error {}

/** An index of a thousand shards has a few megabytes. */
export const MOST_BYTES = 16_000_000

/** @throws BringError, ModelImportError */
export function understandText(text: string, name?: string): Brought | BroughtIndex {
  if (text.trim() === '') throw new BringError('There is nothing in it: paste the whole config.json.')
  if (text.length > MOST_BYTES) throw tooLarge(text.length)
  let json: unknown
  try {
    json = parsePythonJson(text)
  } catch (error) {
    throw new BringError(`This is not JSON: ${visible((error as Error).message.slice(0, 120))}.`)
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new BringError('This is not a config.json: it has to be an object, { … }.')
  }
  const reason = unbounded(json)
  if (reason) throw new BringError(`It ${reason}.`)
  if (Object.hasOwn(json, 'weight_map')) return { kind: 'index', index: readSafetensorsIndex(json) }
  if (text.length > mostConfigBytes) throw tooLarge(text.length)
  return understandConfig(json as Config, name)
}

/** Reads a file: GGUF by its header alone, however large; everything else as text. @throws BringError, ModelImportError */
export async function understandFile(file: Blob & { name?: string }): Promise<Brought | BroughtIndex> {
  try {
    const magic = await file.slice(0, 4).text()
    if (magic === 'GGUF') return await understandGguf(file)
    if (file.size > MOST_BYTES) throw tooLarge(file.size)
    return understandText(await file.text(), nameOf(file.name))
  } catch (error) {
    // A folder, a file taken away or changed meanwhile, or one that may not be read.
    if (error instanceof DOMException)
      throw new BringError('The file could not be read: give a file that is still there, no folder.')
    throw error
  }
}

async function understandGguf(file: Blob): Promise<Brought> {
  const header = await readGguf(
    async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
  )
  const config = ggufConfig(header)
  const architecture = ggufArchitecture(header)
  return {
    kind: 'model',
    config,
    architecture,
    stored: { scheme: ggufFileType(header), bytes: ggufWeightBytes(header) },
  }
}

/** @throws ModelImportError */
export function understandConfig(json: Config, name?: string): Brought {
  const own = typeof json._name_or_path === 'string' && json._name_or_path ? json._name_or_path : undefined
  const said = name ?? own
  const nameless = said === undefined ? importHuggingFaceConfig({ ...json, _name_or_path: json.model_type }) : null
  const named = { ...json, _name_or_path: said ?? (nameless && sizeName(nameless)) }
  const architecture = importHuggingFaceConfig(named)
  return { kind: 'model', config: shortened(named, architecture), architecture, stored: null }
}

/** `llama 8.03B`, which tells a model without a name from the next. */
const sizeName = (architecture: Architecture) =>
  `${architecture.modelType} ${formatParameters(countParameters(architecture).total).replace(/\s/, '')}`

/** Under another name. @throws ModelImportError */
export function renamed(brought: Brought, name: string): Brought {
  if (name === brought.architecture.id) return brought
  const config = { ...brought.config, _name_or_path: name }
  const { id } = importHuggingFaceConfig(config)
  return { ...brought, config, architecture: { ...brought.architecture, id } }
}

/** Without the keys whose absence changes nothing, one after the other: such a config makes a short link. */
function shortened(config: Config, architecture: Architecture): Config {
  const whole = JSON.stringify(architecture)
  const entries = Object.entries(config).filter(([key]) => !forbidden.has(key))
  if (entries.length > MOST_TRIED) return Object.fromEntries(entries)
  return entries.reduce<Config>((kept, [key]) => {
    const { [key]: _, ...fewer } = kept
    return sameAs(whole, fewer) ? fewer : kept
  }, Object.fromEntries(entries))
}

function sameAs(whole: string, config: Config): boolean {
  try {
    return JSON.stringify(importHuggingFaceConfig(config)) === whole
  } catch {
    return false
  }
}

/** Importing takes a third of a millisecond. */
const MOST_TRIED = 100

const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

const tooLarge = (size: number) =>
  new BringError(
    `It is ${formatInteger(Math.ceil(size / 1e6))} MB, too large for a config.json or an index: give that file itself.`,
  )

/** A file's name without its ending, unless it is the usual one. */
const nameOf = (name: string | undefined) => {
  const own = name
    ?.replace(/\.json$/, '')
    .replace(/[<>"'&`]/g, '')
    .replace(invisible, '')
  return own && !/^(config|model\.safetensors\.index)$/.test(own) ? own.slice(0, 100) : undefined
}
