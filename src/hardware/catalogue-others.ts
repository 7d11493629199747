/**
 * GPUs of the other vendors.
 *
 * AMD, `reported` and `visible`: rocm-smi and PyTorch on ROCm in public logs, AlexsJones/llmfit (RX 7900 XT). A package
 * with two dies shows itself to programs as two GPUs, and so does the catalogue. Strix Halo: the most that its firmware
 * sets aside as graphics memory, 96 GiB; Linux can lend it more.
 * Intel: PyTorch XPU in public logs. Apple: memory sizes sold; bandwidth of the fastest version.
 * The rest: data sheets.
 */
import type { Row } from './row.ts'

export const amd: readonly Row[] = [
  ['MI50', 'Instinct MI50 32GB', 'Vega 20', 32, null, null, 1024, 8],
  ['MI100', 'Instinct MI100', 'CDNA', 32, null, null, 1228.8, 8, 'Infinity Fabric', 276],
  ['MI210', 'Instinct MI210', 'CDNA2', 64, 65520, 65520, 1638, 8, 'Infinity Fabric bridge', 300],
  ['MI250X', 'Instinct MI250X (one of two GCDs)', 'CDNA2', 64, 65520, 65520, 1638, 8, 'Infinity Fabric', 800],
  ['MI300X', 'Instinct MI300X', 'CDNA3', 192, 196592, 196592, 5300, 8, 'Infinity Fabric', 896],
  ['MI325X', 'Instinct MI325X', 'CDNA3', 256, null, null, 6000, 8, 'Infinity Fabric', 896],
  ['MI350X', 'Instinct MI350X', 'CDNA4', 288, null, null, 8000, 8, 'Infinity Fabric', 1075],
  ['MI355X', 'Instinct MI355X', 'CDNA4', 288, null, null, 8000, 8, 'Infinity Fabric', 1075],
  ['RX-7900-XT', 'Radeon RX 7900 XT', 'RDNA3', 20, 20460, null, 800, 4],
  ['RX-7900-XTX', 'Radeon RX 7900 XTX', 'RDNA3', 24, 24560, null, 960, 4],
  ['PRO-W7900', 'Radeon PRO W7900', 'RDNA3', 48, null, null, 864, 4],
  ['R9700', 'Radeon AI PRO R9700', 'RDNA4', 32, null, null, 640, 4],
  ['Strix-Halo-128GB', 'Ryzen AI Max+ 395 (Strix Halo) 128GB', 'RDNA3.5', 128, null, 98304, 256, 1],
]

export const intel: readonly Row[] = [
  ['Arc-A770', 'Arc A770 16GB', 'Xe-HPG', 16, 16384, 15473, 560, 4],
  ['Arc-B580', 'Arc B580 12GB', 'Xe2', 12, null, null, 456, 4],
  ['Arc-Pro-B60', 'Arc Pro B60 24GB', 'Xe2', 24, null, null, 456, 8],
  ['Max-1550', 'Data Center GPU Max 1550 (one of two stacks)', 'Xe-HPC', 64, 65536, 65536, 1638, 16, 'Xe Link', null],
  ['Gaudi-2', 'Gaudi 2', 'Gaudi', 96, null, null, 2450, 8, '24×100GbE RoCE', 600],
  ['Gaudi-3', 'Gaudi 3', 'Gaudi', 128, null, null, 3700, 8, '24×200GbE RoCE', 1200],
]

export const google: readonly Row[] = [
  ['TPU-v5e', 'TPU v5e', 'TPU', 16, null, null, 820, 8, 'ICI 2D torus', 400],
  ['TPU-v5p', 'TPU v5p', 'TPU', 95, null, null, 2765, 4, 'ICI 3D torus', 1200],
  ['TPU-v6e', 'TPU v6e (Trillium)', 'TPU', 32, null, null, 1640, 8, 'ICI 2D torus', 800],
]

/** Chip, GB/s, memory sizes in GiB: each size is a GPU of the catalogue, as `M3-Max-128GB`. */
export const apple: readonly [chip: string, bandwidthGBs: number | null, sizes: number[]][] = [
  ['M1', 68.3, [8, 16]],
  ['M1 Pro', 204.8, [16, 32]],
  ['M1 Max', 409.6, [32, 64]],
  ['M1 Ultra', 819.2, [64, 128]],
  ['M2', 102.4, [8, 16, 24]],
  ['M2 Pro', 204.8, [16, 32]],
  ['M2 Max', 409.6, [32, 64, 96]],
  ['M2 Ultra', 819.2, [64, 128, 192]],
  ['M3', 102.4, [8, 16, 24]],
  ['M3 Pro', 153.6, [18, 36]],
  ['M3 Max', 409.6, [36, 48, 64, 96, 128]],
  ['M3 Ultra', 819.2, [96, 256, 512]],
  ['M4', 120, [16, 24, 32]],
  ['M4 Pro', 273, [24, 48, 64]],
  ['M4 Max', 546, [36, 48, 64, 128]],
  ['M5', 153, [16, 24, 32]],
  ['M5 Pro', null, [24, 48, 64]],
  ['M5 Max', null, [36, 48, 64, 128]],
]
