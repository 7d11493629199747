/** What a process holds on a GPU beside tensors: context, library workspaces, communication buffers, with their sources. */
import type { Gpu } from '../hardware/gpu.ts'
import { GiB, MiB } from '../units.ts'

/** CUDA context by generation, lazily loaded modules: 287 MB on V100 (pytorch PR 86509), 426 MiB on RTX 6000 Ada (unsloth-zoo PR 1053), 0.5 GiB beside PyTorch on A100 (litgpt's out-of-memory messages). */
export function contextBytes(gpu: Gpu): number {
  if (gpu.vendor === 'Apple') return 0
  const byArch: Record<string, number> = {
    Pascal: 250,
    Volta: 287,
    Turing: 300,
    Ampere: 500,
    Ada: 426,
    Hopper: 520,
    Blackwell: 560,
  }
  const arch = Object.keys(byArch).find((name) => gpu.arch.startsWith(name))
  return (arch ? byArch[arch] : 400) * MiB
}

/** cuBLAS: 8 519 680 B per handle and stream; 32 MiB on Hopper and later (pytorch#120925). */
export const workspaceBytes = (gpu: Gpu): number =>
  gpu.vendor !== 'NVIDIA' ? 0 : /Hopper|Blackwell/.test(gpu.arch) ? 32 * MiB : 8_519_680

/**
 * NCCL that reduces in the NVSwitch (NVLS) of Hopper and data-centre Blackwell: vLLM 0.19 on four H100 logs 2.13–2.21 GiB outside torch
 * (llm-d-planner, accuracy/accuracy_report.md), SGLang's "Init torch distributed ends. mem usage" is 1.77–2.01 GB on eight (sglang#11716).
 */
const inSwitch = Math.round(1.85 * GiB)

/**
 * Bytes on each of so many GPUs. NCCL on 4×A100: 544 MB with two GPUs, 688 MB with more (nccl#964); vLLM's logs show 0.1 GiB more per process over
 * PCIe, over which meet more GPUs than a bridge joins: 0.20 GiB in all outside torch on four RTX 2080 Ti, as on sixteen RTX 3090 (vllm#14447).
 */
export function communicatorBytes(gpu: Gpu, ranks: number, switchFrom = Number.POSITIVE_INFINITY): number {
  if (ranks < 2) return 0
  if (ranks >= switchFrom && /^NVLink [45]/.test(gpu.link ?? '')) return inSwitch
  if (gpu.link === null || (gpu.link === 'NVLink bridge' && ranks > 2)) return 128 * MiB
  return ranks === 2 ? 544_000_000 : 688_000_000
}
