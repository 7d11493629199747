/** Values of the training quantities: what the framework does, what the precision recipe stores, what data parallelism shares. */
import type { Inputs } from '../../formula/expression.ts'
import type { Tensor } from '../../model/architecture.ts'
import { elements } from '../../model/tensors.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import { MiB } from '../../units.ts'
import type { Layout } from '../layout.ts'
import { bytesOf, type WeightScheme } from '../precision/index.ts'
import { type PlacedTensor, type Row, tensorsOfStage } from '../rows.ts'
import { communicatorBytes, contextBytes, workspaceBytes } from '../runtimes.ts'
import { gatherValues, heldBy, isHead, isSharded, isTable, staysWhole } from './gather-values.ts'
import { isEncoder } from './keeps.ts'
import { type Recipe, recipeOf } from './recipe.ts'
import { adapterRowsOf, layerRowsOf, schemeOfBase, tensorRowsOf } from './rows.ts'

/** @throws ScenarioError for LoRA targets the model does not have */
export function trainingInputs(
  resolved: Resolved,
  layout: Layout,
  stage: number,
  given: WeightScheme,
  flags: Set<string>,
): Inputs {
  const { gpu, scenario } = resolved
  const outside = scenario.serving.overheadMiB
  const recipe = recipeOf(resolved)
  const scheme = schemeOfBase(resolved, given, recipe)
  const placed = tensorsHere(resolved, layout, stage, scheme)
  const ranks = layout.tensor * layout.pipeline * layout.data * layout.context
  setFlags(recipe, layout, resolved, flags)
  const values: Row = {
    context_bytes: outside === null ? Math.round(contextBytes(gpu)) : Math.round(outside * MiB),
    workspace_bytes: workspaceBytes(gpu),
    graph_bytes: 0,
    communicator_bytes: communicatorBytes(gpu, ranks),
  }
  Object.assign(values, stateValues(recipe, layout, placed, tiedHere(resolved, layout)))
  Object.assign(values, gatherValues(recipe, layout, placed, tiedHere(resolved, layout)))
  // GPTQ's codes are buffers, which FSDP leaves whole: who shards them makes parameters of them, for a kernel that unpacks in backward too
  // (fms_acceleration_peft framework_plugin_autogptq.py).
  const keepsUnpacked = recipe.defaults.keepsUnpacked && /^gptq/.test(scheme.id) && !isSharded(recipe, layout)
  Object.assign(values, savedValues(recipe, scheme, flags.has('sequence parallel') ? layout.tensor : 1, keepsUnpacked))
  Object.assign(values, packedValues(resolved, recipe, layout, placed, scheme))
  Object.assign(values, lossValues(recipe))
  Object.assign(values, pipelineValues(resolved, recipe, layout, stage))
  const layers = layerRowsOf(resolved, layout, stage, scheme, recipe)
  values.cached_stream_bytes! += uploads(recipe, layout, layers, values.gathered_units!)
  return {
    values,
    lists: {
      ...tensorRowsOf(resolved, placed, scheme, recipe),
      layers,
      adapters: recipe.adapters ? adapterRowsOf(resolved, layout, stage, recipe) : [],
    },
  }
}

/** Shards of offloaded parameters on their way to an all-gather, in a stream of their own (torch.distributed.fsdp, _pre_unshard). */
function uploads(recipe: Recipe, layout: Layout, layers: Row[], units: number): number {
  if (!recipe.offload.includes('parameters')) return 0
  const unit = Math.max(0, ...layers.map((row) => row.unit_bytes!))
  return units * Math.ceil(unit / layout.tensor / layout.shards)
}

/** litgpt's head is a tensor of its own even where the model ties it to the embedding. */
function tensorsHere(resolved: Resolved, layout: Layout, stage: number, scheme: WeightScheme): PlacedTensor[] {
  const { architecture, scenario } = resolved
  const placed = tensorsOfStage(architecture, layout, stage, scheme.uniform)
  if (scenario.runtime !== 'litgpt' || !architecture.tiedEmbeddings || stage < layout.pipeline - 1) return placed
  const table = architecture.outside.find(isTable)
  if (!table || layout.pipeline > 1) return placed
  return [...placed, { tensor: { ...table, name: 'lm_head', class: 'head' }, layer: null, layers: 1 }]
}

/** The head is the embedding's own tensor. */
const tiedHere = ({ architecture, scenario }: Resolved, layout: Layout) =>
  architecture.tiedEmbeddings && layout.pipeline === 1 && scenario.runtime !== 'litgpt'

function setFlags(recipe: Recipe, layout: Layout, { scenario }: Resolved, flags: Set<string>): void {
  const { sequenceParallel } = scenario.parallelism
  const { checkpointing, defaults } = recipe
  flags.add('training')
  if (recipe.adapters) flags.add('adapters')
  if (scenario.training.reference) flags.add('reference model')
  if (recipe.attention === 'eager') flags.add('eager attention')
  if (checkpointing === 'full' || checkpointing === 'offloaded') flags.add('full checkpointing')
  if (checkpointing === 'offloaded' || recipe.offload.includes('activations')) flags.add('activations offloaded')
  if (checkpointing === 'selective' && defaults.selective === 'operators') flags.add('operators recomputed')
  if (checkpointing === 'selective' && defaults.selective === 'scores' && recipe.attention === 'eager')
    flags.add('scores recomputed')
  if (recipe.gradientsPersist || staysWhole(recipe, layout)) flags.add('gradients persist')
  if (isSharded(recipe, layout)) flags.add('sharded parameters')
  if (isSharded(recipe, layout) && recipe.holdsInputGradients) flags.add('input gradients held')
  if (layout.tensor > 1 && (sequenceParallel ?? defaults.sequenceParallel)) flags.add('sequence parallel')
}

/**
 * 1F1B keeps pipeline − stage micro-batches in flight (arXiv:2104.04473 §2.2). Interleaved, every stage first passes all its chunks but one, then two
 * for each stage after it (megatron/core/pipeline_parallel/schedules.py). A model that is only spread over GPUs by its layers (device_map) has one.
 */
function pipelineValues({ scenario, architecture }: Resolved, recipe: Recipe, layout: Layout, stage: number): Row {
  const { microBatches, interleave } = scenario.parallelism
  const steps = microBatches ?? Math.max(scenario.training.gradientAccumulation, layout.pipeline)
  const chunks = layout.pipeline > 1 ? interleave : 1
  const after = layout.pipeline - 1 - stage
  const warmUp = 1 + (chunks > 1 ? 2 * after + (chunks - 1) * layout.pipeline : after)
  return {
    in_flight: recipe.wrapper === 'ddp' ? chunks : Math.min(steps * chunks, warmUp),
    pipeline_chunks: chunks,
    head_here: stage === layout.pipeline - 1 && !isEncoder(architecture) ? 1 : 0,
    context_parallel: layout.context,
    checkpoint_every: scenario.training.checkpointEvery,
    cache_pinned: recipe.compiled ? 0 : pinnedBy(architecture, recipe),
    cache_growth: scenario.training.packing ? 0 : VARIABLE_GROWTH,
  }
}

/**
 * The cache grows when no free block holds an MLP's temporary. Checkpoints are cut from such blocks, as many as fit into one, and pin them until
 * backward; what is left is too small for the next. A replay of allocations through best fit reserves as much for Llama 3 8B and Phi 3; for Yi 34B
 * at 8192 tokens it differs by 11 %, and with a vocabulary of 152k the loss pins more than this says.
 */
function pinnedBy({ kinds, hiddenSize }: Resolved['architecture'], recipe: Recipe): number {
  const widths = kinds.flatMap((kind) =>
    kind.feedForwards.map((block) => (block.kind === 'dense' ? block.intermediate : 0)),
  )
  const temporary = Math.max(0, ...widths) * (recipe.prepared ? 4 : recipe.computeBytes)
  const checkpoint = hiddenSize * recipe.streamBytes
  return temporary < checkpoint ? 0 : Math.floor((1000 * (temporary % checkpoint)) / temporary)
}

/** Per mille of activations: calibrated on ms-swift's benchmark, whose batches vary in length up to the limit. */
const VARIABLE_GROWTH = 1200

/** DeepSpeed's sub_group_size. */
const SUB_GROUP = 1_000_000_000

function stateValues(recipe: Recipe, layout: Layout, placed: PlacedTensor[], tied: boolean): Row {
  const shard = (stage: number) => (layout.zero >= stage ? layout.shards : 1)
  const here = (part: Recipe['offload'][number]) => (recipe.offload.includes(part) ? 0 : 1)
  const largest = placed.reduce((most, { tensor }) => Math.max(most, tensor.out * tensor.in), 0)
  const embedding = heldBy(placed, layout, isTable)
  const layersHere = placed.reduce((sum, p) => (p.layer === null ? sum : sum + p.layers * elements(p.tensor)), 0)
  const count = layout.stages.reduce((sum, { from, to }) => sum + to - from, 0) / layout.pipeline
  const late = Math.floor(layersHere / count / layout.tensor) + (tied ? 0 : embedding)
  return {
    gradient_bytes: recipe.stepsInBackward ? 0 : recipe.gradientBytes * here('gradients'),
    master_bytes: recipe.masterBytes * here('optimizer'),
    parameter_shards: shard(3),
    gradient_shards:
      staysWhole(recipe, layout) || (recipe.accumulatesWhole && recipe.wrapper !== 'deepspeed') ? 1 : shard(2),
    optimizer_shards: shard(1),
    expert_groups: layout.expertShards / layout.tensor,
    parameters_here: here('parameters'),
    reference_bytes: recipe.computeBytes,
    step_temporary_bytes: recipe.stepBytes * here('optimizer'),
    step_parameters:
      recipe.wrapper === 'deepspeed' && layout.zero === 3
        ? SUB_GROUP
        : placed.reduce((sum, p) => sum + p.layers * elements(p.tensor), 0),
    live_gradient_bytes: recipe.stepsInBackward ? largest * recipe.gradientBytes : 0,
    late_gradient_bytes: recipe.adapters ? 0 : Math.floor((late * recipe.gradientBytes) / shard(2)),
    second_gradient_bytes: recipe.adapters || !tied ? 0 : embedding * recipe.gradientBytes,
    loss_head_gradient_bytes: lossHeadGradients(recipe, heldBy(placed, layout, tied ? isTable : isHead)),
    ...castValues(recipe, layout, placed, tied),
  }
}

/** Where gradients outlive a step, the sum of the head's is among them. */
function lossHeadGradients({ adapters, loss, gradientsPersist, gradientBytes }: Recipe, head: number): number {
  return adapters ? 0 : Math.max(0, loss.headGradients - (gradientsPersist ? 1 : 0)) * gradientBytes * head
}

/** autocast copies every linear weight that is fp32, a tied head too; over a prepared base that is the head alone. */
function castValues(recipe: Recipe, layout: Layout, placed: PlacedTensor[], tied: boolean): Row {
  const ofHead = (t: Tensor) => isHead(t) || (tied && isTable(t))
  const which = recipe.autocast ? (t: Tensor) => t.linear || ofHead(t) : ofHead
  const casts = recipe.prepared || recipe.autocast
  return { cast_parameters: casts ? heldBy(placed, layout, which) : 0, cast_bytes: recipe.computeBytes }
}

function savedValues(recipe: Recipe, scheme: WeightScheme, cutInto: number, keepsUnpacked: boolean): Row {
  const c = recipe.computeBytes
  // A frozen weight keeps no input. DTensor's layers keep what they gathered of a cut sequence (torchtitan's PrepareModuleInput), Megatron's their cut.
  const input = recipe.keptInputs * c * (recipe.gathersInputs ? cutInto : 1)
  const quantised = scheme.bitsNominal < 16
  return {
    stream_bytes: recipe.streamBytes,
    norm_saved_bytes: recipe.normBytes,
    linear_input_bytes: input,
    checkpoint_input_bytes: recipe.inputsOutlive ? c : 0,
    head_norm_bytes: recipe.headNormBytes,
    attention_output_bytes: recipe.outputBytes,
    routed_bytes: recipe.routedBytes,
    gated_saved_bytes: recipe.gatedBytes,
    plain_saved_bytes: recipe.plainBytes,
    score_saved_bytes: recipe.scoreBytes,
    mask_bytes: recipe.maskBytes,
    adapter_input_bytes: recipe.adapterInputBytes,
    adapter_rank_bytes: recipe.adapterRankBytes,
    adapter_output_bytes: recipe.adapterOutputBytes,
    identity_bytes: recipe.identityBytes,
    work_bytes: recipe.prepared ? 6 : 2 * c,
    head_input_bytes: recipe.normBytes + (recipe.adapters || recipe.gathersInputs ? 0 : c),
    head_gathered_bytes: recipe.gathersInputs ? c : 0,
    // AutoGPTQ's PyTorch kernel shifts codes in 32-bit integers before it scales them.
    unpacked_bytes: !quantised ? 0 : keepsUnpacked ? 5 : c,
    unpacked_kept_bytes: keepsUnpacked ? 2 : 0,
  }
}

/** What of a quantised base is not packed codes: scales that stay whole under FSDP, the head unpacked for its matmul. */
function packedValues(
  { architecture }: Resolved,
  recipe: Recipe,
  layout: Layout,
  placed: PlacedTensor[],
  scheme: WeightScheme,
): Row {
  const values: Row = { whole_bytes: 0, head_unpacked_bytes: 0 }
  if (scheme.bitsNominal >= 16) return values
  for (const { tensor, layer, layers } of placed) {
    const ratio = scheme.ofTensor(tensor, { architecture, layer })
    if (ratio.bytes >= recipe.computeBytes * ratio.per) continue
    const size = elements(tensor)
    if (tensor.class === 'head') values.head_unpacked_bytes = size * recipe.computeBytes
    if (isSharded(recipe, layout))
      values.whole_bytes += layers * (bytesOf(ratio, size) - Math.floor((size * scheme.bitsNominal) / 8))
  }
  return values
}

function lossValues({ loss, compiled, checkpointing }: Recipe): Row {
  return {
    logit_bytes: loss.all,
    logit_chunk_bytes: loss.chunk,
    logit_chunk_parts: loss.parts,
    logit_chunk_tokens: loss.tokens,
    cached_logit_bytes: compiled && checkpointing !== 'full' ? 0 : loss.cached,
    cached_transients: compiled ? 0 : 1,
  }
}
