/** SGLang's own defaults by GPU and version (sglang/srt/server_args.py, _handle_gpu_memory_settings). */
import type { Gpu } from '../../hardware/gpu.ts'
import type { Scenario } from '../../scenario/schema.ts'
import type { Layout } from '../layout.ts'
import { before } from './version.ts'

type Version = Pick<Scenario, 'runtimeVersion'>

const GiB = 1024

/** chunked_prefill_size: 2048, 4096 (since #10975), 8192 or, since #7054, 16 384 tokens. */
export const chunkOf = (version: Version) => (gpu: Gpu) => {
  const middle = before(version, 0, 5, 3) ? 8192 : 4096
  const largest = before(version, 0, 4, 8) ? 8192 : 16_384
  if (gpu.memoryMiB < (before(version, 0, 4, 8) ? 25_000 : 35 * GiB)) return 2048
  if (gpu.memoryMiB < 60 * GiB) return middle
  return gpu.memoryMiB < 160 * GiB ? 8192 : largest
}

/** mem_fraction_static: by tensor parallelism; since #7054 by what GPUs of a size need; since #10975 by tokens of a chunk and batches of captured graphs. */
export function staticShare(version: Version): (gpu: Gpu, layout: Layout, tokens: number) => number {
  if (before(version, 0, 4, 8)) return (_, layout) => shareOfGroup(groupOf(layout))
  const reserved = before(version, 0, 5, 3)
    ? (gpu: Gpu, layout: Layout) => reservedBySize(gpu, groupOf(layout) * layout.pipeline)
    : (gpu: Gpu, layout: Layout, tokens: number) => reservedByUse(gpu, layout, tokens, !before(version, 0, 5, 10))
  return (gpu, layout, tokens) =>
    Math.max(0, Math.round((1000 * (gpu.memoryMiB - reserved(gpu, layout, tokens))) / gpu.memoryMiB) / 1000)
}

/** Attention in data-parallel ranks belongs to the tensor-parallel group of the experts. */
const mixed = ({ expert, data }: Layout) => expert > 1 && data > 1
const groupOf = (layout: Layout) => layout.tensor * (mixed(layout) ? layout.data : 1)

function shareOfGroup(tensor: number): number {
  if (tensor >= 16) return 0.79
  if (tensor >= 8) return 0.81
  if (tensor >= 4) return 0.85
  return tensor >= 2 ? 0.87 : 0.88
}

function reservedBySize({ memoryMiB }: Gpu, ranks: number): number {
  if (memoryMiB < 35 * GiB) return (2.8 + ranks / 10) * GiB
  if (memoryMiB < 90 * GiB) return (9.5 + ranks / 2) * GiB
  return memoryMiB < 160 * GiB ? (12 + ranks / 2) * GiB : 32 * GiB
}

function reservedByUse({ memoryMiB }: Gpu, layout: Layout, tokens: number, pieces: boolean): number {
  const tensor = groupOf(layout)
  const graphs = capturedBatch(memoryMiB, tensor)
  const attention = mixed(layout) ? graphs * layout.data * (graphs > 300 ? 4.5 : 3) : 0
  const reserved =
    512 +
    1.5 * Math.max(tokens, 2048) +
    2 * graphs +
    (tensor * layout.pipeline * GiB) / 8 +
    attention +
    (pieces ? 8 * piecesOf(tokens) : 0)
  return memoryMiB > 60 * GiB ? Math.max(reserved, 10 * GiB) : reserved
}

/** cuda_graph_max_bs. */
function capturedBatch(memoryMiB: number, tensor: number): number {
  if (memoryMiB < 20 * GiB) return 8
  if (memoryMiB < 35 * GiB) return tensor < 4 ? 24 : 80
  if (memoryMiB < 60 * GiB) return tensor < 4 ? 32 : 160
  return memoryMiB < 160 * GiB && tensor < 4 ? 256 : 512
}

/** Lengths of prefill that are captured piece by piece, by default since 0.5.10: 38 to 1024 tokens, every 256th to 4096, every 512th beyond. */
const piecesOf = (tokens: number) =>
  38 + Math.floor(Math.max(0, Math.min(tokens, 4096) - 1024) / 256) + Math.floor(Math.max(0, tokens - 4096) / 512)
