/** The rows the formulas sum over: tensors and layers of one pipeline stage, from architecture, precision and layout. */
import type { Architecture, LayerKind, Mixer, Tensor, TensorClass } from '../model/architecture.ts'
import { cuts } from '../model/tensors.ts'
import { limits } from '../scenario/schema.ts'
import { type Layout, layersOfStage } from './layout.ts'
import type { WeightScheme } from './precision/index.ts'
import { expertTensors, layers, tensors } from './quantities.ts'

export type Row = Record<string, number>

/** What tensors a row stands for. Engines read numbers alone; this is for a reader who asks what they are. */
const classes = new WeakMap<Row, Set<TensorClass>>()

export const classesOf = (row: Row): ReadonlySet<TensorClass> => classes.get(row) ?? new Set()

/** Adds to what a row stands for. */
export function label(row: Row, of: Iterable<TensorClass>): void {
  const known = classes.get(row) ?? new Set()
  for (const kind of of) known.add(kind)
  classes.set(row, known)
}

/** A tensor kind as this stage holds it, `layers` times. */
export interface PlacedTensor {
  tensor: Tensor
  /** Index of a layer that holds it, null outside the layers. */
  layer: number | null
  layers: number
}

/** Every tensor of a pipeline stage; tensors outside the layers belong to the first stage (embedding) or the last (norm, head, MTP). */
export function tensorsOfStage(
  architecture: Architecture,
  layout: Layout,
  stage: number,
  uniform: boolean,
): PlacedTensor[] {
  const range = layout.stages[stage]
  const first = stage === 0
  const last = stage === layout.pipeline - 1
  const outside = architecture.outside.filter((tensor) => (isEntrance(tensor) ? first : last))
  const placed: PlacedTensor[] = outside.map((tensor) => ({ tensor, layer: null, layers: 1 }))
  // A tied head on another stage than the embedding is a copy (Megatron-LM keeps both in step).
  if (last && !first && architecture.tiedEmbeddings) {
    for (const tensor of architecture.outside)
      if (tensor.class === 'embedding') placed.push({ tensor, layer: null, layers: 1 })
  }
  if (uniform) {
    layersOfStage(architecture, range).forEach((count, kind) => {
      if (count === 0) return
      const layer = architecture.order.indexOf(kind, range.from)
      for (const tensor of architecture.kinds[kind].tensors) placed.push({ tensor, layer, layers: count })
    })
  } else {
    for (let layer = range.from; layer < range.to; layer++) {
      for (const tensor of architecture.kinds[architecture.order[layer]].tensors)
        placed.push({ tensor, layer, layers: 1 })
    }
  }
  return placed
}

const isEntrance = (tensor: Tensor) => tensor.class === 'embedding' || tensor.class === 'vision'

/** Rows of `tensors` and `expert_tensors`; tensors that are stored and cut alike share a row. */
export function tensorRows(
  architecture: Architecture,
  placed: PlacedTensor[],
  scheme: WeightScheme,
): Record<string, Row[]> {
  const plain = new Map<string, Row>()
  const experts = new Map<string, Row>()
  for (const { tensor, layer, layers: count } of placed) {
    const { bytes, per } = scheme.ofTensor(tensor, { architecture, layer })
    const routed = tensor.class === 'expert'
    const rows = routed ? experts : plain
    const prefix = routed ? 'expert_' : ''
    for (const { elements, parts } of cuts(tensor)) {
      const key = `${routed ? 0 : parts} ${bytes} ${per}`
      const row: Row = rows.get(key) ?? {
        [`${prefix}elements`]: 0,
        ...(routed ? {} : { parts }),
        [`${prefix}bytes_numerator`]: bytes,
        [`${prefix}bytes_denominator`]: per,
      }
      row[`${prefix}elements`] += count * elements
      rows.set(key, row)
      label(row, [tensor.class])
    }
  }
  return { [tensors.name]: [...plain.values()], [expertTensors.name]: [...experts.values()] }
}

/** What a runtime caches of layers that could do with less than every token's keys and values. */
export interface CachePolicy {
  /** Sliding layers keep their window only. */
  sliding: boolean
  /** MLA keeps its latent vector, that and its transposed values, or keys and values of every head. */
  latent: 'latent' | 'transposed' | 'expanded'
  /** The keys of DeepSeek's sparse attention have FP8 with an fp32 scale, whatever the cache's type. */
  scaledIndex?: boolean
}

/** One row per kind of layer in the stage. */
export function layerRows(
  architecture: Architecture,
  layout: Layout,
  stage: number,
  policy: CachePolicy,
): Record<string, Row[]> {
  const counts = layersOfStage(architecture, layout.stages[stage])
  const rows = architecture.kinds.flatMap((kind, index) =>
    counts[index] === 0 ? [] : [{ layer_count: counts[index], ...layerRow(kind, policy) }],
  )
  return { [layers.name]: rows }
}

function layerRow(kind: LayerKind, policy: CachePolicy): Row {
  const row: Row = { ...blank }
  for (const mixer of kind.mixers) addMixer(row, mixer, policy)
  for (const block of kind.feedForwards) {
    if (block.kind === 'dense') {
      row.up_width += block.intermediate
      if (block.gated) row.gate_width += block.intermediate
    } else {
      row.num_experts = block.experts
      row.num_experts_per_tok = block.active
      row.expert_width = block.active * block.intermediate
      row.up_width += block.shared
      if (block.gated) row.gate_width += block.shared
    }
  }
  row.norms = kind.norms
  return row
}

const blank: Row = {
  num_key_value_heads: 0,
  key_head_dim: 0,
  value_head_dim: 0,
  latent_dim: 0,
  index_bytes: 0,
  window: limits.sequence,
  compress_rate: 1,
  compressed_dim: 0,
  state_elements: 0,
  conv_elements: 0,
  state_parts: 1,
  query_width: 0,
  key_width: 0,
  value_width: 0,
  output_width: 0,
  num_attention_heads: 0,
  gate_width: 0,
  up_width: 0,
  expert_width: 0,
  num_experts_per_tok: 0,
  num_experts: 0,
  inner_width: 0,
}

function addMixer(row: Row, mixer: Mixer, policy: CachePolicy): void {
  switch (mixer.kind) {
    case 'attention':
      row.num_attention_heads = mixer.heads
      row.query_width = mixer.heads * mixer.headDim * (mixer.outputGate ? 2 : 1)
      row.key_width = mixer.kvHeads * mixer.headDim
      row.value_width = mixer.kvHeads * mixer.valueHeadDim
      row.output_width = mixer.heads * mixer.valueHeadDim
      if (mixer.window !== null && policy.sliding) row.window = mixer.window
      if (!mixer.ownsCache) return
      row.num_key_value_heads = mixer.kvHeads
      row.key_head_dim = mixer.headDim
      row.value_head_dim = mixer.valueHeadDim
      // Every rank scores all tokens.
      row.latent_dim = mixer.indexKeyDim ?? 0
      return
    case 'mla': {
      const query = mixer.qkNopeHeadDim + mixer.qkRopeHeadDim
      row.num_attention_heads = mixer.heads
      row.query_width = mixer.heads * query
      row.key_width = mixer.heads * query
      row.value_width = mixer.heads * mixer.valueHeadDim
      row.output_width = mixer.heads * mixer.valueHeadDim
      if (policy.latent === 'expanded') {
        row.num_key_value_heads = mixer.heads
        row.key_head_dim = query
        row.value_head_dim = mixer.valueHeadDim
        return
      }
      row.latent_dim = mixer.kvLoraRank + mixer.qkRopeHeadDim
      if (mixer.indexer && policy.scaledIndex) row.index_bytes = mixer.indexer.headDim + 4
      else row.latent_dim += mixer.indexer?.headDim ?? 0
      if (policy.latent === 'transposed') row.latent_dim += mixer.kvLoraRank
      return
    }
    case 'compressed': {
      row.num_attention_heads = mixer.heads
      row.query_width = mixer.heads * mixer.headDim
      row.key_width = mixer.headDim
      row.output_width = mixer.heads * mixer.headDim
      row.latent_dim = mixer.headDim
      if (policy.sliding) row.window = mixer.window
      if (mixer.rate === null) return
      row.compress_rate = mixer.rate
      row.compressed_dim = mixer.headDim + (mixer.indexer?.headDim ?? 0)
      // Keys and gates of the tokens that await compression; two of each, of two windows that overlap, where there is an indexer.
      row.state_elements = 2 * row.compressed_dim * mixer.rate * (mixer.indexer ? 4 : 1)
      return
    }
    default:
      row.state_elements += mixer.recurrentState
      row.conv_elements += mixer.convState
      row.state_parts = Math.max(1, mixer.heads)
      row.inner_width += mixer.inner
  }
}
