/** Which scenario fields a link holds, under which short key, and how each kind of value is written. */
import { formatTokens, parseQuantity } from '../units.ts'

export type Kind = 'text' | 'count' | 'number' | 'flag' | 'list' | 'model' | 'gpu'

export interface Field {
  key: string
  path: string
  kind: Kind
}

const field = (key: string, path: string, kind: Kind): Field => ({ key, path, kind })

/** Every leaf of the scenario schema (a test holds the two together), in the order a link lists them. */
export const urlFields: readonly Field[] = [
  field('model', 'model', 'model'),
  field('gpu', 'hardware.gpu', 'gpu'),
  field('gpus', 'hardware.count', 'count'),
  field('task', 'task', 'text'),
  field('runtime', 'runtime', 'text'),
  field('version', 'runtimeVersion', 'text'),
  field('batch', 'batch', 'count'),
  field('seq', 'sequence', 'count'),
  field('weights', 'precision.weights', 'text'),
  field('kv', 'precision.kvCache', 'text'),
  field('compute', 'precision.compute', 'text'),
  field('grads', 'precision.gradients', 'text'),
  field('states', 'precision.optimizer', 'text'),
  field('group', 'precision.groupSize', 'count'),
  field('tp', 'parallelism.tensor', 'count'),
  field('pp', 'parallelism.pipeline', 'count'),
  field('dp', 'parallelism.data', 'count'),
  field('ep', 'parallelism.expert', 'count'),
  field('cp', 'parallelism.context', 'count'),
  field('zero', 'parallelism.zero', 'count'),
  field('shard', 'parallelism.shard', 'count'),
  field('sp', 'parallelism.sequenceParallel', 'flag'),
  field('micro', 'parallelism.microBatches', 'count'),
  field('interleave', 'parallelism.interleave', 'count'),
  field('optimizer', 'training.optimizer', 'text'),
  field('master', 'training.masterWeights', 'flag'),
  field('autocast', 'training.autocast', 'flag'),
  field('checkpointing', 'training.checkpointing', 'text'),
  field('every', 'training.checkpointEvery', 'count'),
  field('attention', 'training.attention', 'text'),
  field('accumulate', 'training.gradientAccumulation', 'count'),
  field('loss', 'training.loss', 'text'),
  field('fusedloss', 'training.fusedLoss', 'flag'),
  field('foreach', 'training.foreach', 'flag'),
  field('offload', 'training.offload', 'list'),
  field('compile', 'training.compile', 'flag'),
  field('inbackward', 'training.optimizerInBackward', 'flag'),
  field('reference', 'training.reference', 'flag'),
  field('drop', 'training.dropout', 'number'),
  field('packing', 'training.packing', 'flag'),
  field('rank', 'lora.rank', 'count'),
  field('alpha', 'lora.alpha', 'number'),
  field('targets', 'lora.targets', 'list'),
  field('dropout', 'lora.dropout', 'number'),
  field('dora', 'lora.dora', 'flag'),
  field('rslora', 'lora.rslora', 'flag'),
  field('save', 'lora.modulesToSave', 'list'),
  field('prepared', 'lora.prepared', 'flag'),
  field('adapters', 'lora.precision', 'text'),
  field('util', 'serving.gpuMemoryUtilization', 'number'),
  field('tokens', 'serving.maxBatchedTokens', 'count'),
  field('seqs', 'serving.maxSequences', 'count'),
  field('block', 'serving.blockSize', 'count'),
  field('graphs', 'serving.cudaGraphs', 'flag'),
  field('kernel', 'serving.attention', 'text'),
  field('logits', 'serving.logits', 'text'),
  field('prompt', 'serving.promptTokens', 'count'),
  field('layers', 'serving.gpuLayers', 'count'),
  field('sliding', 'serving.slidingCache', 'flag'),
  field('latent', 'serving.latentCache', 'text'),
  field('outside', 'serving.overheadMiB', 'number'),
  field('act', 'guide.activationsGB', 'number'),
  field('factor', 'guide.activationFactor', 'count'),
  field('over', 'guide.overheadGB', 'number'),
  field('overgpu', 'guide.perGpuOverheadGB', 'number'),
  field('eff', 'guide.efficiency', 'number'),
]

/** Percent-encodes what a fragment or this format cannot hold, or chat programs end a link at; what reads well stays. */
export const escapePart = (text: string) =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/%(2F|3D|40|2B|20)/g, (code, hex) => plain[hex] ?? code)
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
const plain: Record<string, string> = { '2F': '/', '3D': '=', '40': '@', '20': '+' }

/** @throws {RangeError} for broken percent-encoding */
export function unescapePart(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, '%20'))
  } catch {
    throw new RangeError('is not properly percent-encoded')
  }
}

/** A count as `8k` where that is exact, else its digits. */
export const writeCount = (n: number) => formatTokens(n).replace(/\D(?=.)/g, '')

type Custom = { name: string; memoryMiB: number; reserveMiB?: number }

/** A field's value as text. A custom model is written by its packed form. */
export function writeValue(kind: Kind, value: unknown): string {
  switch (kind) {
    case 'count':
      return writeCount(value as number)
    case 'flag':
      return value ? 'on' : 'off'
    case 'list':
      return (value as string[]).map(escapePart).join(',')
    case 'model':
      return escapePart(value as string).replace(/^~/, '%7E')
    case 'gpu': {
      if (typeof value === 'string') return escapePart(value)
      const { name, memoryMiB, reserveMiB = 0 } = value as Custom
      return [escapePart(name), memoryMiB, ...(reserveMiB ? [reserveMiB] : [])].join(':')
    }
    default:
      return escapePart(String(value))
  }
}

/** The reverse of `writeValue`. @throws {RangeError} saying what is understood */
export function readValue(kind: Kind, text: string): unknown {
  switch (kind) {
    case 'count':
      // A number that is no count is refused by the scenario, which knows the limits.
      return /^[-+]?\d+(\.\d+)?(e\d+)?$/i.test(text) ? Number(text) : parseQuantity(text)
    case 'number': {
      const value = Number(text)
      if (text.trim() === '' || !Number.isFinite(value)) throw new RangeError('is not a number')
      return value
    }
    case 'flag':
      if (text !== 'on' && text !== 'off') throw new RangeError('must be on or off')
      return text === 'on'
    case 'list':
      return text === '' ? [] : text.split(',').map(unescapePart)
    case 'gpu': {
      const parts = text.split(':')
      if (parts.length === 1) return unescapePart(text)
      const [name, memoryMiB, reserveMiB = '0'] = parts
      if (parts.length > 3 || !/^\d{1,15}$/.test(memoryMiB) || !/^\d{1,15}$/.test(reserveMiB)) {
        throw new RangeError('must be a GPU id, or name:memoryMiB:reserveMiB')
      }
      return { name: unescapePart(name), memoryMiB: Number(memoryMiB), reserveMiB: Number(reserveMiB) }
    }
    default:
      return unescapePart(text)
  }
}
