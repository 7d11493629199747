/**
 * What the memory model needs to know of a GPU: how much memory programs can have, which number formats its matrix
 * units compute in, how it reaches its neighbours. Facts only; nothing here knows a model or a runtime.
 */
import { MiB } from '../units.ts'

export type Vendor = 'NVIDIA' | 'AMD' | 'Intel' | 'Apple' | 'Google' | 'custom'

/** Formats in which matrix units multiply; what they cannot, software may still store and convert. */
export interface Formats {
  readonly bf16: boolean
  readonly fp8: boolean
  readonly fp4: boolean
  readonly int8: boolean
}

export interface Gpu {
  /** Short and regular, e.g. `H100-SXM-80GB`; the custom GPU's name. */
  readonly id: string
  /** As its vendor calls it. */
  readonly name: string
  readonly vendor: Vendor
  /** Architecture, e.g. `Hopper`. */
  readonly arch: string
  /** Memory as marketed, in GiB. */
  readonly marketedGiB: number
  /** Total that the driver reports, in MiB (`memory.total` of nvidia-smi, VRAM total of rocm-smi). */
  readonly memoryMiB: number
  /** MiB of that which no program can allocate: what firmware, driver or operating system keep. */
  readonly reserveMiB: number
  /** Where the two figures above come from. */
  readonly source: string
  /** Null when unknown, as for a custom GPU. */
  readonly formats: Formats | null
  /** Memory bandwidth in GB/s (10^9), null when unknown. */
  readonly bandwidthGBs: number | null
  /** Direct link to other GPUs, null when they meet over PCIe only. */
  readonly link: string | null
  /** Bandwidth of that link in GB/s, both directions together, null when unknown. */
  readonly linkGBs: number | null
  /** Most GPUs usually built into one machine, null when unknown. */
  readonly maxPerNode: number | null
  /** Memory is shared with the CPU. */
  readonly unified: boolean
}

/** A GPU that the catalogue does not hold, as the scenario's `hardware.gpu` describes it. */
export interface CustomGpu {
  readonly name: string
  /** Total memory in MiB, as `nvidia-smi` reports it. */
  readonly memoryMiB: number
  /** MiB of that which programs cannot allocate; none by default. */
  readonly reserveMiB?: number
}

/** Bytes that programs on this GPU can allocate together, runtime contexts included: reported total minus reserve. */
export function capacityBytes(gpu: Pick<Gpu, 'memoryMiB' | 'reserveMiB'>): number {
  return (gpu.memoryMiB - gpu.reserveMiB) * MiB
}

/**
 * A custom GPU as the memory model sees it; what was not said is null.
 * @throws {RangeError} when the reserve leaves no memory
 */
export function customGpu({ name, memoryMiB, reserveMiB = 0 }: CustomGpu): Gpu {
  if (reserveMiB >= memoryMiB) {
    throw new RangeError(
      `hardware.gpu.reserveMiB: ${reserveMiB} leaves nothing of memoryMiB ${memoryMiB}; it must be less than that.`,
    )
  }
  return {
    id: name,
    name,
    vendor: 'custom',
    arch: 'unknown',
    marketedGiB: memoryMiB / 1024,
    memoryMiB,
    reserveMiB,
    source: 'as given',
    formats: null,
    bandwidthGBs: null,
    link: null,
    linkGBs: null,
    maxPerNode: null,
    unified: false,
  }
}
