/** What one step costs beside widths: streams, scores, masks, logits, tables and buffers, by runtime and version. */
import type { Architecture } from '../../model/architecture.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import type { Layout } from '../layout.ts'
import { remember } from '../memo.ts'
import type { WeightScheme } from '../precision/index.ts'
import type { Row } from '../rows.ts'
import { typeBytes } from './bytes.ts'
import type { Weights } from './held-weights.ts'
import { rotaryTable, rotaryWidth } from './rotary.ts'
import type { ServingDefaults } from './runtimes.ts'
import { before } from './version.ts'
import { copiesLogits, scoreBytes, streamsOf } from './widths.ts'

/** What attention, logits and masks cost, by runtime and version. */
export function stepValues(resolved: Resolved, layout: Layout, defaults: ServingDefaults, stage: number): Row {
  const { architecture, scenario } = resolved
  const { runtime, runtimeVersion, precision, serving } = scenario
  const key = `${runtime} ${runtimeVersion} ${precision.compute} ${serving.attention} ${serving.gpuLayers} ${stage}/${layout.pipeline}`
  return stepOf(architecture, key, () => makeStepValues(resolved, layout, defaults, stage))
}

const stepOf = remember<Architecture, Row>()

function makeStepValues(resolved: Resolved, layout: Layout, defaults: ServingDefaults, stage: number): Row {
  const { scenario, architecture } = resolved
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
    ...(runtime === 'llama.cpp' ? graphValues(resolved, layout, stage, attention) : {}),
  }
}

/** llama.cpp: logits in fp32 where the head is; hidden states that come from another device are copied before they are normed. */
function graphValues({ scenario, architecture }: Resolved, layout: Layout, stage: number, attention: string): Row {
  const { gpuLayers } = scenario.serving
  const split = layout.pipeline > 1
  const halfMask = attention !== 'eager' && !before(scenario, 9442)
  const recurs = architecture.kinds.some(({ mixers }) =>
    mixers.some(({ kind }) => kind !== 'attention' && kind !== 'mla'),
  )
  const partial = gpuLayers !== null && gpuLayers <= architecture.order.length
  const head = stage === layout.pipeline - 1 && !partial
  return {
    logit_bytes: head ? 4 : 0,
    head_streams: split ? 2 : 1,
    // GGML_SCHED_MAX_COPIES; without pipelining the one copy is freed like any other tensor.
    graph_copies: split ? 4 : 0,
    mask_source_bytes: split || halfMask ? 0 : 4,
    mask_held_bytes: split && halfMask ? 0 : 2,
    mask_input_bytes: halfMask ? 2 : 4,
    gap_streams: halfMask && !recurs ? 2 : 0,
    repeat_bytes: 2,
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

/** Buffers that live as long as the model, and the room a quantised weight is unpacked into. */
export function bufferValues(resolved: Resolved, { largest, attentions, beyond }: Weights, scheme: WeightScheme): Row {
  const gptq = scheme.id.startsWith('gptq')
  // Lightning quantises and multiplies in fp16 whatever the compute type, so bf16 needs a second copy.
  const copies = resolved.scenario.runtime === 'litgpt' ? 2 : 1
  return {
    buffer_bytes:
      rotaryTables(resolved, attentions) + beyond + (gptq ? largest * scheme.dequantised : 0) + exllamaState(resolved),
    // QuantAttentionFused: complex angles for twice the cache, in every layer.
    position_table_bytes: resolved.scenario.runtime === 'awq' ? attentions * 8 * rotaryWidth(resolved.architecture) : 0,
    unpacked_bytes: gptq ? 0 : largest * scheme.dequantised * copies,
  }
}

/** ExLlama 1 holds an MLP's intermediate values of 2048 tokens from the start (exllama/model.py temp_state). */
function exllamaState({ scenario, architecture }: Resolved): number {
  if (scenario.runtime !== 'exllama' || !before(scenario, 2, 0)) return 0
  const widths = architecture.kinds.flatMap(({ feedForwards }) => feedForwards.map((block) => block.intermediate))
  return 2048 * 2 * Math.max(0, ...widths)
}

/**
 * Tables of all positions that a server holds. Gemma 3 has one for local layers and one for global ones, which from 4B on is scaled linearly by 8
 * (rope_scaling in its config.json) and as many times as long (vllm, rotary_embedding/linear_scaling_rope.py).
 */
const servedTables = ({ modelType }: Architecture) => (modelType === 'gemma3' ? 9 : modelType === 'gemma3_text' ? 2 : 1)

/**
 * Bytes of cos and sin for all positions, for the layers that share them: in every layer of transformers before 4.45 (Llama and Gemma: 4.40),
 * once in vLLM and SGLang (there in fp32).
 */
function rotaryTables({ scenario, architecture }: Resolved, attentions: number): number {
  const table = rotaryTable(architecture)
  const compute = typeBytes[scenario.precision.compute]
  switch (scenario.runtime) {
    case 'vllm':
      return servedTables(architecture) * table * compute
    case 'sglang':
      return servedTables(architecture) * table * 4
    case 'transformers': {
      const modelLevel = /^(llama|gemma)/.test(architecture.modelType) ? 40 : 45
      return before(scenario, 4, modelLevel) ? attentions * 2 * table * compute : 0
    }
    default:
      return 0
  }
}
