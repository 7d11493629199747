/**
 * Where a tensor stands, as llama.cpp's quantiser sees it: its role, its layer, and the few facts about the model that
 * change the choice of type (categories and counters of `llama-quant.cpp`).
 */
import type { Architecture, Attention, Tensor } from '../../../model/architecture.ts'

export type Role =
  | 'embedding'
  | 'head'
  | 'query'
  | 'key'
  | 'value'
  | 'qkv'
  | 'latent'
  | 'output'
  | 'up'
  | 'gate'
  | 'down'
  | 'other'
  /** Stored in F32: vectors, norms, routers, positions, convolutions, state matrices. */
  | 'full'
  /** Never quantised but stored in 16 bits: the vision file, small projections of Gemma 3n. */
  | 'half'

const roleOfLastName: Record<string, Role> = {
  q_proj: 'query',
  k_proj: 'key',
  v_proj: 'value',
  kv_b_proj: 'latent',
  qkv_proj: 'qkv',
  query_key_value: 'qkv',
  c_attn: 'qkv',
  Wqkv: 'qkv',
  wqkv: 'qkv',
  W_pack: 'qkv',
  o_proj: 'output',
  out_proj: 'output',
  wo: 'output',
  dense: 'output',
  gate_proj: 'gate',
  up_proj: 'up',
  gate_up_proj: 'up',
  input_linear: 'up',
  c_fc: 'up',
  fc1: 'up',
  dense_h_to_4h: 'up',
  w1: 'gate',
  w3: 'up',
  v1: 'up',
  down_proj: 'down',
  output_linear: 'down',
  fc2: 'down',
  dense_4h_to_h: 'down',
  w2: 'down',
}

export function roleOf(tensor: Tensor): Role {
  const { class: cls, name } = tensor
  if (tensor.in === 1 || cls === 'norm' || cls === 'router') return 'full'
  if (cls === 'vision' || /altup|laurel|per_layer_model_proj/.test(name)) return 'half'
  if (cls === 'embedding') return /position|wpe/.test(name) ? 'full' : 'embedding'
  if (cls === 'head') return 'head'
  if (!tensor.linear) return 'full'
  const last = name.slice(name.lastIndexOf('.') + 1)
  if (last === 'c_proj') return cls === 'attention' ? 'output' : 'down'
  if (cls === 'recurrent') return last === 'in_proj_qkv' ? 'qkv' : 'other'
  return roleOfLastName[last] ?? 'other'
}

export interface Site {
  /** Layer counted as the quantiser counts feed-forward blocks. */
  layer: number
  layers: number
  /** Which of the model's value projections this is, and of how many. */
  value: number
  values: number
  /** Query heads per key/value head. */
  sharing: number
  experts: number
  tiedEmbeddings: boolean
  falcon: boolean
  /** llama.cpp's model type 70B: 80 layers with grouped queries. */
  seventyB: boolean
}

/** One site per layer; tensors outside the layers use the last. */
export function sitesOf(architecture: Architecture): Site[] {
  const kinds = architecture.kinds.map((kind) => {
    const roles = kind.tensors.map(roleOf)
    const attention = kind.mixers.find((mixer) => mixer.kind === 'attention') as Attention | undefined
    const mixture = kind.feedForwards.find((block) => block.kind === 'moe')
    return {
      value: roles.includes('value') || roles.includes('qkv'),
      down: roles.includes('down'),
      sharing: attention ? attention.heads / attention.kvHeads : 0,
      experts: mixture?.kind === 'moe' ? mixture.experts : 0,
    }
  })
  const perLayer = architecture.order.map((kind) => kinds[kind]!)
  const experts = Math.max(0, ...kinds.map((kind) => kind.experts))
  const values = perLayer.filter((layer) => layer.value).length
  const sharing = perLayer[0]?.sharing ?? 0
  const layers = perLayer.length
  let value = 0
  let down = 0
  return perLayer.map((layer, index) => ({
    layer: experts > 1 || !layer.down ? index : down++,
    layers,
    value: layer.value ? value++ : value,
    values,
    sharing,
    experts,
    tiedEmbeddings: architecture.tiedEmbeddings,
    falcon: architecture.modelType === 'falcon',
    seventyB: layers === 80 && sharing > 1,
  }))
}

/** The first and last eighth of the layers, and every third of the others. */
export function moreBits(layer: number, layers: number): boolean {
  const eighth = Math.floor(layers / 8)
  return layer < eighth || layer >= Math.floor((7 * layers) / 8) || (layer - eighth) % 3 === 2
}
