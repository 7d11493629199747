/** Which weights a runtime holds on a GPU, which of them exist twice while it loads, and the room it unpacks quantised ones into. */
import type { Architecture } from '../../model/architecture.ts'
import { elements } from '../../model/tensors.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import type { Layout } from '../layout.ts'
import { remember } from '../memo.ts'
import type { WeightScheme } from '../precision/index.ts'
import { tensors } from '../quantities.ts'
import { type PlacedTensor, type Row, tensorRows, tensorsOfStage } from '../rows.ts'
import { allocatedBeyond, allocationOf } from './allocator.ts'
import { paddedExperts } from './padded-experts.ts'
import { copied } from './quantities.ts'
import { rotaryTable } from './rotary.ts'
import { before } from './version.ts'

/** What a stage's weights come to; shared by all slices of a model that store and place them alike. */
export interface Weights {
  lists: Record<string, Row[]>
  /** Elements of the largest quantised matrix. */
  largest: number
  /** Layers with attention. */
  attentions: number
  /** Bytes that PyTorch’s allocator hands out beyond what they ask for. */
  beyond: number
}

const weightsOf = remember<WeightScheme, Weights>()

/** Rows of `tensors`, `expert_tensors` and `copied`. */
export function weightsHere(resolved: Resolved, layout: Layout, stage: number, scheme: WeightScheme): Weights {
  const { runtime, runtimeVersion, serving } = resolved.scenario
  const padding = padsExperts(resolved, scheme) ? `${resolved.gpu.id} ${expertShares(layout)}` : ''
  const cut = allocationOf(resolved) ? `${layout.tensor}/${layout.expertShards}` : ''
  const key = `${stage}/${layout.pipeline} ${runtime} ${runtimeVersion} ${serving.gpuLayers} ${padding} ${cut}`
  return weightsOf(scheme, key, () => makeWeights(resolved, layout, stage, scheme))
}

function makeWeights(resolved: Resolved, layout: Layout, stage: number, scheme: WeightScheme): Weights {
  const { architecture } = resolved
  const placed = placedHere(resolved, onGpu(resolved, layout), stage, scheme)
  const attentions = placed
    .filter(({ tensor }) => tensor.class === 'attention' && outputName.test(tensor.name))
    .reduce((sum, { layers }) => sum + layers, 0)
  const rows = tensorRows(architecture, placed, scheme)
  if (isEngine(resolved)) rows[tensors.name]!.push(constants(architecture, attentions))
  return {
    lists: { ...rows, [copied.name]: copies(resolved, placed, scheme) },
    largest: scheme.dequantised === 0 ? 0 : largestQuantised(architecture, placed, scheme),
    attentions,
    beyond: allocatedBeyond(placed, resolved, layout, scheme),
  }
}

const outputName = /(^|\.)(o_proj|dense|out_proj|c_proj)$/

/** Layers that llama.cpp keeps on the GPU are the last ones; the head follows only when one more is asked for. */
export function onGpu({ scenario, architecture }: Resolved, layout: Layout): Layout {
  const asked = scenario.serving.gpuLayers
  if (scenario.runtime !== 'llama.cpp' || asked === null || layout.pipeline > 1) return layout
  const total = architecture.order.length
  return { ...layout, stages: [{ from: Math.max(0, total - asked), to: total }] }
}

/**
 * Weights as runtimes hold them: without the multi-token-prediction layers that only speculative decoding loads. llama.cpp looks tokens up
 * on the CPU and loads vision towers from a file of their own; TensorRT-LLM holds a tied head a second time; layer-wise splits put everything outside the layers on the first GPU.
 */
function placedHere(resolved: Resolved, layout: Layout, stage: number, scheme: WeightScheme): PlacedTensor[] {
  const { scenario, architecture } = resolved
  const { runtime, serving } = scenario
  const placed = tensorsOfStage(architecture, layout, stage, scheme.uniform).filter(
    ({ tensor }) => tensor.class !== 'mtp',
  )
  if (runtime === 'tensorrt-llm') {
    const tied = architecture.tiedEmbeddings ? placed.filter(({ tensor }) => tensor.class === 'embedding') : []
    return [...(isEngine(resolved) ? engineTensors(placed) : placed), ...tied]
  }
  if (runtime === 'litgpt') {
    const outside: PlacedTensor[] = architecture.outside.map((tensor) => ({
      tensor: { ...tensor, parts: 1, cut: null },
      layer: null,
      layers: 1,
    }))
    return [...placed.filter(({ layer }) => layer !== null), ...(stage === 0 ? outside : [])]
  }
  // Its embedding stays on the CPU (exllama/model.py ExLlamaDeviceMap, exllamav2/model.py set_device_map: embed_cpu).
  if (runtime === 'exllama' && !architecture.tiedEmbeddings)
    return placed.filter(({ tensor }) => tensor.class !== 'embedding')
  if (padsExperts(resolved, scheme)) return paddedExperts(placed, resolved.gpu, expertShares(layout))
  if (absorbs(resolved)) return placed.flatMap((one) => withAbsorbed(one, resolved, scheme))
  if (runtime !== 'llama.cpp') return placed
  const withHead = serving.gpuLayers === null || serving.gpuLayers > architecture.order.length
  return placed.filter(({ tensor, layer }) => {
    if (layer !== null) return true
    if (tensor.class === 'vision') return false
    return withHead && (tensor.class !== 'embedding' || architecture.tiedEmbeddings)
  })
}

/** Since they cache the latent vector, vLLM (0.7.1) and SGLang keep MLA's up-projection as two more matrices, to multiply queries and outputs with. */
const absorbs = ({ scenario }: Resolved) =>
  scenario.runtime === 'sglang' || (scenario.runtime === 'vllm' && !before(scenario, 0, 7, 1))

/** W_UK and W_UV (vllm, MLACommonImpl.process_weights_after_loading), in 16 bits; SGLang leaves them in FP8 (deepseek_v2.py, w_kc and w_vc). */
function withAbsorbed(one: PlacedTensor, { scenario }: Resolved, { id }: WeightScheme): PlacedTensor[] {
  if (!/(^|\.)kv_b_proj$/.test(one.tensor.name)) return [one]
  const stored = scenario.runtime === 'sglang' && id.startsWith('fp8')
  return [one, stored ? one : { ...one, tensor: { ...one.tensor, linear: false } }]
}

const padsExperts = ({ scenario }: Resolved, { id }: WeightScheme) => scenario.runtime === 'vllm' && id === 'mxfp4'

/** GPUs that share one expert's width; expert parallelism leaves experts whole. */
const expertShares = ({ expertShards, expert }: Layout) => expertShards / expert

/** TensorRT-LLM compiled engines until 1.0, where PyTorch became its default. */
const isEngine = ({ scenario }: Resolved) => scenario.runtime === 'tensorrt-llm' && before(scenario, 1, 0)

/** Rotary tables in fp32 are constants of the engine; DeepSeek's attention has one in every layer. */
function constants(architecture: Architecture, attentions: number): Row {
  const latent = architecture.kinds.some(({ mixers }) => mixers.some(({ kind }) => kind === 'mla'))
  const elements = rotaryTable(architecture) * (latent ? attentions : 1)
  return { elements, parts: 1, bytes_numerator: 4, bytes_denominator: 1 }
}

/**
 * TensorRT engines hold the embedding whole on every GPU (use_parallel_embedding is off), and MLA's up-projections
 * as 16-bit parameters that weight-only quantisation passes over, that of the keys transposed as well (tensorrt_llm/layers/attention.py,
 * DeepseekV2Attention).
 */
function engineTensors(placed: PlacedTensor[]): PlacedTensor[] {
  return placed.flatMap((one) => {
    const { tensor } = one
    if (tensor.class === 'embedding') return { ...one, tensor: { ...tensor, parts: 1, cut: null } }
    if (!/(^|\.)(q_b_proj|kv_b_proj)$/.test(tensor.name)) return one
    const kept: PlacedTensor = { ...one, tensor: { ...tensor, linear: false } }
    return tensor.name.endsWith('kv_b_proj')
      ? [kept, { ...kept, tensor: { ...kept.tensor, out: tensor.out / 2 } }]
      : kept
  })
}

function largestQuantised(architecture: Architecture, placed: PlacedTensor[], scheme: WeightScheme): number {
  const sizes = placed.map(({ tensor, layer }) => {
    const { bytes, per } = scheme.ofTensor(tensor, { architecture, layer })
    return tensor.in > 1 && bytes < 2 * per ? tensor.out * tensor.in : 0
  })
  return Math.max(0, ...sizes)
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
