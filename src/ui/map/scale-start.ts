/**
 * Where the map's colours begin: at the share of the memory that is used however small batch and sequence are, weights mostly. A scale from 0
 * would give most of its colours to what no cell can have, and paint every map of a large model in one.
 */
import { compiled } from '../../formula/compiled.ts'
import type { Slice } from '../../sweep/plan.ts'

/** The least of some panels' emptiest cells, down to a hundredth. 0 where nothing fits. */
export function scaleStart(emptiest: readonly number[]): number {
  const least = Math.min(1, ...emptiest)
  return least < 1 ? Math.floor(least * 100) / 100 : 0
}

/** Used ÷ capacity of one token in one sequence, on the fullest GPU; 1 where there is nothing. */
export function emptiest({ structure, ranks }: Slice): number {
  if (!structure) return 1
  const { program, value } = compiled(structure)
  const results = new Float64Array(program.columnResults)
  const shares = ranks.map((inputs) => {
    program.setSlice(inputs)
    program.column(1, results, 0)
    return value('total')(results, 0, 1) / value('capacity')(results, 0, 1)
  })
  return Math.max(...shares)
}
