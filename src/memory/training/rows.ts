/** Rows the training formulas sum over: tensors with their optimizer states, layers with what they keep, adapters. */
import type { Architecture, LayerKind, Tensor } from '../../model/architecture.ts'
import { elements } from '../../model/tensors.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import type { Scenario } from '../../scenario/schema.ts'
import { type Layout, layersOfStage } from '../layout.ts'
import { remember } from '../memo.ts'
import { bytesOf, optimizerState, type WeightScheme, weightScheme } from '../precision/index.ts'
import { classesOf, label, layerRows, type PlacedTensor, type Row, tensorRows } from '../rows.ts'
import { adapterWidths, attentionLinears, doraWidths, visitsIn } from './adapter-widths.ts'
import { adaptedOutside, adaptedTensors, copiedOutside, matricesOf } from './adapters.ts'
import type { Recipe } from './recipe.ts'

/** The base as it is trained on: what QLoRA does not quantise is fp32 once peft has prepared it, shards once accelerate has made them so. */
export function schemeOfBase({ scenario, architecture }: Resolved, scheme: WeightScheme, recipe: Recipe): WeightScheme {
  if (!recipe.upcastsShards && (!recipe.prepared || scheme.bitsNominal >= 16)) return scheme
  return prepared(scheme, recipe.upcastsShards ? 'fp32' : '', () => {
    const { runtime, runtimeVersion, task, precision } = scenario
    const { compute, groupSize } = precision
    return weightScheme(recipe.upcastsShards ? 'fp32' : (precision.weights ?? 'nf4-dq'), {
      architecture,
      runtime,
      runtimeVersion,
      task,
      compute,
      groupSize,
      keptBytes: 4,
    })
  })
}

const prepared = remember<WeightScheme, WeightScheme>()

/** Adds optimizer bytes to the rows of tensors: grouped again, because factored states depend on the shape. */
export function tensorRowsOf(
  { architecture }: Resolved,
  placed: PlacedTensor[],
  scheme: WeightScheme,
  recipe: Recipe,
): Record<string, Row[]> {
  if (recipe.adapters) {
    const rows = tensorRows(architecture, placed, scheme)
    for (const row of rows.tensors) Object.assign(row, { state_numerator: 0, state_denominator: 1 })
    for (const row of rows.expert_tensors)
      Object.assign(row, { expert_state_numerator: 0, expert_state_denominator: 1 })
    return rows
  }
  const state = optimizerState(recipe.optimizer, { parameterBytes: recipe.parameterBytes, stateType: recipe.stateType })
  const here = recipe.offload.includes('optimizer') || state.paged ? 0 : 1
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
        label(known ?? full, classesOf(row))
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

/** Rows of `adapters`: A, B and magnitudes by how they are cut; embedding and head trained in full as copies in the base's type. */
export function adapterRowsOf(
  { architecture, scenario }: Resolved,
  layout: Layout,
  stage: number,
  recipe: Recipe,
): Row[] {
  const { lora } = scenario
  const counts = layersOfStage(architecture, layout.stages[stage])
  const rows = new Map<string, Row>()
  const add = (size: number, parts: number, bytes: number, gradientBytes: number) => {
    if (size === 0) return
    const key = `${parts} ${bytes}`
    const known = rows.get(key)
    if (known) known.adapter_elements += size
    else
      rows.set(key, {
        adapter_elements: size,
        adapter_parts: parts,
        adapter_bytes: bytes,
        adapter_gradient_bytes: gradientBytes,
      })
  }
  const adapt = (tensor: Tensor, count: number) => {
    for (const m of matricesOf(tensor, lora))
      add(count * m.elements, m.parts, recipe.adapterBytes, recipe.gradientBytes)
  }
  adaptedTensors(architecture, lora, slices(recipe)).forEach((tensors, kind) => {
    for (const tensor of tensors) adapt(tensor, counts[kind])
  })
  const here = (tensor: Tensor) => (tensor.class === 'embedding' ? stage === 0 : stage === layout.pipeline - 1)
  for (const tensor of adaptedOutside(architecture, lora)) if (here(tensor)) adapt(tensor, 1)
  const c = recipe.computeBytes
  for (const tensor of copiedOutside(architecture, lora)) if (here(tensor)) add(elements(tensor), tensor.parts, c, c)
  return [...rows.values()].map((row) => withState(row, recipe))
}

/** Runtimes that adapt the parts of a fused projection each for itself. */
const slices = ({ defaults }: Recipe) => defaults.adaptsSlices

function withState(row: Row, recipe: Recipe): Row {
  const { ofTensor, paged } = optimizerState(recipe.optimizer, {
    parameterBytes: row.adapter_bytes,
    stateType: recipe.stateType,
  })
  const { bytes, per } = ofTensor({ out: 4096, in: 4096, class: 'attention' })
  const here = recipe.offload.includes('optimizer') || paged ? 0 : 1
  const gradients = recipe.offload.includes('gradients') ? 0 : row.adapter_gradient_bytes
  const moment = recipe.stateType === null ? row.adapter_bytes : recipe.stateType === 'bf16' ? 2 : 4
  return {
    ...row,
    adapter_gradient_bytes: gradients,
    adapter_state_numerator: bytes * here,
    adapter_state_denominator: per,
    adapter_step_bytes: recipe.offload.includes('optimizer') ? 0 : recipe.stepLists * moment,
  }
}

/** Rows of `layers`: widths, and what each kind of layer keeps. */
export function layerRowsOf(
  { architecture, scenario }: Resolved,
  layout: Layout,
  stage: number,
  scheme: WeightScheme,
  recipe: Recipe,
): Row[] {
  const counts = layersOfStage(architecture, layout.stages[stage])
  const adapted = recipe.adapters
    ? adaptedTensors(architecture, scenario.lora, slices(recipe))
    : architecture.kinds.map(() => [])
  const kept = architecture.kinds.flatMap((kind, i) =>
    counts[i] === 0 ? [] : [keptRow(kind, architecture, recipe, scheme, adapted[i], scenario.lora)],
  )
  const base = layerRows(architecture, layout, stage, { sliding: true, latent: 'expanded' }).layers
  return base.map((row, i) => ({ ...row, ...kept[i] }))
}

/** What one layer keeps per token, in elements; the rows of src/memory/rows.ts have the widths that inference needs too. */
function keptRow(
  kind: LayerKind,
  architecture: Architecture,
  recipe: Recipe,
  scheme: WeightScheme,
  adapted: readonly Tensor[],
  lora: Scenario['lora'],
): Row {
  const linears = kind.tensors.filter((t) => t.linear)
  const quantised = scheme.bitsNominal < 16
  const row: Row = {
    // Parallel LayerNorms read, and keep, one and the same stream.
    norms:
      kind.parallel && architecture.norm === 'layer' && !(recipe.underAutocast && recipe.adapters) ? 1 : kind.norms,
    saved_key_width: 0,
    saved_value_width: 0,
    copied_output_width: 0,
    head_norm_width: 0,
    head_norms: 0,
    dropouts: (kind.mixers.length > 0 ? 1 : 0) + (kind.feedForwards.length > 0 ? 1 : 0),
    ...streamInputs(kind, recipe),
    ...adapterWidths(kind, adapted, lora.rank, recipe),
    ...doraWidths(kind, adapted, lora),
    routed_inputs: 0,
    selected_width: selectedWidth(kind),
    layer_parameters: kind.tensors.reduce((sum, t) => sum + elements(t), 0),
    unit_bytes: unitBytes(kind, architecture, scheme, recipe),
    largest_matrix: quantised ? Math.max(0, ...linears.map((t) => t.out * t.in)) : 0,
    unpacked_parameters: quantised ? linears.reduce((sum, t) => sum + elements(t), 0) : 0,
  }
  for (const mixer of kind.mixers) {
    if (mixer.kind === 'attention') {
      // Falcon's grouped form broadcasts keys and values to every query head before any kernel sees them.
      const broadcasts = recipe.defaults.repeatsKeys || (architecture.modelType === 'falcon' && mixer.kvHeads > 1)
      const repeats = (recipe.attention === 'eager' || broadcasts) && mixer.kvHeads < mixer.heads
      const repeat = repeats ? mixer.heads / mixer.kvHeads : 1
      row.saved_key_width = mixer.kvHeads * mixer.headDim * repeat
      row.saved_value_width = mixer.kvHeads * mixer.valueHeadDim * repeat
      // A value that is a slice of a fused projection keeps the whole projection alive; rotation makes new queries and keys.
      const fused = (isFused(kind) || recipe.defaults.fusedProjection) && architecture.modelType !== 'falcon'
      if (fused && mixer.rope && !repeats && !recipe.prepared && recipe.wrapper !== 'megatron') {
        row.saved_value_width = mixer.heads * mixer.headDim + 2 * mixer.kvHeads * mixer.headDim
      }
      if (recipe.copiesOutput) row.copied_output_width = recipe.keptInputs * mixer.heads * mixer.valueHeadDim
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

/** Outputs of every second matmul, in the order they run. */
function selectedWidth(kind: LayerKind): number {
  const visits = visitsIn(kind)
  const linears = kind.tensors.filter((t) => t.linear && t.class !== 'router')
  return linears.reduce((sum, t, i) => (i % 2 === 0 ? sum + visits(t) * t.out : sum), 0)
}

/** A layer's weights as FSDP gathers them: 16-bit, or the packed codes of a quantised base. */
function unitBytes(kind: LayerKind, architecture: Architecture, scheme: WeightScheme, recipe: Recipe): number {
  const quantised = scheme.bitsNominal < 16
  return kind.tensors.reduce((sum, t) => {
    const size = elements(t)
    return (
      sum + (quantised ? bytesOf(scheme.ofTensor(t, { architecture, layer: null }), size) : size * recipe.computeBytes)
    )
  }, 0)
}
