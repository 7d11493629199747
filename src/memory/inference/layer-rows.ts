/** Layer rows of inference: what each kind of layer caches, and what is alive in it. */
import type { Architecture, LayerKind } from '../../model/architecture.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import { type Layout, layersOfStage } from '../layout.ts'
import { remember } from '../memo.ts'
import { layerRows, type Row } from '../rows.ts'
import { typeBytes } from './bytes.ts'
import { onGpu } from './held-weights.ts'
import type { ServingDefaults } from './runtimes.ts'
import { before } from './version.ts'
import { attentionLive, type ExpertStep, expertsLive, mlpLive } from './widths.ts'

const layersOf = remember<Architecture, Row[]>()

/** Layer rows with what is alive in each kind of layer. */
export function layersHere(resolved: Resolved, layout: Layout, stage: number, defaults: ServingDefaults): Row[] {
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
    const policy = {
      sliding,
      latent: latent === 'unpacked' ? 'latent' : latent,
      scaledIndex: servesSparse(runtime),
    } as const
    const base = layerRows(architecture, here, stage, policy).layers!
    const counts = layersOfStage(architecture, here.stages[stage]!)
    const kinds = architecture.kinds.filter((_, index) => counts[index] !== 0)
    const { modelType, hiddenSize } = architecture
    const how = { runtime, attention, modelType, computeBytes: compute, gathers: !before(scenario, 5, 0) }
    return base.map((row, index) => ({
      ...row,
      ...liveIn(kinds[index]!, hiddenSize, how),
      ...(keepsKernel(runtime) ? {} : { conv_elements: shifted(kinds[index]!) }),
      ...(runtime === 'transformers' && modelType === 'falcon' ? broadcastHeads(row) : {}),
      ...(runtime === 'llama.cpp' ? { repeated_width: 0, ...latentWidths(kinds[index]!, latent, attention) } : {}),
    }))
  })
}

/** vLLM's DeepseekV32IndexerCache and SGLang's index buffer hold 128 bytes and a scale a token. */
export const servesSparse = (runtime: string) => runtime === 'vllm' || runtime === 'sglang'

/** Falcon's grouped heads are broadcast before they are cached (FalconAttention._split_heads, new decoder architecture). */
const broadcastHeads = (row: Row): Row =>
  row.num_key_value_heads! > 1 ? { num_key_value_heads: row.num_attention_heads! } : {}

/** transformers rolls windows as long as the kernel; serving runtimes keep what the next token does not bring. */
const keepsKernel = (runtime: string) => !['vllm', 'sglang', 'tensorrt-llm', 'llama.cpp'].includes(runtime)

const shifted = ({ mixers }: LayerKind) =>
  mixers.reduce((sum, mixer) => sum + ('convState' in mixer ? mixer.convState - mixer.convChannels : 0), 0)

/**
 * MLA over the latent vector: queries and outputs of every head are as wide as the vector (arXiv:2405.04434 §2.1.2), keys and values are the
 * cache; or they are made of it for flash attention.
 */
function latentWidths({ mixers }: LayerKind, latent: ServingDefaults['latentCache'], attention: string): Row {
  const mla = mixers.find((mixer) => mixer.kind === 'mla')
  if (mla?.kind !== 'mla' || latent === 'expanded') return {}
  if (latent === 'unpacked' && attention === 'flash') {
    const repeated_width = mla.heads * (mla.qkNopeHeadDim + mla.qkRopeHeadDim + mla.valueHeadDim)
    return { key_width: 0, value_width: 0, repeated_width }
  }
  const query_width = mla.heads * (mla.kvLoraRank + mla.qkRopeHeadDim)
  return { query_width, key_width: 0, value_width: 0, output_width: mla.heads * mla.kvLoraRank }
}

function liveIn(
  kind: LayerKind,
  hidden: number,
  how: ExpertStep & { runtime: string; attention: ServingDefaults['attention'] },
): Row {
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
