/** Values of the training quantities: what the framework does, what the precision recipe stores, what data parallelism shares. */
import type { Inputs } from '../../formula/expression.ts'
import type { Architecture, LayerKind, Tensor } from '../../model/architecture.ts'
import { elements } from '../../model/tensors.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import { type Layout, layersOfStage } from '../layout.ts'
import { optimizerState, type WeightScheme } from '../precision/index.ts'
import { layerRows, type PlacedTensor, type Row, tensorRows, tensorsOfStage } from '../rows.ts'
import { communicatorBytes, contextBytes, workspaceBytes } from '../runtimes.ts'
import { adaptedOutside, adaptedTensors, adapterWidths, matricesOf } from './adapters.ts'
import { type Recipe, recipeOf } from './recipe.ts'

/** @throws ScenarioError for LoRA targets the model does not have */
export function trainingInputs(
  resolved: Resolved,
  layout: Layout,
  stage: number,
  scheme: WeightScheme,
  flags: Set<string>,
): Inputs {
  const { architecture, gpu } = resolved
  const recipe = recipeOf(resolved)
  setFlags(recipe, layout, resolved.scenario.parallelism.sequenceParallel, flags)
  const placed = tensorsOfStage(architecture, layout, stage, scheme.uniform)
  const ranks = layout.tensor * layout.pipeline * layout.data * layout.context
  return {
    values: {
      ...stateValues(recipe, layout, placed),
      ...savedValues(recipe),
      ...pipelineValues(resolved, layout, stage),
      context_bytes: Math.round(contextBytes(gpu)),
      workspace_bytes: workspaceBytes(gpu),
      graph_bytes: 0,
      communicator_bytes: communicatorBytes(gpu, ranks),
    },
    lists: {
      ...withStates(tensorRows(architecture, placed, scheme), architecture, placed, scheme, recipe),
      ...trainingRows(resolved, layout, stage, recipe),
    },
  }
}

function setFlags(recipe: Recipe, layout: Layout, sequenceParallel: boolean | null, flags: Set<string>): void {
  flags.add('training')
  if (recipe.adapters) flags.add('adapters')
  if (recipe.attention === 'eager') flags.add('eager attention')
  if (recipe.checkpointing === 'full' || recipe.checkpointing === 'offloaded') flags.add('full checkpointing')
  if (recipe.checkpointing === 'offloaded') flags.add('activations offloaded')
  if (recipe.checkpointing === 'selective') flags.add('selective checkpointing')
  if (recipe.gradientsPersist) flags.add('gradients persist')
  if (layout.zero === 3 && layout.shards > 1) flags.add('sharded parameters')
  if (layout.tensor > 1 && (sequenceParallel ?? recipe.sequenceParallel)) flags.add('sequence parallel')
}

/** 1F1B keeps pipeline − stage micro-batches in flight; interleaving adds a share of the chunks (arXiv:2104.04473 §2.2). */
function pipelineValues({ scenario }: Resolved, layout: Layout, stage: number): Row {
  const { microBatches, interleave } = scenario.parallelism
  const steps = microBatches ?? Math.max(scenario.training.gradientAccumulation, layout.pipeline)
  const chunks = layout.pipeline > 1 ? interleave : 1
  const warmUp = (layout.pipeline - stage) * chunks + (chunks > 1 ? layout.pipeline - 1 : 0)
  return {
    in_flight: Math.min(steps * chunks, warmUp),
    pipeline_chunks: chunks,
    head_here: stage === layout.pipeline - 1 ? 1 : 0,
    context_parallel: layout.context,
  }
}

function stateValues(recipe: Recipe, layout: Layout, placed: PlacedTensor[]): Row {
  const adapterState = optimizerState(recipe.optimizer, {
    parameterBytes: recipe.adapterBytes,
    stateType: recipe.stateType,
  }).ofTensor({
    out: 4096,
    in: 4096,
    class: 'attention',
  })
  const shard = (stage: number) => (layout.zero >= stage ? layout.shards : 1)
  const gone = (part: (typeof recipe.offload)[number]) => (recipe.offload.includes(part) ? 0 : 1)
  return {
    gradient_bytes: recipe.gradientBytes * gone('gradients'),
    master_bytes: recipe.masterBytes * gone('optimizer'),
    adapter_bytes: recipe.adapterBytes,
    adapter_state_numerator: adapterState.bytes * gone('optimizer'),
    adapter_state_denominator: adapterState.per,
    parameter_shards: shard(3),
    gradient_shards: shard(2),
    optimizer_shards: shard(1),
    parameters_here: gone('parameters'),
    step_temporary_bytes: recipe.stepBytes * gone('optimizer'),
    cast_parameters: heldBy(placed, layout, (t) => t.linear || t.class === 'head'),
    entrance_gradient_bytes: Math.floor(
      (heldBy(placed, layout, (t) => t.class === 'embedding') * recipe.gradientBytes) / shard(2),
    ),
    ...bucketValues(recipe, layout, placed),
  }
}

/** Parameters of some tensors on one tensor-parallel rank. */
const heldBy = (placed: PlacedTensor[], layout: Layout, which: (tensor: Tensor) => boolean) =>
  placed.reduce(
    (sum, { tensor, layers }) =>
      which(tensor) ? sum + Math.ceil((layers * elements(tensor)) / Math.min(layout.tensor, tensor.parts)) : sum,
    0,
  )

/** DDP copies every gradient into a bucket; DeepSpeed has two reduce buckets and one all-gather bucket of 5·10⁸ elements (its defaults). */
function bucketValues(recipe: Recipe, layout: Layout, placed: PlacedTensor[]): Row {
  const none = { bucket_elements: 0, bucket_bytes: 0, gathered_units: 0, gathered_bytes: 0 }
  if (layout.shards * layout.data === 1) return none
  if (layout.zero === 3) {
    return { ...none, gathered_units: 2, gathered_bytes: recipe.computeBytes }
  }
  const whole = placed.reduce((sum, { tensor, layers }) => sum + layers * elements(tensor), 0)
  const trained = recipe.adapters ? 0 : Math.ceil(whole / layout.tensor)
  if (recipe.wrapper === 'deepspeed' || layout.zero > 0) {
    return { ...none, bucket_elements: Math.min(trained, 1_000_000_000), bucket_bytes: recipe.computeBytes }
  }
  return recipe.wrapper === 'ddp' ? { ...none, bucket_elements: trained, bucket_bytes: recipe.gradientBytes } : none
}

/** Adds optimizer bytes to the rows of tensors: grouped again, because factored states depend on the shape. */
function withStates(
  rows: Record<string, Row[]>,
  architecture: Architecture,
  placed: PlacedTensor[],
  scheme: WeightScheme,
  recipe: Recipe,
): Record<string, Row[]> {
  if (recipe.adapters) {
    for (const row of rows.tensors) Object.assign(row, { state_numerator: 0, state_denominator: 1 })
    for (const row of rows.expert_tensors)
      Object.assign(row, { expert_state_numerator: 0, expert_state_denominator: 1 })
    return rows
  }
  const state = optimizerState(recipe.optimizer, { parameterBytes: recipe.parameterBytes, stateType: recipe.stateType })
  const here = recipe.offload.includes('optimizer') ? 0 : 1
  const merged: Record<string, Row[]> = { tensors: [], expert_tensors: [] }
  const seen = new Map<string, Row>()
  for (const item of placed) {
    const { bytes, per } = state.ofTensor(item.tensor)
    for (const [list, own] of Object.entries(tensorRows(architecture, [item], scheme))) {
      for (const row of own) {
        const prefix = list === 'tensors' ? '' : 'expert_'
        const full: Row = { ...row, [`${prefix}state_numerator`]: bytes * here, [`${prefix}state_denominator`]: per }
        const size = `${prefix}elements`
        const key = JSON.stringify([list, { ...full, [size]: 0 }])
        const known = seen.get(key)
        if (known) known[size] += full[size]
        else {
          seen.set(key, full)
          merged[list].push(full)
        }
      }
    }
  }
  return merged
}

/** Rows of `layers` with what a layer keeps, and rows of `adapters`. */
function trainingRows(resolved: Resolved, layout: Layout, stage: number, recipe: Recipe): Record<string, Row[]> {
  const { architecture, scenario } = resolved
  const counts = layersOfStage(architecture, layout.stages[stage])
  const adapted = recipe.adapters ? adaptedTensors(architecture, scenario.lora) : architecture.kinds.map(() => [])
  const extra = architecture.kinds.flatMap((kind, i) =>
    counts[i] === 0 ? [] : [keptRow(kind, architecture, recipe, adapterWidths(kind, adapted[i], scenario.lora))],
  )
  const base = layerRows(architecture, layout, stage, { sliding: true, latent: 'latent' }).layers
  const outside = recipe.adapters && stage === 0 ? adaptedOutside(architecture, scenario.lora) : []
  return {
    layers: base.map((row, i) => ({ ...row, ...extra[i] })),
    adapters: adapterRows(adapted, counts, outside, scenario.lora),
  }
}

function adapterRows(
  adapted: Tensor[][],
  counts: number[],
  outside: Tensor[],
  lora: Resolved['scenario']['lora'],
): Row[] {
  const sizes = new Map<number, number>()
  const add = (tensor: Tensor, count: number) => {
    for (const { elements, parts } of matricesOf(tensor, lora))
      sizes.set(parts, (sizes.get(parts) ?? 0) + count * elements)
  }
  adapted.forEach((tensors, kind) => {
    for (const tensor of tensors) add(tensor, counts[kind])
  })
  for (const tensor of outside) add(tensor, 1)
  return [...sizes]
    .filter(([, size]) => size > 0)
    .map(([parts, size]) => ({ adapter_elements: size, adapter_parts: parts }))
}

/** What one layer keeps per token, in elements; `rowsOf` of src/memory/rows.ts has the widths that inference needs too. */
function keptRow(
  kind: LayerKind,
  architecture: Architecture,
  recipe: Recipe,
  widths: { inputs: number; ranks: number },
): Row {
  const row: Row = {
    // Parallel LayerNorms read, and keep, one and the same stream.
    norms: kind.parallel && architecture.norm === 'layer' && !(recipe.autocast && recipe.adapters) ? 1 : kind.norms,
    saved_key_width: 0,
    saved_value_width: 0,
    copied_output_width: 0,
    head_norm_width: 0,
    head_norms: 0,
    ...streamInputs(kind, recipe),
    adapter_inputs: widths.inputs,
    adapter_ranks: widths.ranks,
    routed_inputs: 0,
    layer_parameters: kind.tensors.reduce((sum, t) => sum + elements(t), 0),
    dequantised_elements: Math.max(0, ...kind.tensors.filter((t) => t.linear).map((t) => t.out * t.in)),
  }
  for (const mixer of kind.mixers) {
    if (mixer.kind === 'attention') {
      // Falcon's grouped form broadcasts keys and values to every query head before any kernel sees them.
      const broadcasts = architecture.modelType === 'falcon' && mixer.kvHeads > 1
      const repeat = recipe.attention === 'eager' || broadcasts ? mixer.heads / mixer.kvHeads : 1
      row.saved_key_width = mixer.kvHeads * mixer.headDim * repeat
      row.saved_value_width = mixer.kvHeads * mixer.valueHeadDim * repeat
      // A value that is a slice of a fused projection keeps the whole projection alive; rotation makes new queries and keys.
      if (isFused(kind) && mixer.rope && recipe.attention !== 'eager' && architecture.modelType !== 'falcon') {
        row.saved_value_width = mixer.heads * mixer.headDim + 2 * mixer.kvHeads * mixer.headDim
      }
      if (recipe.copiesOutput) row.copied_output_width = mixer.heads * mixer.valueHeadDim
      if (mixer.qkNorm) {
        row.head_norm_width = (mixer.heads + mixer.kvHeads) * mixer.headDim
        row.head_norms = mixer.qkNorm === 'head' ? mixer.heads + mixer.kvHeads : 2
      }
    } else if (mixer.kind === 'mla') {
      row.saved_key_width = mixer.heads * (mixer.qkNopeHeadDim + mixer.qkRopeHeadDim)
      row.saved_value_width = mixer.heads * mixer.valueHeadDim
    }
  }
  for (const block of kind.feedForwards) {
    if (block.kind === 'moe') row.routed_inputs += block.active * architecture.hiddenSize
  }
  return row
}

const attentionLinears = (kind: LayerKind) => kind.tensors.filter((t) => t.linear && t.class === 'attention')
const isFused = (kind: LayerKind) => attentionLinears(kind).length === 2

/**
 * Copies of the stream that linears keep as inputs. Under autocast each casts the fp32 stream for itself; else one serves all that read it,
 * in a parallel block even attention and MLP together.
 */
function streamInputs(kind: LayerKind, { autocast }: Recipe): { attention_inputs: number; mlp_inputs: number } {
  const readers = Math.max(0, attentionLinears(kind).length - 1)
  const mlp =
    kind.feedForwards.length === 0 ? 0 : kind.tensors.filter((t) => t.linear && /mlp|router/.test(t.class)).length - 1
  if (autocast)
    return {
      attention_inputs: readers,
      mlp_inputs: Math.max(0, mlp) + (kind.tensors.some((t) => t.class === 'router') ? 1 : 0),
    }
  const shared = kind.parallel && kind.norms === 1
  return {
    attention_inputs: kind.mixers.length > 0 ? 1 : 0,
    mlp_inputs: kind.feedForwards.length > 0 && !shared ? 1 : 0,
  }
}

function savedValues(recipe: Recipe): Row {
  const c = recipe.computeBytes
  // A frozen weight keeps no input.
  const input = recipe.adapters ? 0 : c
  return {
    stream_bytes: recipe.streamBytes,
    norm_saved_bytes: recipe.normBytes,
    linear_input_bytes: input,
    head_norm_bytes: recipe.headNormBytes,
    attention_output_bytes: recipe.outputBytes,
    routed_bytes: recipe.routedBytes,
    gated_saved_bytes: recipe.gatedBytes,
    plain_saved_bytes: recipe.plainBytes,
    score_saved_bytes: recipe.scoreBytes,
    adapter_input_bytes: recipe.adapterInputBytes,
    adapter_rank_bytes: recipe.adapterRankBytes,
    work_bytes: 2 * c,
    logit_bytes: recipe.logitBytes,
    logit_tokens: recipe.logitTokens,
    head_input_bytes: recipe.normBytes + input,
    dequantised_bytes: recipe.dequantisedBytes,
    cast_bytes: recipe.autocast && !recipe.adapters ? c : 0,
  }
}
