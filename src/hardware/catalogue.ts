/** Every GPU the product knows by name, made from the tables of catalogue-nvidia.ts and catalogue-others.ts. */
import { nvidia } from './catalogue-nvidia.ts'
import { amd, apple, google, intel } from './catalogue-others.ts'
import { formatsByArch } from './formats.ts'
import type { Gpu, Vendor } from './gpu.ts'
import { usualReserveMiB } from './reserve.ts'
import type { Row } from './row.ts'

/** GPUs whose memory the CPU shares; all of Apple's do. */
const sharedWithCpu = ['GB10', 'Strix-Halo-128GB']

/** NVIDIA first, newest first within a kind; ids are unique. */
export const gpus: readonly Gpu[] = [
  ...nvidia.map((row) => fromRow('NVIDIA', row)),
  ...amd.map((row) => fromRow('AMD', row)),
  ...intel.map((row) => fromRow('Intel', row)),
  ...google.map((row) => fromRow('Google', row)),
  ...apple.flatMap(([chip, bandwidth, sizes]) => sizes.map((size) => appleGpu(chip, bandwidth, size))),
]

/** Cards refitted with more memory than their maker sells: found by name, never listed or suggested. github.com/tinygrad/open-gpu-kernel-modules/issues/36. */
export const refitted: readonly Gpu[] = [
  fromRow('NVIDIA', ['RTX-4090-48GB', 'GeForce RTX 4090 48GB (refitted)', 'Ada', 48, 49140, null, 1008, 8]),
]

function fromRow(vendor: Vendor, row: Row): Gpu {
  const [id, name, arch, marketedGiB, reportedMiB, visibleMiB, bandwidthGBs, maxPerNode, link, linkGBs] = row
  const memoryMiB = reportedMiB ?? marketedGiB * 1024
  return {
    id,
    name,
    vendor,
    arch,
    marketedGiB,
    memoryMiB,
    reserveMiB: visibleMiB === null ? usualReserveMiB(vendor, arch, memoryMiB) : memoryMiB - visibleMiB,
    source: `${reportedMiB === null ? 'total as marketed' : 'total as its driver reports it'}, ${
      visibleMiB === null ? `reserve by ${vendor}'s usual share` : 'reserve as programs find it'
    }`,
    formats: formatsByArch[arch],
    bandwidthGBs,
    link: link ?? null,
    linkGBs: linkGBs ?? null,
    maxPerNode,
    unified: sharedWithCpu.includes(id),
  }
}

function appleGpu(chip: string, bandwidth: number | null, sizeGiB: number): Gpu {
  const id = `${chip.replace(' ', '-')}-${sizeGiB}GB`
  const row: Row = [id, `Apple ${chip} ${sizeGiB}GB`, 'Apple GPU', sizeGiB, sizeGiB * 1024, null, bandwidth, 1]
  return { ...fromRow('Apple', row), source: "memory as sold, reserve by Metal's default limit", unified: true }
}
