/** What a table of a sweep's cells holds: its columns, their units, and the words for a verdict. Shared by every tabular format. */
import type { Verdict } from '../memory/estimate.ts'
import { componentNames } from '../memory/model.ts'
import type { AxisValue } from '../sweep/axis.ts'
import type { Plan } from '../sweep/plan.ts'
import type { CellOutput } from '../sweep/run.ts'

/** The byte columns, in order. */
export const byteColumns = [...componentNames, 'total', 'capacity'] as const satisfies readonly CellOutput[]

export const verdictOf = (total: number, safeCapacity: number, capacity: number): Verdict =>
  total > capacity ? 'oom' : total > safeCapacity ? 'tight' : 'fits'

/** Units of the fields that have one. */
const units: Record<string, string> = {
  batch: 'sequences',
  sequence: 'tokens',
  'hardware.count': 'GPUs',
  'hardware.gpu.memoryMiB': 'MiB',
  'hardware.gpu.reserveMiB': 'MiB',
  'serving.maxBatchedTokens': 'tokens',
  'serving.maxSequences': 'sequences',
  'serving.blockSize': 'tokens',
  'serving.promptTokens': 'tokens',
  'guide.activationsGB': 'GB',
  'guide.overheadGB': 'GB',
  'guide.perGpuOverheadGB': 'GB',
}

/** A column's heading, with its unit where it has one: `sequence [tokens]`. */
export const heading = (field: string) => (Object.hasOwn(units, field) ? `${field} [${units[field]}]` : field)

/** Headings of a table of cells: every axis, sequence and batch even where they are fixed, bytes, verdict, reason. */
export const cellHeadings = (plan: Plan): string[] => [
  ...plan.sliceAxes.map(({ field }) => heading(field)),
  heading('sequence'),
  heading('batch'),
  ...byteColumns.map((name) => `${name} [B]`),
  'verdict',
  'reason',
]

/** An axis value as a cell: null, which means “what the runtime does”, is an empty cell. */
export const axisCell = (value: AxisValue): string | number =>
  value === null ? '' : typeof value === 'boolean' ? String(value) : value
