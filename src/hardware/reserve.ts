/**
 * How much of a GPU's reported memory no program can allocate, for cards on which it has not been read off.
 *
 * NVIDIA, on Linux: `memory.total` of nvidia-smi minus the total that CUDA gives programs (`cudaMemGetInfo`, PyTorch's
 * `total_memory`). Over the 40 cards of the catalogue where both were found, 384 MiB + 1/512 of the total is off by 0.3 %
 * of the card's memory in the median and promises at most 0.5 % too much. On Windows CUDA gives out the whole figure, and
 * the desktop takes its share while programs run.
 *
 * AMD: ROCm gives out all that rocm-smi reports; that total is 16 MiB under the round number on Instinct cards.
 *
 * Intel Arc: an A770 shows 15 473 of 16 384 MiB to programs, one eighteenth less. Data Center GPU Max shows all.
 *
 * Apple: Metal's default limit (`recommendedMaxWorkingSetSize`), 2/3 of the memory up to 32 GB and 3/4 above (10.67 of
 * 16, 21.33 of 32, 36 of 48, 96 of 128 GiB, printed by llama.cpp). Newer macOS gives more (11.84 of 16, 107.52 of
 * 128 GiB) and `sudo sysctl iogpu.wired_limit_mb=…` changes it: a custom GPU states the limit in force.
 *
 * Others: 2 %.
 */
import type { Vendor } from './gpu.ts'

/** MiB kept back of `memoryMiB` by the vendor's usual rule. */
export function usualReserveMiB(vendor: Vendor, arch: string, memoryMiB: number): number {
  switch (vendor) {
    case 'NVIDIA':
      return 384 + Math.ceil(memoryMiB / 512)
    case 'AMD':
      return 16
    case 'Apple':
      return Math.ceil(memoryMiB > 32 * 1024 ? memoryMiB / 4 : memoryMiB / 3)
    default:
      return Math.ceil(arch.startsWith('Xe') ? memoryMiB / 18 : memoryMiB / 50)
  }
}
