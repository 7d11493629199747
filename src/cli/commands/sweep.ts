/** `oomscape sweep`: every cell of a sweep as a table. */
import { csv } from '../../export/csv.ts'
import { single } from '../arguments.ts'
import type { Command } from '../command.ts'
import { startEngine } from '../engine.ts'
import { openSink } from '../output.ts'
import { progressLine } from '../progress.ts'
import { readSweep, sweepFlags, sweepHelp } from '../sweeps.ts'

export const sweepCommand: Command = {
  summary: 'every cell of a sweep over any fields, as CSV',
  usage: '<sweep.json | scenario.json | - | field=value …> [--axis field=values …] [--csv out.csv]',
  help: `${sweepHelp}

  oomscape sweep model=llama-3-8b gpu=RTX-4090 --axis batch=1..64 --axis seq=1k..128k:log2 --csv out.csv`,
  flags: { ...sweepFlags, csv: 'file' },
  async run(args) {
    const plan = await readSweep(args)
    const file = single(args, 'csv') ?? '-'
    const engine = await startEngine(single(args, 'engine') ?? 'auto')
    const sink = openSink(file)
    try {
      for await (const chunk of csv(plan, engine, { onProgress: progressLine() })) await sink.write(chunk)
      await sink.end()
    } finally {
      engine.destroy()
    }
  },
}
