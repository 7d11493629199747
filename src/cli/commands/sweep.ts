/** `oomscape sweep`: every cell of a sweep as a table, or its boundary. */
import { csv } from '../../export/csv.ts'
import { frontierCsv } from '../../export/frontier-csv.ts'
import { parquet } from '../../export/parquet/sweep.ts'
import { type Arguments, single, UsageError } from '../arguments.ts'
import type { Command } from '../command.ts'
import { startEngine } from '../engine.ts'
import { openSink } from '../output.ts'
import { progressLine } from '../progress.ts'
import { readSweep, sweepFlags, sweepHelp } from '../sweeps.ts'

const formats = { csv, parquet, frontier: frontierCsv }

export const sweepCommand: Command = {
  summary: 'every cell of a sweep over any fields, as CSV or Parquet, or its out-of-memory boundary',
  usage: '<sweep.json | scenario.json | - | field=value …> [--axis field=values …] [--csv out.csv]',
  help: `${sweepHelp}
--csv writes one row per cell, --parquet the same typed, --frontier the largest batch for every sequence length. Without
any of them CSV goes to standard output; - names standard output.

  oomscape sweep model=llama-3-8b gpu=RTX-4090 --axis batch=1..64 --axis seq=1k..128k:log2 --csv out.csv`,
  flags: { ...sweepFlags, csv: 'file', parquet: 'file', frontier: 'file' },
  async run(args) {
    const { file, format } = target(args)
    const plan = await readSweep(args)
    const engine = await startEngine(single(args, 'engine') ?? 'auto')
    const sink = openSink(file)
    try {
      for await (const chunk of format(plan, engine, { onProgress: progressLine() })) await sink.write(chunk)
      await sink.end()
    } finally {
      engine.destroy()
    }
  },
}

function target(args: Arguments) {
  const wanted = Object.entries(formats).flatMap(([name, format]) => {
    const file = single(args, name)
    return file === undefined ? [] : [{ file, format }]
  })
  if (wanted.length > 1) throw new UsageError('one of --csv, --parquet and --frontier at a time')
  return wanted[0] ?? { file: '-', format: csv }
}
