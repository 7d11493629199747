/** A line of the catalogue's tables: one GPU, its memory as marketed, as reported and as programs see it. */
import type { Arch } from './formats.ts'

export type Row = readonly [
  id: string,
  name: string,
  arch: Arch,
  marketedGiB: number,
  /** MiB that the driver's own tool reports; null: not found, taken as marketed. */
  reportedMiB: number | null,
  /** MiB that programs see as the total; null: not found, reckoned by the rule of reserve.ts. */
  visibleMiB: number | null,
  bandwidthGBs: number | null,
  maxPerNode: number,
  link?: string,
  linkGBs?: number | null,
]
