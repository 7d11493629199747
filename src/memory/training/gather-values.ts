/** Values of what data parallelism gathers, copies and reduces beside its shards. */
import type { Tensor } from '../../model/architecture.ts'
import { cuts, elements } from '../../model/tensors.ts'
import type { Layout } from '../layout.ts'
import type { PlacedTensor, Row } from '../rows.ts'
import type { Recipe } from './recipe.ts'

/** DeepSpeed gathers, partitions and buckets on a single GPU too. */
export const isSharded = (recipe: Recipe, layout: Layout) =>
  layout.zero === 3 && (layout.shards > 1 || recipe.wrapper === 'deepspeed')

/** Parameters of a layer, or of what is in none, on one tensor-parallel rank: what a reduce-scatter takes at once. */
function largestUnit(placed: PlacedTensor[], layout: Layout): number {
  const sizes = new Map<number | null, number>()
  for (const { tensor, layer } of placed) sizes.set(layer, (sizes.get(layer) ?? 0) + elements(tensor))
  return Math.ceil(Math.max(0, ...sizes.values()) / layout.tensor)
}

/** FSDP in a pipeline, parameters and gradients unsharded throughout a step. */
export const staysWhole = (recipe: Recipe, layout: Layout) =>
  recipe.defaults.keepsGatheredInPipeline && layout.pipeline > 1 && isSharded(recipe, layout)

export const isTable = (t: Tensor) => t.class === 'embedding' && t.in > 1
export const isHead = (t: Tensor) => t.class === 'head'

/** Parameters of some tensors on one tensor-parallel rank. */
export const heldBy = (placed: PlacedTensor[], layout: Layout, which: (tensor: Tensor) => boolean) =>
  placed
    .filter(({ tensor }) => which(tensor))
    .flatMap(({ tensor, layers }) =>
      cuts(tensor).map((cut) => (layers * cut.elements) / Math.min(layout.tensor, cut.parts)),
    )
    .reduce((sum, held) => sum + Math.ceil(held), 0)

/** DeepSpeed's defaults: stage3_max_live_parameters and two reduce buckets of 5·10⁸ elements. */
const DEEPSPEED_LIVE = 1_000_000_000

/**
 * FSDP gathers a layer, the one it prefetches, and the root unit; ZeRO-3 single modules, as many as may live. DDP copies every gradient into
 * a bucket, DeepSpeed has two reduce buckets.
 */
export function gatherValues(recipe: Recipe, layout: Layout, placed: PlacedTensor[], tied: boolean): Row {
  const values: Row = {
    bucket_elements: 0,
    bucket_bytes: 0,
    gathered_units: 0,
    gather_copies: recipe.defaults.copiesGathered ? 2 : 1,
    root_parameters: 0,
    root_bytes: 0,
    unit_gradient_bytes: 0,
    head_gradient_bytes: 0,
    cached_stream_bytes: 0,
  }
  const whole = placed.reduce((sum, { tensor, layers }) => sum + layers * elements(tensor), 0)
  const trained = recipe.adapters ? 0 : Math.ceil(whole / layout.tensor)
  const c = recipe.computeBytes
  const deepspeed = recipe.wrapper === 'deepspeed'
  if (isSharded(recipe, layout)) {
    if (deepspeed) {
      values.root_parameters = Math.min(whole, DEEPSPEED_LIVE)
      values.root_bytes = c
      values.bucket_elements = Math.min(trained, DEEPSPEED_LIVE)
      values.bucket_bytes = c
    } else if ((recipe.adapters && recipe.defaults.keepsGathered) || staysWhole(recipe, layout)) {
      values.gather_copies = 1
      values.root_parameters = whole
      values.root_bytes = c
      // Two all-gathers' outputs, before they are copied, and a reduce-scatter's input, each in a stream of its own.
      if (!recipe.adapters) values.cached_stream_bytes = largestUnit(placed, layout) * (2 * c + recipe.gradientBytes)
    } else {
      values.gathered_units = 2
      values.root_parameters = placed.reduce((sum, p) => (p.layer === null ? sum + elements(p.tensor) : sum), 0)
      values.root_bytes = recipe.adapters ? recipe.parameterBytes : c
      if (!recipe.adapters) {
        values.unit_gradient_bytes = c + recipe.gradientBytes
        values.head_gradient_bytes = c * heldBy(placed, layout, tied ? isTable : isHead)
        values.cached_stream_bytes = Math.ceil(values.root_parameters / layout.tensor) * recipe.gradientBytes
      }
    }
    return values
  }
  if (layout.shards * layout.data === 1 && !(deepspeed && layout.zero > 0)) return values
  // Megatron's gradients are views of the buffers it reduces, each GPU's shard a view of them (param_and_grad_buffer.py, start_grad_sync).
  if (recipe.wrapper === 'megatron') return values
  if (deepspeed || layout.zero > 0) {
    // Made by setting at each backward, however little is trained (zero/stage_1_and_2.py, ipg_buffer).
    values.bucket_elements =
      recipe.wrapper === 'fsdp' || layout.zero === 0 ? Math.min(trained, DEEPSPEED_LIVE) : recipe.defaults.reduceBuckets
    values.bucket_bytes = c
  } else if (recipe.wrapper === 'ddp') {
    values.bucket_elements = trained
    values.bucket_bytes = recipe.gradientBytes
  }
  return values
}
