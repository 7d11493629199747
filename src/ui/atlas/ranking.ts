/** GPUs by how little of them a scenario needs: least memory bought first, those that never hold it after them, those that cannot run it last. */
import { bySize, isCard } from '../../memory/fewest.ts'
import type { AtlasCell } from '../../sweep/atlas.ts'
import type { ListedGpu } from './fold.ts'
import type { Found } from './worker.ts'

export interface Ranked extends ListedGpu {
  /** By GPU count; null while they are not known. */
  cells: readonly Found[] | null
  /** The first count that is not out of memory, and its cell; null when none is. */
  needs: { count: number; cell: AtlasCell } | null
}

/** What the rows are ordered by: a column, by its name or the index of its number of GPUs. */
export interface Order {
  by: 'name' | 'memory' | 'needs' | number
  /** The least, or the first of the alphabet, comes last. */
  descending: boolean
}

/** How a column is ordered when it is chosen: what is best comes first. */
export const firstOrder = (by: Order['by']): Order => ({ by, descending: typeof by === 'number' })

export const exists = (cell: Found): cell is AtlasCell => typeof cell !== 'string'

/** Every GPU with its cells, in the order of the ranking; `counts` are aligned with the cells. */
export function rank(
  gpus: readonly ListedGpu[],
  cells: readonly (readonly Found[] | null)[],
  counts: readonly number[],
): Ranked[] {
  const rows = gpus.map((listed, i): Ranked => {
    const own = cells[i] ?? null
    return { ...listed, cells: own, needs: listed.obstacle ? null : needs(own ?? [], counts) }
  })
  return rows.sort(
    (a, b) =>
      Number(Boolean(a.obstacle)) - Number(Boolean(b.obstacle)) ||
      bought(a) - bought(b) ||
      (a.needs?.count ?? 0) - (b.needs?.count ?? 0) ||
      (a.needs ? 0 : longest(b) - longest(a)) ||
      bySize(a.gpu, b.gpu),
  )
}

/** Ranked rows in another order. Equal ones stay as they were ranked; what has no value there comes last either way. */
export function ordered(rows: readonly Ranked[], { by, descending }: Order): Ranked[] {
  const sign = descending ? -1 : 1
  if (by === 'name') return [...rows].sort((a, b) => sign * alphabet.compare(a.name, b.name))
  const value = (row: Ranked): number | null => {
    if (by === 'memory') return row.gpu.marketedGiB
    if (by === 'needs') return row.needs && row.needs.count * row.gpu.marketedGiB
    const cell = row.cells?.[by]
    return cell !== undefined && exists(cell) ? cell.most : null
  }
  return [...rows].sort((a, b) => {
    const [one, other] = [value(a), value(b)]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    return sign * (one - other)
  })
}

const alphabet = new Intl.Collator('en', { numeric: true })

/** The smallest card that holds the scenario in one of the numbers, as the answer above the view names it; undefined when none does. */
export function smallestAt(rows: readonly Ranked[], column: number): Ranked | undefined {
  const holding = rows.filter(({ cells, gpu, obstacle }) => {
    if (obstacle || !isCard(gpu)) return false
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

/** Memory as sold, GiB: what one pays for. */
const bought = ({ needs, gpu }: Ranked) => (needs ? needs.count * gpu.marketedGiB : Number.MAX_SAFE_INTEGER)
const longest = ({ cells }: Ranked) => Math.max(0, ...(cells ?? []).filter(exists).map(({ most }) => most))
