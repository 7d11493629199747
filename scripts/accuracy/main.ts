/** `npm run accuracy -- [--json] [--worst N] [--kind KIND] [--write-docs] FILE…`: how far the model's predictions are from published measurements. */
import { writeDocs } from './docs.ts'
import { publishedFiles, readMeasurements } from './measurement.ts'
import { groups, table, unexpressed, worst } from './report.ts'
import { evaluate } from './score.ts'
import '../../src/memory/training/index.ts'

export function main(args: string[]): number {
  const option = (name: string) => {
    const at = args.indexOf(name)
    return at < 0 ? null : (args.splice(at, 2)[1] ?? null)
  }
  const flag = (name: string) => {
    const at = args.indexOf(name)
    return at >= 0 && args.splice(at, 1).length > 0
  }
  const json = flag('--json')
  const docs = flag('--write-docs')
  const count = Number(option('--worst') ?? 0)
  const only = option('--kind')
  const files = args.length > 0 ? args : publishedFiles()
  const rows = files.flatMap(readMeasurements).filter((row) => only === null || row.kind === only)
  const results = rows.map(evaluate)
  const core = results.filter((r) => r.row.gold_core)
  if (docs) writeDocs(results)
  if (json) {
    console.log(
      JSON.stringify({
        core: groups(core),
        all: groups(results),
        rows: results.map(({ row, ...r }) => ({ id: row.id, ...r })),
      }),
    )
    return 0
  }
  console.log(`Headline rows (gold_core)\n${table(groups(core))}\n\nAll rows\n${table(groups(results))}`)
  if (count > 0)
    console.log(
      `\nFarthest off, headline rows\n${worst(core, count)}\n\nFarthest off, all rows\n${worst(results, count)}`,
    )
  console.log(`\nNot expressed\n${unexpressed(results)}`)
  return 0
}
