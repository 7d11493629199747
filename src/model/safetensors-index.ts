/**
 * What `model.safetensors.index.json` tells: which tensors a checkpoint holds and how many bytes they are together, but
 * no shapes and no types. Beside a config it shows what the config does not say: a stored head, the true storage width.
 */
import type { Architecture } from './architecture.ts'
import { ModelImportError, shown } from './errors.ts'
import { checkCount } from './hugging-face/config-reader.ts'
import { countParameters } from './parameters.ts'

export interface SafetensorsIndex {
  /** Bytes of all tensors, without the files' headers; null when the index does not say. */
  totalBytes: number | null
  tensors: number
  shards: number
  /** Decoder layers that have tensors. */
  layers: number
  /** A head is stored, tied or not. */
  storesHead: boolean
  /** Quantisation to be seen from the tensors' names, or null. */
  quantisation: string | null
}

const LIMIT = { tensors: 2 ** 20, bytes: Number.MAX_SAFE_INTEGER }
const LAYER = /(?:^|\.)(?:layers|h|blocks)\.(\d{1,4})\./
const HEAD = /(?:^|\.)(?:lm_head|embed_out|output_layer)\.weight$|^output\.weight$/

/** Endings of the names that quantisers add, the most telling first. */
const TRACES: [ending: RegExp, method: string][] = [
  [/\.quant_state\.bitsandbytes__/, 'bitsandbytes'],
  [/_blocks$/, 'mxfp4'],
  [/\.g_idx$/, 'gptq'],
  [/\.qweight$/, 'awq'],
  [/\.weight_scale_inv$/, 'fp8'],
  [/\.weight_packed$|\.weight_scale$/, 'compressed-tensors'],
]

/** @throws ModelImportError naming the field */
export function readSafetensorsIndex(index: unknown): SafetensorsIndex {
  const { weight_map: map, metadata } = objectOf(index, 'index')
  const entries = Object.entries(objectOf(map, 'weight_map'))
  if (entries.length === 0 || entries.length > LIMIT.tensors) {
    throw new ModelImportError('weight_map', `names ${entries.length} tensors; from 1 to ${LIMIT.tensors} can be read.`)
  }
  const layers = new Set<string>()
  const shards = new Set<string>()
  for (const [name, file] of entries) {
    if (typeof file !== 'string') throw new ModelImportError('weight_map', `${shown(file)} is not the name of a file.`)
    shards.add(file)
    const layer = LAYER.exec(name)?.[1]
    if (layer !== undefined && !/vis|audio/.test(name)) layers.add(layer)
  }
  return {
    totalBytes: readTotal(metadata),
    tensors: entries.length,
    shards: shards.size,
    layers: layers.size,
    storesHead: entries.some(([name]) => HEAD.test(name)),
    quantisation: TRACES.find(([ending]) => entries.some(([name]) => ending.test(name)))?.[1] ?? null,
  }
}

/**
 * Where index and architecture disagree, or what the index adds, each as one sentence. `bytes` per parameter is the
 * whole size by the parameters counted, a tied head counted again when the checkpoint stores it.
 */
export function compareWithIndex(architecture: Architecture, index: SafetensorsIndex): string[] {
  const notes: string[] = []
  const expected = architecture.order.length
  const predicted = architecture.outside.some((tensor) => tensor.class === 'mtp')
  if (index.layers !== expected && !(predicted && index.layers > expected)) {
    notes.push(`The index has tensors of ${index.layers} layers, the config describes ${expected}.`)
  }
  if (index.storesHead && architecture.tiedEmbeddings) {
    notes.push('The checkpoint stores the head although it is tied; it is loaded once.')
  }
  if (!index.storesHead && !architecture.tiedEmbeddings) {
    notes.push('The config says the head is untied, but the checkpoint holds none.')
  }
  if (index.quantisation !== null && index.quantisation !== architecture.quantisation) {
    notes.push(`The tensors are named as ${index.quantisation} names them; the config does not say so.`)
  }
  const width = bytesPerParameter(architecture, index)
  if (width !== null && index.quantisation === null && !Object.values(WIDTHS).some((whole) => near(width, whole))) {
    notes.push(`At ${width.toFixed(2)} bytes a parameter the sizes of index and config do not fit together.`)
  }
  return notes
}

/** Bytes a stored parameter takes on average; null when the index does not give its size. */
export function bytesPerParameter(architecture: Architecture, index: SafetensorsIndex): number | null {
  if (index.totalBytes === null) return null
  const head = index.storesHead && architecture.tiedEmbeddings ? headElements(architecture) : 0
  return index.totalBytes / (countParameters(architecture).total + head)
}

const WIDTHS = { fp32: 4, half: 2, eight: 1 }
/** Buffers and unlisted towers make up to a tenth. */
const near = (width: number, whole: number) => Math.abs(width / whole - 1) < 0.1

function headElements(architecture: Architecture): number {
  return architecture.vocabSize * architecture.hiddenSize
}

function readTotal(metadata: unknown): number | null {
  if (metadata === undefined || metadata === null) return null
  const total = objectOf(metadata, 'metadata').total_size
  return total === undefined ? null : checkCount('metadata.total_size', total, LIMIT.bytes, 1)
}

function objectOf(value: unknown, field: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new ModelImportError(field, `${shown(value)} is not an object.`)
}
