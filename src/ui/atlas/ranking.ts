/** GPUs by how little of them a scenario needs: fewest bytes bought first, those that never hold it last. */
import { capacityBytes } from '../../hardware/gpu.ts'
import { bySize, isCard } from '../../memory/fewest.ts'
import type { AtlasCell } from '../../sweep/atlas.ts'
import type { ListedGpu } from './filter.ts'
import type { Found } from './worker.ts'

export interface Ranked extends ListedGpu {
  /** By GPU count; null while they are not known. */
  cells: readonly Found[] | null
  /** The first count that is not out of memory, and its cell; null when none is. */
  needs: { count: number; cell: AtlasCell } | null
}

export const exists = (cell: Found): cell is AtlasCell => typeof cell !== 'string'

/** Every GPU with its cells, in order; `counts` are aligned with the cells. */
export function rank(
  gpus: readonly ListedGpu[],
  cells: readonly (readonly Found[] | null)[],
  counts: readonly number[],
): Ranked[] {
  const rows = gpus.map(
    (listed, i): Ranked => ({ ...listed, cells: cells[i] ?? null, needs: needs(cells[i] ?? [], counts) }),
  )
  return rows.sort(
    (a, b) =>
      bought(a) - bought(b) ||
      (a.needs?.count ?? 0) - (b.needs?.count ?? 0) ||
      (a.needs ? 0 : longest(b) - longest(a)) ||
      bySize(a.gpu, b.gpu),
  )
}

/** The smallest card that holds the scenario in one of the numbers, as the answer above the view names it; undefined when none does. */
export function smallestAt(rows: readonly Ranked[], column: number): Ranked | undefined {
  const holding = rows.filter(({ cells, gpu }) => {
    if (!isCard(gpu)) return false
    const cell = cells?.[column]
    return cell !== undefined && exists(cell) && cell.verdict !== 'oom'
  })
  return holding.sort((a, b) => bySize(a.gpu, b.gpu))[0]
}

function needs(cells: readonly Found[], counts: readonly number[]): Ranked['needs'] {
  for (const [i, cell] of cells.entries()) {
    if (exists(cell) && cell.verdict !== 'oom') return { count: counts[i], cell }
  }
  return null
}

const bought = ({ needs, gpu }: Ranked) => (needs ? needs.count * capacityBytes(gpu) : Number.MAX_SAFE_INTEGER)
const longest = ({ cells }: Ranked) => Math.max(0, ...(cells ?? []).filter(exists).map(({ most }) => most))
