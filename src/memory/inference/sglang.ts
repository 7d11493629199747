/** SGLang's own defaults by GPU and version (sglang/srt/server_args.py, _handle_gpu_memory_settings). */
import type { Gpu } from '../../hardware/gpu.ts'
import type { Scenario } from '../../scenario/schema.ts'
import { before } from './version.ts'

type Version = Pick<Scenario, 'runtimeVersion'>

/** Over how many GPUs what is spread: of a layout, all that a share of memory asks for. */
export type Degrees = Record<'tensor' | 'pipeline' | 'data' | 'expert', number>

/** How many of these sizes in GiB a GPU has at least. */
const sizeOf = ({ memoryMiB }: Gpu) => [20, 35, 60, 90, 160].filter((size) => memoryMiB >= size * 1024).length

/** chunked_prefill_size, of 4096 tokens since sglang#10975 and of 16 384 since #7054. */
export const chunkOf = (version: Version) => (gpu: Gpu) => {
  const size = sizeOf(gpu)
  if (size < 2) return 2048
  if (size === 2 && !before(version, 0, 5, 3)) return 4096
  return size < 5 || before(version, 0, 4, 8) ? 8192 : 16_384
}

/**
 * mem_fraction_static: by tensor parallelism; since #7054 what is not reserved by the size of the GPU; since #10975 by the tokens of a chunk, by
 * the largest batch of captured graphs, and since 0.5.10 by the lengths of prefill that are captured piece by piece (every 256th to 4096, every
 * 512th beyond).
 */
export function staticShare(version: Version): (gpu: Gpu, degrees: Degrees, tokens: number) => number {
  const [byGroup, bySize, whole] = [before(version, 0, 4, 8), before(version, 0, 5, 3), before(version, 0, 5, 10)]
  return (gpu, { tensor, pipeline, data, expert }, tokens) => {
    // Attention in data-parallel ranks belongs to the tensor-parallel group of the experts.
    const replicas = expert > 1 ? data : 1
    const group = tensor * replicas
    if (byGroup) return group < 2 ? 0.88 : group < 4 ? 0.87 : group < 8 ? 0.85 : group < 16 ? 0.81 : 0.79
    const ranks = group * pipeline
    const size = sizeOf(gpu)
    const graphs = (group < 4 ? [8, 24, 32, 256, 256, 512] : [8, 80, 160, 512, 512, 512])[size]!
    const attention = replicas > 1 ? graphs * replicas * (graphs > 300 ? 4.5 : 3) : 0
    const pieces = whole ? 0 : 272 + Math.min(tokens, 4096) / 32 + Math.max(0, tokens - 4096) / 64
    const used = 512 + 1.5 * Math.max(tokens, 2048) + 2 * graphs + 128 * ranks + attention + pieces
    const sized = size < 2 ? 2.8 + ranks / 10 : size > 4 ? 32 : (size < 4 ? 9.5 : 12) + ranks / 2
    const reserved = bySize ? sized * 1024 : size > 2 ? Math.max(used, 10_240) : used
    return Math.max(0, Math.round(1000 * (1 - reserved / gpu.memoryMiB)) / 1000)
  }
}
