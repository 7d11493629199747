/**
 * Which runtime runs on which GPUs as it is released, a fact a row. NVIDIA: the oldest architecture (compute capability: Pascal 6.0 and 6.1,
 * Volta 7.0, Turing 7.5, Ampere 8.0). Others: the architectures named. `through`: what only a plugin, a fork or another engine brings, which
 * allocates in its own way. Looked up in November 2026 in the pages named; what a page does not name is not claimed.
 */
import type { Arch } from '../hardware/formats.ts'
import type { Gpu } from '../hardware/gpu.ts'
import type { Runtime } from './runtimes.ts'

type NvidiaArch = (typeof nvidia)[number]
const nvidia = ['Pascal', 'Volta', 'Turing', 'Ampere', 'Ada', 'Hopper', 'Blackwell', 'Blackwell Ultra'] as const

interface Support {
  /** NVIDIA's architectures from this one on; null: none. */
  nvidia: NvidiaArch | null
  others: readonly Arch[]
  /** By architecture, what it takes there. */
  through?: Partial<Record<Arch, string>>
  /** Until when an older NVIDIA architecture was among them: the first version without it. */
  until?: { nvidia: NvidiaArch; version: readonly [major: number, minor: number] }
  /** One process on one machine, or at least no documented way to span machines. */
  oneMachine?: true
}

const rocm = ['Vega 20', 'CDNA', 'CDNA2', 'CDNA3', 'CDNA4', 'RDNA3', 'RDNA3.5', 'RDNA4'] as const
const xpu = ['Xe-HPG', 'Xe-HPC', 'Xe2'] as const
/** PyTorch: wheels for CUDA 12.6 reach back to Pascal (pytorch#157517), ROCm, XPU; `mps` knows no second device (Transformers 5.14, perf_train_special). */
const torch = { nvidia: 'Pascal', others: [...rocm, ...xpu] } as const

export const support: Partial<Record<Runtime, Support>> = {
  // docs.vllm.ai/en/v0.31.0 and v0.14.0, getting_started/installation/gpu (7.5, before 7.0; gfx90a, 942, 950, 1100, 115x, 120x; Data Center GPU, Arc),
  // en/v0.11.2/getting_started/installation (plugins); CUDA 13 without Volta: vllm#39878, vllm-project/router#154.
  vllm: {
    nvidia: 'Turing',
    others: ['CDNA2', 'CDNA3', 'CDNA4', 'RDNA3', 'RDNA3.5', 'RDNA4', ...xpu],
    through: { 'Apple GPU': 'the plugin vllm-metal', TPU: 'the plugin tpu-inference', Gaudi: 'the plugin vllm-gaudi' },
    until: { nvidia: 'Volta', version: [0, 20] },
  },
  // "SGLang only supports sm75 and above" (model_runner.py), gfx942 and gfx950 (sgl-kernel/setup_rocm.py), docs.sglang.io/platforms/xpu.html
  // (Arc B-series), docs.sglang.io/docs/hardware-platforms (SGLang-Jax on TPU, Apple Metal).
  sglang: {
    nvidia: 'Turing',
    others: ['CDNA3', 'CDNA4', 'Xe2'],
    through: { TPU: 'SGLang-Jax', 'Apple GPU': 'its MLX backend' },
  },
  // nvidia.github.io/TensorRT-LLM/supported-hardware.html; 0.18.2/reference/support-matrix.html (SM80, SM86, SM89, SM90).
  'tensorrt-llm': { nvidia: 'Ampere', others: [] },
  // github.com/ggml-org/llama.cpp, README and docs/build.md: CUDA, HIP, Vulkan, SYCL, Metal; tools/rpc: "proof of concept", fragile.
  'llama.cpp': { nvidia: 'Pascal', others: [...rocm, ...xpu, 'Apple GPU'], oneMachine: true },
  // ExLlamaV3 1.6: built for 7.5 and later and, on ROCm, for consumer RDNA only (nixpkgs exllamav3, after its build.yml; exllamav3#44).
  exllama: { nvidia: 'Turing', others: ['RDNA3', 'RDNA3.5', 'RDNA4'], oneMachine: true },
  // github.com/pytorch-labs/gpt-fast, README: "Supports Nvidia and AMD GPUs"; compiled by Triton, which begins at 7.0.
  'gpt-fast': { nvidia: 'Volta', others: rocm, oneMachine: true },
  // pypi.org/project/autoawq 0.2: 7.5 and later, ROCm where Triton runs, Intel GPUs.
  awq: { nvidia: 'Turing', others: [...rocm.slice(1), ...xpu], oneMachine: true },
  // huggingface.co/docs/transformers v5.14: perf_train_special (Apple), perf_train_gaudi; docs/accelerate (XPU).
  transformers: { ...torch, others: [...torch.others, 'Apple GPU', 'Gaudi'], through: { TPU: 'PyTorch/XLA' } },
  peft: { ...torch, others: [...torch.others, 'Apple GPU', 'Gaudi'], through: { TPU: 'PyTorch/XLA' } },
  // unsloth.ai/docs, unsloth-requirements: 7.0 and later, AMD, Intel; Macs train by MLX.
  unsloth: { nvidia: 'Volta', others: [...rocm.slice(1), ...xpu], through: { 'Apple GPU': 'MLX' } },
  // github.com/meta-pytorch/torchtune, torchtune/utils/_device.py: cuda (and ROCm), xpu, mps.
  torchtune: { ...torch, others: [...torch.others, 'Apple GPU'] },
  // github.com/pytorch/torchtitan, README: the newest PyTorch, whose CUDA 13 begins at 7.5 (pytorch/test-infra#7046); AMD keeps a fork.
  torchtitan: { nvidia: 'Turing', others: rocm.slice(2) },
  // Lightning Fabric: cuda (and ROCm), mps, tpu (lightning.ai/docs, reference/accelerators).
  litgpt: { nvidia: 'Pascal', others: [...rocm, 'Apple GPU'], through: { TPU: 'PyTorch/XLA' } },
  // swift.readthedocs.io/en/v3.5, SWIFT-installation: A10 to H100, RTX 20 to 40, T4 and V100, MPS.
  'ms-swift': { nvidia: 'Volta', others: ['Apple GPU'] },
  // github.com/AnswerDotAI/fsdp_qlora, README: CUDA; bitsandbytes with FSDP.
  'fsdp-qlora': { nvidia: 'Volta', others: [] },
  // github.com/deepspeedai/DeepSpeed, README (Pascal to Hopper; MI100, MI200), tutorials/accelerator-setup-guide (XPU, Gaudi).
  deepspeed: { nvidia: 'Pascal', others: [...rocm.slice(1, 5), ...xpu, 'Gaudi'] },
  // docs.nvidia.com/megatron-core, 0.19, get-started/install: Turing or later.
  megatron: {
    nvidia: 'Turing',
    others: [],
    through: { CDNA2: "AMD's fork", CDNA3: "AMD's fork", CDNA4: "AMD's fork" },
  },
}

/**
 * Whether a runtime runs on a GPU as released: `true`; what it takes beyond that, in words; the last versions that did; `false`. Nothing is known
 * of custom GPUs, and a rule of thumb runs anywhere: both are `true`.
 * @param isBefore whether the version in question is before major.minor
 */
export function runsOn(
  runtime: Runtime,
  { vendor, arch }: Gpu,
  isBefore: (major: number, minor: number) => boolean,
): boolean | { through: string } | { before: string } {
  const row = support[runtime]
  if (!row || vendor === 'custom') return true
  const age = nvidia.indexOf(arch as NvidiaArch)
  if (age < 0) {
    const through = row.through?.[arch as Arch]
    return row.others.includes(arch as Arch) || (through ? { through } : false)
  }
  if (row.nvidia !== null && age >= nvidia.indexOf(row.nvidia)) return true
  const { until } = row
  if (!until || age < nvidia.indexOf(until.nvidia)) return false
  return isBefore(...until.version) || { before: until.version.join('.') }
}

/**
 * The most GPUs of a kind that can hold a scenario together. Laptops, Macs and other computers around one chip stay alone: what joins them (MLX,
 * llama.cpp's RPC) is none of these runtimes as released. DGX Spark and Grace Hopper have networks made for it (build.nvidia.com/spark/vllm-cluster).
 */
export function mostTogether(runtime: Runtime, { vendor, id, maxPerNode }: Gpu): number {
  if (vendor === 'custom' || maxPerNode === null) return Number.POSITIVE_INFINITY
  const oneMachine = support[runtime]?.oneMachine
  const alone = maxPerNode === 1 && (vendor !== 'NVIDIA' || oneMachine || /Laptop/.test(id))
  if (alone) return 1
  return oneMachine ? Math.max(8, maxPerNode) : Number.POSITIVE_INFINITY
}
