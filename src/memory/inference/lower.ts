/** Values of the inference quantities: what the runtime does, unless the scenario says otherwise. */
import type { Inputs } from '../../formula/expression.ts'
import type { Gpu } from '../../hardware/gpu.ts'
import type { Architecture, Mixer } from '../../model/architecture.ts'
import { refuse } from '../../scenario/parse.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import { limits, type Scenario } from '../../scenario/schema.ts'
import { MiB } from '../../units.ts'
import type { Layout } from '../layout.ts'
import { type CacheScheme, cacheOf, cacheScheme, type WeightScheme } from '../precision/index.ts'
import type { Row } from '../rows.ts'
import { communicatorBytes, contextBytes, workspaceBytes } from '../runtimes.ts'
import { typeBytes } from './bytes.ts'
import { weightsHere } from './held-weights.ts'
import { layersHere, servesSparse } from './layer-rows.ts'
import { type ServingDefaults, servingDefaults, utilizationOf } from './runtimes.ts'
import { bufferValues, stepValues } from './step-values.ts'
import { before } from './version.ts'
import { encoderBytes } from './vision-encoder.ts'
import { stateInComputeType } from './widths.ts'

/** Sparse attention has an FP8 entry of its own. @throws ScenarioError where only that is asked for and there is none */
function cacheHere(scenario: Scenario, { kinds }: Architecture): CacheScheme {
  const scheme = cacheOf(scenario)
  const sparse = kinds.some(({ mixers }) => mixers.some((mixer) => mixer.kind === 'mla' && mixer.indexer))
  if (scheme.id === 'fp8_ds_mla' && !sparse)
    throw refuse('precision.kvCache', scheme.id, 'is for DeepSeek’s sparse attention; use fp8')
  return sparse && scheme.id === 'fp8' && servesSparse(scenario.runtime)
    ? cacheScheme('fp8_ds_mla', scenario.precision.compute)
    : scheme
}

export function cacheInputs({ scenario, architecture }: Resolved): Row {
  const { runtime, precision } = scenario
  const { key, value } = cacheHere(scenario, architecture)
  const compute = typeBytes[precision.compute]
  const unpacks = runtime === 'llama.cpp' && !before(scenario, 9500)
  return {
    key_copy_bytes: unpacks && key.bytes < 2 * key.per ? 2 : 0,
    value_copy_bytes: unpacks && value.bytes < 2 * value.per ? 2 : 0,
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
  const defaults = servingDefaults(resolved)
  const weights = weightsHere(resolved, layout, stage, scheme)
  setFlags(resolved, defaults, scheme, flags)
  if (statesInPages(resolved, defaults)) flags.add('states in pages')
  const values = cacheInputs(resolved)
  const encoder = stage === 0 ? encoderBytes(resolved) : null
  if (encoder) {
    flags.add('encoder')
    add(values, { encoder_bytes: encoder.peak, encoded_bytes: encoder.encoded })
  }
  add(values, servingValues(resolved, layout, defaults, stage === layout.pipeline - 1))
  add(values, stepValues(resolved, layout, defaults, stage))
  add(values, bufferValues(resolved, weights, scheme))
  add(values, overheadValues(resolved, layout, defaults))
  return { values, lists: { ...weights.lists, layers: layersHere(resolved, layout, stage, defaults) } }
}

/** Spreading or assigning many properties at once costs more than all the formulas of a slice. */
function add(values: Row, more: Row): void {
  for (const name in more) values[name] = more[name]!
}

function setFlags({ scenario }: Resolved, defaults: ServingDefaults, scheme: WeightScheme, flags: Set<string>): void {
  const { serving, runtime } = scenario
  if (defaults.pool) flags.add('pool')
  if (defaults.pool === 'static') flags.add('static pool')
  if (defaults.pool === 'free') flags.add('free pool')
  if (defaults.batched) flags.add('batched tokens')
  if (defaults.graphsBudgeted) flags.add('budgeted graphs')
  if (defaults.keepsExperts && worksInShared(scenario, scheme)) flags.add('kept experts')
  if (defaults.wholePrompts && serving.maxBatchedTokens === null) flags.add('whole prompts')
  if (runtime === 'llama.cpp') flags.add('graph')
  if (runtime === 'llama.cpp' && !before(scenario, 9479)) flags.add('last logits')
  if (defaults.staticCache) flags.add('static cache')
  if (!defaults.batched && before(scenario, 4, 42) && !defaults.staticCache) flags.add('whole cache copied')
  if ((serving.attention ?? defaults.attention) === 'eager') flags.add('eager attention')
  if ((serving.logits ?? defaults.logits) === 'all') flags.add('all logits')
}

/** Experts in 4-bit floats are multiplied by kernels that find their own room; those in 4-bit integers shared it since 0.22 (vllm#42553). */
const worksInShared = (scenario: Scenario, { id, bitsNominal }: WeightScheme) =>
  id !== 'mxfp4' && id !== 'nvfp4' && (bitsNominal > 4 || !before(scenario, 0, 22))

/** Recurrent layers beside attention, whose states the runtime keeps in blocks of the same pool. */
function statesInPages({ architecture }: Resolved, defaults: ServingDefaults): boolean {
  const mixers = architecture.kinds.flatMap((kind) => kind.mixers)
  const attends = (mixer: Mixer) => ['attention', 'mla', 'compressed'].includes(mixer.kind)
  return defaults.pagedStates && mixers.some(attends) && !mixers.every(attends)
}

function servingValues(resolved: Resolved, layout: Layout, defaults: ServingDefaults, samples: boolean): Row {
  const { scenario, architecture, gpu } = resolved
  const { serving } = scenario
  const batchedTokens = serving.maxBatchedTokens ?? defaults.maxBatchedTokens(gpu)
  const sampled = samples ? sequencesAtMost(scenario, defaults, gpu) : 0
  return {
    prompt: serving.promptTokens ?? limits.sequence,
    block_size: serving.blockSize ?? defaults.blockSize,
    // FlashAttention takes multiples of 16 tokens, kernels for MLA of 64.
    page_alignment: architecture.kinds.some(({ mixers }) => mixers.some(({ kind }) => kind === 'mla')) ? 64 : 16,
    window_extra: defaults.windowExtra ? batchedTokens : 0,
    max_num_batched_tokens: batchedTokens,
    max_num_seqs: sampled,
    sampler_bytes: defaults.samplerBytes,
    sampler_rows: Math.min(defaults.samplerRows, sampled),
    expert_shares: layout.expertShards / layout.expert,
    serving_workspace_bytes: defaults.pool ? workspaceBytes(gpu) : 0,
    gpu_memory_utilization: Math.round(utilizationOf(resolved, layout) * 1000),
  }
}

const sequencesAtMost = ({ serving }: Scenario, defaults: ServingDefaults, gpu: Gpu) =>
  serving.maxSequences ?? defaults.maxSequences(gpu)

function overheadValues({ scenario, architecture, gpu }: Resolved, layout: Layout, defaults: ServingDefaults): Row {
  const { serving } = scenario
  const ranks = layout.tensor * layout.pipeline * layout.data * layout.context
  const sequences = sequencesAtMost(scenario, defaults, gpu)
  const decoder = defaults.decoderBytes * sequences * architecture.vocabSize
  const outside = serving.overheadMiB === null ? defaults.outsideBytes(gpu) + decoder : serving.overheadMiB * MiB
  const pool = defaults.pool !== null
  return {
    graph_bytes:
      serving.cudaGraphs === false
        ? 0
        : defaults.graphBytes(sequences, Math.ceil(architecture.order.length / layout.pipeline)),
    context_bytes: pool || serving.overheadMiB === null ? contextBytes(gpu) : Math.round(outside),
    outside_bytes: Math.round(outside),
    workspace_bytes: pool ? 0 : workspaceBytes(gpu),
    communicator_bytes:
      defaults.split === 'layers' && layout.tensor === 1 ? 0 : communicatorBytes(gpu, ranks, defaults.switchFrom),
  }
}
