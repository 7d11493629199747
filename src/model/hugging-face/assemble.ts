/**
 * Turns a family's plan into an Architecture: builds each layer, folds identical ones into kinds, adds what stands
 * outside the layers, and reads what every config says the same way (dtype, quantisation).
 */
import type { Architecture, LayerKind, Tensor, TensorClass } from '../architecture.ts'
import { ModelImportError } from '../errors.ts'
import { elements, replicatedLinear, table, vector } from '../tensors.ts'
import type { FeedForwardBlock, MixerBlock } from './blocks/block.ts'
import type { ConfigReader } from './config-reader.ts'
import type { LeftAlone } from './left-alone.ts'

/** `layer` has weight and bias, `layer-weight` no bias, `none` (OLMo 1) no parameters at all. */
export type NormStyle = 'rms' | 'layer' | 'layer-weight' | 'none'

export interface LayerPlan {
  mixers: MixerBlock[]
  feedForwards: FeedForwardBlock[]
  /** Names of the norms over the hidden stream. */
  norms: string[]
  /** Tensors that belong to neither. */
  extra?: Tensor[]
}

export interface ModelPlan {
  hidden: number
  vocab: number
  maxPositions: number | null
  tied: boolean
  norm: NormStyle
  position: Architecture['position']
  parallel?: boolean
  /** One entry a layer. */
  layers: LayerPlan[]
  /** Everything outside the layers but embedding, final norm and head: positions, vision tower, MTP layers. */
  outside?: Tensor[]
  /** Multi-token-prediction layers behind the last one: each like the given layers plus 2h² + 3h. */
  mtp?: { count: number; layers: LayerPlan[] }
  headBias?: boolean
  /** Width of the embedding when it is not the hidden size (OPT-350M). */
  embeddingWidth?: number
  names?: Partial<OutsideNames>
}

export interface OutsideNames {
  embedding: string
  /** Null when there is none. */
  finalNorm: string | null
  head: string
}

const NAMES: OutsideNames = { embedding: 'embed_tokens', finalNorm: 'norm', head: 'lm_head' }
const MAX_KINDS = 64

export interface Identity {
  id: string
  modelType: string
  dtype: Architecture['dtype']
  quantisation: string | null
}

export function assemble(
  plan: ModelPlan,
  identity: Identity,
  config: ConfigReader,
  alone: LeftAlone | null,
): Architecture {
  const { kinds, order } = foldLayers(plan, alone)
  if (kinds.length > MAX_KINDS) {
    config.fail('num_hidden_layers', `${kinds.length} different kinds of layer; at most ${MAX_KINDS} can be handled.`)
  }
  const architecture: Architecture = {
    ...identity,
    hiddenSize: plan.hidden,
    vocabSize: plan.vocab,
    maxPositionEmbeddings: plan.maxPositions,
    tiedEmbeddings: plan.tied,
    norm: plan.norm === 'rms' ? 'rms' : 'layer',
    position: plan.position,
    kinds,
    order,
    outside: outsideTensors(plan).map((tensor) =>
      marked(tensor, tensor.class === 'vision' && (alone?.vision ?? false)),
    ),
    assumptions: config.assumptions,
  }
  const total = storedElements(architecture)
  if (!Number.isSafeInteger(total)) {
    throw new ModelImportError('config', `describes about ${total.toPrecision(3)} parameters; the limit is 2^53 − 1.`)
  }
  return architecture
}

function foldLayers(plan: ModelPlan, alone: LeftAlone | null): Pick<Architecture, 'kinds' | 'order'> {
  const kinds: LayerKind[] = []
  const seen = new Map<string, number>()
  const keyOf = layerKeys()
  const order = plan.layers.map((layer, number) => {
    const left = alone && tensorsOf(layer, plan).map(({ name }) => alone.inLayer(name, number))
    const key = `${keyOf(layer)} ${left?.map(Number)}`
    const known = seen.get(key)
    if (known !== undefined) return known
    const kind = layerKind(layer, plan)
    if (left) kind.tensors = kind.tensors.map((tensor, index) => marked(tensor, left[index]))
    seen.set(key, kinds.length)
    return kinds.push(kind) - 1
  })
  return { kinds, order }
}

/** Tells layers apart by what they hold; blocks that layers share are written out once. */
function layerKeys(): (layer: LayerPlan) => string {
  const written = new Map<object, string>()
  const write = (block: object) => {
    const known = written.get(block) ?? JSON.stringify(block)
    written.set(block, known)
    return known
  }
  return ({ norms, mixers, feedForwards, extra = [] }) =>
    [norms.join(), ...[mixers, feedForwards, extra].map((blocks) => blocks.map(write).join())].join(' ')
}

/** Only what quantisers shrink can be left alone by them. */
const marked = (tensor: Tensor, alone: boolean): Tensor => (alone && tensor.linear ? { ...tensor, kept: true } : tensor)

function layerKind(layer: LayerPlan, plan: ModelPlan): LayerKind {
  return {
    mixers: layer.mixers.map((block) => block.mixer),
    feedForwards: layer.feedForwards.map((block) => block.feedForward),
    norms: layer.norms.length,
    parallel: plan.parallel ?? false,
    tensors: tensorsOf(layer, plan),
  }
}

const tensorsOf = (layer: LayerPlan, plan: ModelPlan): Tensor[] => [
  ...layer.norms.flatMap((name) => norm(name, plan.norm, plan.hidden)),
  ...layer.mixers.flatMap((block) => block.tensors),
  ...layer.feedForwards.flatMap((block) => block.tensors),
  ...(layer.extra ?? []),
]

/** The vectors of one normalisation. */
export function norm(name: string, style: NormStyle, size: number, cls: TensorClass = 'norm', count = 1): Tensor[] {
  if (style === 'none') return []
  const weight = vector(name, cls, size, 1, count)
  return style === 'layer' ? [weight, vector(`${name}.bias`, cls, size, 1, count)] : [weight]
}

function outsideTensors(plan: ModelPlan): Tensor[] {
  const names = { ...NAMES, ...plan.names }
  const width = plan.embeddingWidth ?? plan.hidden
  const tensors = [table(names.embedding, 'embedding', plan.vocab, width, plan.vocab), ...(plan.outside ?? [])]
  if (names.finalNorm !== null) tensors.push(...norm(names.finalNorm, plan.norm, plan.hidden))
  if (!plan.tied) tensors.push(table(names.head, 'head', plan.vocab, width, plan.vocab))
  tensors.push(...predictionLayers(plan))
  if (plan.headBias) tensors.push(vector(`${names.head}.bias`, 'head', plan.vocab, plan.vocab))
  return tensors
}

/**
 * A prediction layer joins the hidden state and the next token's embedding, each normalised, by a matrix h × 2h, and
 * normalises its own output (arXiv:2412.19437 §2.2). Embedding and head are the main model's.
 */
function predictionLayers(plan: ModelPlan): Tensor[] {
  if (!plan.mtp || plan.mtp.count === 0) return []
  const { count, layers } = plan.mtp
  const own = layers.flatMap((layer) => layerKind(layer, plan).tensors)
  const norms = ['enorm', 'hnorm', 'shared_head.norm'].flatMap((name) => norm(name, plan.norm, plan.hidden))
  const join = replicatedLinear('eh_proj', 'mtp', { out: plan.hidden, in: 2 * plan.hidden })
  return [...join, ...norms, ...own].map((tensor) => {
    return { ...tensor, name: `mtp.${tensor.name}`, class: 'mtp', count: tensor.count * count }
  })
}

function storedElements(architecture: Architecture): number {
  const sum = (tensors: Tensor[]) => tensors.reduce((total, tensor) => total + elements(tensor), 0)
  const perKind = architecture.kinds.map((kind) => sum(kind.tensors))
  return architecture.order.reduce((total, kind) => total + (perKind[kind] ?? 0), sum(architecture.outside))
}
