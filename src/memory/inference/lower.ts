/** Values of the inference quantities: what the runtime does, unless the scenario says otherwise. */
import type { Inputs } from '../../formula/expression.ts'
import type { Architecture, LayerKind } from '../../model/architecture.ts'
import { elements } from '../../model/tensors.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import { limits } from '../../scenario/schema.ts'
import { MiB } from '../../units.ts'
import { type Layout, layersOfStage } from '../layout.ts'
import { remember } from '../memo.ts'
import { cacheScheme, type WeightScheme } from '../precision/index.ts'
import { layerRows, type PlacedTensor, type Row, tensorRows, tensorsOfStage } from '../rows.ts'
import { communicatorBytes, contextBytes, workspaceBytes } from '../runtimes.ts'
import { copied } from './quantities.ts'
import { type ServingDefaults, servingDefaults } from './runtimes.ts'
import { before } from './version.ts'
import {
  attentionLive,
  copiesLogits,
  type ExpertStep,
  expertsLive,
  mlpLive,
  scoreBytes,
  stateInComputeType,
  streamsOf,
} from './widths.ts'

type Kernel = ServingDefaults['attention']

const typeBytes = { fp32: 4, tf32: 4, fp16: 2, bf16: 2 } as const

export function cacheInputs({ scenario, architecture }: Resolved): Row {
  const { runtime, precision } = scenario
  const { key, value } = cacheScheme(precision.kvCache, precision.compute)
  const compute = typeBytes[precision.compute]
  return {
    key_bytes_numerator: key.bytes,
    key_bytes_denominator: key.per,
    value_bytes_numerator: value.bytes,
    value_bytes_denominator: value.per,
    state_bytes: runtime === 'transformers' && stateInComputeType(architecture.modelType) ? compute : 4,
    // llama.cpp keeps convolution windows in fp32 too.
    conv_bytes: runtime === 'llama.cpp' ? 4 : compute,
  }
}

export function inferenceInputs(
  resolved: Resolved,
  layout: Layout,
  stage: number,
  scheme: WeightScheme,
  flags: Set<string>,
): Inputs {
  const { scenario } = resolved
  const defaults = servingDefaults(scenario)
  const { gpuLayers } = scenario.serving
  const weights = weightsOf(scheme, `${stage}/${layout.pipeline} ${scenario.runtime} ${gpuLayers}`, () =>
    weightsHere(resolved, layout, stage, scheme),
  )
  setFlags(resolved, defaults, flags)
  const values = cacheInputs(resolved)
  add(values, servingValues(resolved, defaults))
  add(values, stepValues(resolved, layout, defaults, stage))
  add(values, bufferValues(resolved, weights, scheme))
  add(values, overheadValues(resolved, layout, defaults))
  return { values, lists: { ...weights.lists, layers: layersHere(resolved, layout, stage, defaults) } }
}

/** Spreading or assigning many properties at once costs more than all the formulas of a slice. */
function add(values: Row, more: Row): void {
  for (const name in more) values[name] = more[name]!
}

/** What a stage's weights come to; shared by all slices of a model that store and place them alike. */
interface Weights {
  lists: Record<string, Row[]>
  /** Elements of the largest quantised matrix. */
  largest: number
  /** Layers with attention. */
  attentions: number
}

const weightsOf = remember<WeightScheme, Weights>()
const layersOf = remember<Architecture, Row[]>()

function weightsHere(resolved: Resolved, layout: Layout, stage: number, scheme: WeightScheme): Weights {
  const { architecture } = resolved
  const placed = placedHere(resolved, onGpu(resolved, layout), stage, scheme)
  const attentions = placed.filter(({ tensor }) => tensor.class === 'attention' && outputName.test(tensor.name))
  return {
    lists: { ...tensorRows(architecture, placed, scheme), [copied.name]: copies(resolved, placed, scheme) },
    largest: scheme.dequantised === 0 ? 0 : largestQuantised(architecture, placed, scheme),
    attentions: attentions.reduce((sum, { layers }) => sum + layers, 0),
  }
}

const outputName = /(^|\.)(o_proj|dense|out_proj|c_proj)$/

function setFlags({ scenario }: Resolved, defaults: ServingDefaults, flags: Set<string>): void {
  const { serving, runtime } = scenario
  if (defaults.pool) flags.add('pool')
  if (defaults.pool === 'static') flags.add('static pool')
  if (defaults.pool === 'free') flags.add('free pool')
  if (defaults.batched) flags.add('batched tokens')
  if (defaults.wholePrompts && serving.maxBatchedTokens === null) flags.add('whole prompts')
  if (runtime === 'llama.cpp') flags.add('graph')
  if (defaults.staticCache) flags.add('static cache')
  if (!defaults.batched && before(scenario, 4, 42) && !defaults.staticCache) flags.add('whole cache copied')
  if ((serving.attention ?? defaults.attention) === 'eager') flags.add('eager attention')
  if ((serving.logits ?? defaults.logits) === 'all') flags.add('all logits')
}

function servingValues({ scenario, gpu }: Resolved, defaults: ServingDefaults): Row {
  const { serving } = scenario
  return {
    prompt: serving.promptTokens ?? limits.sequence,
    block_size: serving.blockSize ?? defaults.blockSize,
    window_extra: defaults.windowExtra,
    max_num_batched_tokens: serving.maxBatchedTokens ?? defaults.maxBatchedTokens(gpu),
    max_num_seqs: serving.maxSequences ?? defaults.maxSequences(gpu),
    sampler_bytes: defaults.samplerBytes,
    gpu_memory_utilization: Math.round((serving.gpuMemoryUtilization ?? defaults.utilization) * 1000),
  }
}

/** Layers that llama.cpp keeps on the GPU are the last ones; the head follows only when one more is asked for. */
function onGpu({ scenario, architecture }: Resolved, layout: Layout): Layout {
  const asked = scenario.serving.gpuLayers
  if (scenario.runtime !== 'llama.cpp' || asked === null || layout.pipeline > 1) return layout
  const total = architecture.order.length
  return { ...layout, stages: [{ from: Math.max(0, total - asked), to: total }] }
}

/**
 * Weights as runtimes hold them: without the multi-token-prediction layers that only speculative decoding loads. llama.cpp looks tokens up
 * on the CPU and loads vision towers from a file of their own; TensorRT-LLM's engines hold a tied head a second time; layer-wise splits put
 * everything outside the layers on the first GPU.
 */
function placedHere(resolved: Resolved, layout: Layout, stage: number, scheme: WeightScheme): PlacedTensor[] {
  const { scenario, architecture } = resolved
  const { runtime, serving } = scenario
  const placed = tensorsOfStage(architecture, layout, stage, scheme.uniform).filter(
    ({ tensor }) => tensor.class !== 'mtp',
  )
  if (runtime === 'tensorrt-llm' && architecture.tiedEmbeddings) {
    return [...placed, ...placed.filter(({ tensor }) => tensor.class === 'embedding')]
  }
  if (runtime === 'litgpt') {
    const outside: PlacedTensor[] = architecture.outside.map((tensor) => ({
      tensor: { ...tensor, parts: 1, cut: null },
      layer: null,
      layers: 1,
    }))
    return [...placed.filter(({ layer }) => layer !== null), ...(stage === 0 ? outside : [])]
  }
  if (runtime !== 'llama.cpp') return placed
  const withHead = serving.gpuLayers === null || serving.gpuLayers > architecture.order.length
  return placed.filter(({ tensor, layer }) => {
    if (layer !== null) return true
    if (tensor.class === 'vision') return false
    return withHead && (tensor.class !== 'embedding' || architecture.tiedEmbeddings)
  })
}

/** What attention, logits and masks cost, by runtime and version. */
function stepValues(resolved: Resolved, layout: Layout, defaults: ServingDefaults, stage: number): Row {
  const { architecture, scenario } = resolved
  const { runtime, runtimeVersion, precision, serving } = scenario
  const key = `${runtime} ${runtimeVersion} ${precision.compute} ${serving.attention} ${stage}/${layout.pipeline}`
  return stepOf(architecture, key, () => makeStepValues(resolved, layout, defaults, stage))
}

const stepOf = remember<Architecture, Row>()

function makeStepValues(
  { scenario, architecture }: Resolved,
  layout: Layout,
  defaults: ServingDefaults,
  stage: number,
): Row {
  const compute = typeBytes[scenario.precision.compute]
  const { runtime, serving } = scenario
  const attention = serving.attention ?? defaults.attention
  const rotary = rotaryWidth(architecture)
  // Gemma 3 and 4 rotate local and global layers by tables of their own.
  const tables = /^gemma[34]/.test(architecture.modelType) ? 2 : 1
  const old = before(scenario, 4, 45) && defaults.logits === 'all'
  return {
    mlp_streams:
      stage === 0 || runtime !== 'transformers' ? streamsOf(architecture, defaults.streams) : defaults.streams - 1,
    attention_streams: defaults.attentionStreams,
    // cos and sin of one layer's rotation, token and position indices.
    token_table_bytes: defaults.batched ? 0 : tables * 2 * rotary * compute + 16,
    score_bytes: attention === 'eager' ? scoreBytes(architecture.modelType, scenario.precision.compute, runtime) : 0,
    mask_bytes: attention === 'sdpa' && runtime === 'transformers' ? 1 : 0,
    // gpt-fast: torch.tril(torch.ones(max_seq_length, max_seq_length, dtype=torch.bool)).
    mask_buffer_bytes: runtime === 'gpt-fast' ? 1 : 0,
    logit_bytes:
      (runtime === 'transformers' && copiesLogits(architecture.modelType) ? 2 : 1) *
      logitBytes(stage, layout, compute, old || runtime === 'awq'),
    repeat_bytes: repeatBytes(runtime, attention, compute),
  }
}

/** The last stage makes the logits; accelerate brings the result back to the first GPU, where the prompt was. */
function logitBytes(stage: number, layout: Layout, compute: number, upcast: boolean): number {
  if (stage === layout.pipeline - 1) return compute + (upcast ? 4 : 0)
  return stage === 0 ? (upcast ? 4 : compute) : 0
}

/** gpt-fast's attention falls back to arithmetic in fp32: keys and values in 16 bits, in fp32, and keys scaled. */
const repeatBytes = (runtime: string, attention: string, compute: number) =>
  runtime === 'gpt-fast' ? 8 : attention === 'flash' || runtime !== 'transformers' ? 0 : compute

const headDims = (architecture: Architecture) =>
  architecture.kinds.flatMap((kind) =>
    kind.mixers.map((mixer) =>
      mixer.kind === 'attention' ? mixer.headDim : mixer.kind === 'mla' ? mixer.qkRopeHeadDim : 0,
    ),
  )

/** Buffers that live as long as the model, and the room a quantised weight is unpacked into. */
function bufferValues(resolved: Resolved, { largest, attentions }: Weights, scheme: WeightScheme): Row {
  const gptq = scheme.id.startsWith('gptq')
  // Lightning quantises and multiplies in fp16 whatever the compute type, so bf16 needs a second copy.
  const copies = resolved.scenario.runtime === 'litgpt' ? 2 : 1
  return {
    buffer_bytes: rotaryTables(resolved, attentions) + (gptq ? largest * scheme.dequantised : 0),
    // QuantAttentionFused: complex angles for twice the cache, in every layer.
    position_table_bytes: resolved.scenario.runtime === 'awq' ? attentions * 8 * rotaryWidth(resolved.architecture) : 0,
    unpacked_bytes: gptq ? 0 : largest * scheme.dequantised * copies,
  }
}

const rotaryWidth = (architecture: Architecture) =>
  widthOf(architecture, '', () => (architecture.position === 'rope' ? Math.max(0, ...headDims(architecture)) : 0))

const widthOf = remember<Architecture, number>()

function largestQuantised(architecture: Architecture, placed: PlacedTensor[], scheme: WeightScheme): number {
  const sizes = placed.map(({ tensor, layer }) => {
    const { bytes, per } = scheme.ofTensor(tensor, { architecture, layer })
    return tensor.in > 1 && bytes < 2 * per ? tensor.out * tensor.in : 0
  })
  return Math.max(0, ...sizes)
}

/**
 * Bytes of cos and sin for all positions, for the layers that share them: in every layer of transformers before 4.45 (Llama and Gemma: 4.40),
 * once in vLLM and SGLang (there in fp32).
 */
function rotaryTables({ scenario, architecture }: Resolved, attentions: number): number {
  const table = (architecture.maxPositionEmbeddings ?? 2048) * rotaryWidth(architecture)
  const compute = typeBytes[scenario.precision.compute]
  switch (scenario.runtime) {
    case 'vllm':
      return table * compute
    case 'sglang':
      return table * 4
    case 'transformers': {
      const modelLevel = /^(llama|gemma)/.test(architecture.modelType) ? 40 : 45
      return before(scenario, 4, modelLevel) ? attentions * 2 * table * compute : 0
    }
    default:
      return 0
  }
}

/**
 * AutoAWQ concatenates query, key and value projections into one and drops the originals at the end. Its checkpoints store a tied head
 * again, which is loaded before it is tied (not MPT's, whose code has no head).
 */
function copies({ scenario, architecture }: Resolved, placed: PlacedTensor[], scheme: WeightScheme): Row[] {
  const tied = scheme.id === 'awq-int4' && architecture.tiedEmbeddings && architecture.modelType !== 'mpt'
  return placed.flatMap(({ tensor, layer, layers }) => {
    const head = tied && tensor.class === 'embedding' && tensor.in > 1
    const projection = scenario.runtime === 'awq' && /(^|\.)[qkv]_proj$/.test(tensor.name)
    if (!head && !projection) return []
    const { bytes, per } = scheme.ofTensor(tensor, { architecture, layer })
    return { copied_elements: layers * elements(tensor), copied_numerator: bytes, copied_denominator: per }
  })
}

function overheadValues({ scenario, gpu }: Resolved, layout: Layout, defaults: ServingDefaults): Row {
  const { serving } = scenario
  const ranks = layout.tensor * layout.pipeline * layout.data * layout.context
  const outside = serving.overheadMiB === null ? defaults.outsideBytes : serving.overheadMiB * MiB
  const pool = defaults.pool !== null
  return {
    graph_bytes: serving.cudaGraphs === false ? 0 : Math.round(defaults.graphBytes),
    context_bytes: pool || serving.overheadMiB === null ? contextBytes(gpu) : Math.round(outside),
    outside_bytes: Math.round(outside),
    workspace_bytes: pool ? 0 : workspaceBytes(gpu),
    communicator_bytes: defaults.split === 'layers' && layout.tensor === 1 ? 0 : communicatorBytes(gpu, ranks),
  }
}

/** Layer rows with what is alive in each kind of layer. */
function layersHere(resolved: Resolved, layout: Layout, stage: number, defaults: ServingDefaults): Row[] {
  const { scenario, architecture } = resolved
  const { serving, runtime, precision } = scenario
  const attention = serving.attention ?? defaults.attention
  const compute = typeBytes[precision.compute]
  const sliding = slidingCache(resolved, defaults)
  const latent = serving.latentCache ?? defaults.latentCache
  const key = [
    stage,
    layout.pipeline,
    runtime,
    serving.gpuLayers,
    attention,
    compute,
    sliding,
    latent,
    scenario.runtimeVersion,
  ].join(' ')
  return layersOf(architecture, key, () => {
    const here = onGpu(resolved, layout)
    const base = layerRows(architecture, here, stage, { sliding, latent }).layers!
    const counts = layersOfStage(architecture, here.stages[stage]!)
    const kinds = architecture.kinds.filter((_, index) => counts[index] !== 0)
    const { modelType, hiddenSize } = architecture
    const how = { runtime, attention, modelType, computeBytes: compute, gathers: !before(scenario, 5, 0) }
    return base.map((row, index) => ({
      ...row,
      ...liveIn(kinds[index]!, hiddenSize, how),
      ...(runtime === 'transformers' && modelType === 'falcon' ? broadcastHeads(row) : {}),
    }))
  })
}

/** Falcon's grouped heads are broadcast before they are cached (FalconAttention._split_heads, new decoder architecture). */
const broadcastHeads = (row: Row): Row =>
  row.num_key_value_heads! > 1 ? { num_key_value_heads: row.num_attention_heads! } : {}

function liveIn(kind: LayerKind, hidden: number, how: ExpertStep & { runtime: string; attention: Kernel }): Row {
  const mixer = kind.mixers.find((m) => m.kind === 'attention')
  const dense = kind.feedForwards.map((block) => (block.kind === 'dense' ? mlpLive(block, kind) : 0))
  const experts = kind.feedForwards.map((block) => (block.kind === 'moe' ? expertsLive(block, hidden, how) : 0))
  return {
    mlp_live: Math.max(0, ...dense),
    experts_live: Math.max(0, ...experts),
    attention_live: attentionLive(kind, how),
    repeated_width: mixer && mixer.kvHeads < mixer.heads ? 2 * mixer.heads * mixer.headDim : 0,
  }
}

/** Whether sliding layers keep their window only. */
function slidingCache({ scenario, architecture }: Resolved, { slidingCache: usual }: ServingDefaults): boolean {
  const said = scenario.serving.slidingCache ?? usual
  if (said !== 'uniform') return said
  const widths = architecture.kinds.flatMap((kind) =>
    kind.mixers.map((m) => (m.kind === 'attention' && m.ownsCache ? m.kvHeads * (m.headDim + m.valueHeadDim) : 0)),
  )
  return new Set(widths.filter((width) => width > 0)).size <= 1
}
