/**
 * What PyTorch's caching allocator hands out beyond what weights ask for (c10/cuda/CUDACachingAllocator.cpp: kSmallSize, kMinLargeAlloc,
 * kRoundLarge; should_split). Blocks of 10 MiB and more come in whole 2 MiB; a rest of up to 1 MiB is not split off and counts as allocated, all of
 * it as reserved. Smaller ones share blocks.
 */
import { cuts } from '../../model/tensors.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import { MiB } from '../../units.ts'
import type { Layout } from '../layout.ts'
import type { WeightScheme } from '../precision/index.ts'
import type { PlacedTensor } from '../rows.ts'
import { before } from './version.ts'

interface Allocation {
  /** Projections that read the same input are one tensor. */
  merged: boolean
  /** What the runtime goes by is what the GPU has left, not what tensors have. */
  reserved: boolean
}

/** Null where weights do not get blocks of their own: transformers warms the allocator with one for all since 4.50 (caching_allocator_warmup). */
export function allocationOf({ scenario }: Pick<Resolved, 'scenario'>): Allocation | null {
  if (scenario.runtime === 'vllm') return { merged: true, reserved: false }
  if (scenario.runtime === 'sglang') return { merged: true, reserved: true }
  return scenario.runtime === 'transformers' && before(scenario, 4, 50) ? { merged: false, reserved: false } : null
}

function restOf(bytes: number, reserved: boolean): number {
  if (bytes < 10 * MiB) return 0
  const rest = (2 * MiB - (bytes % (2 * MiB))) % (2 * MiB)
  return reserved || rest <= MiB ? rest : 0
}

/** QKVParallelLinear, MergedColumnParallelLinear, FusedMoE's w13 (vllm/model_executor/layers). */
const merged = (name: string) =>
  name
    .replace(/\b[qkv]_proj$/, 'qkv_proj')
    .replace(/\b(gate|up)_proj$/, 'gate_up_proj')
    .replace(/\bin_proj_(qkv|z)$/, 'in_proj_qkvz')

/** Bytes of one tensor on a GPU without the scales of its groups, which are tensors of their own. */
function bytesHere({ tensor, layer }: PlacedTensor, resolved: Resolved, layout: Layout, scheme: WeightScheme): number {
  const { bytes, per } = scheme.ofTensor(tensor, { architecture: resolved.architecture, layer })
  const each = bytes < 2 * per ? scheme.bitsNominal / 8 : bytes / per
  const shares = (parts: number) => (tensor.class === 'expert' ? layout.expertShards : Math.min(layout.tensor, parts))
  return each * cuts(tensor).reduce((sum, { elements, parts }) => sum + Math.ceil(elements / shares(parts)), 0)
}

/** Bytes allocated beyond the weights of a stage. */
export function allocatedBeyond(
  placed: readonly PlacedTensor[],
  resolved: Resolved,
  layout: Layout,
  scheme: WeightScheme,
): number {
  const allocation = allocationOf(resolved)
  if (allocation === null) return 0
  const blocks = new Map<string, { bytes: number; times: number }>()
  for (const one of placed) {
    const { tensor, layer, layers } = one
    // Kernels for 4-bit floats lay experts out anew.
    if (tensor.class === 'expert' && /fp4/.test(scheme.id)) continue
    const bytes = bytesHere(one, resolved, layout, scheme)
    const many = allocation.merged ? 1 : tensor.count
    const name = `${layer} ${allocation.merged ? merged(tensor.name) : tensor.name}`
    const block = blocks.get(name) ?? { bytes: 0, times: layers * many }
    block.bytes += bytes / many
    blocks.set(name, block)
  }
  const rests = [...blocks.values()].map(({ bytes, times }) => times * restOf(bytes, allocation.reserved))
  return Math.round(rests.reduce((sum, rest) => sum + rest, 0))
}
