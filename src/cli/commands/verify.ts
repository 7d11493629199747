/** `oomscape verify`: holds an engine against the CPU evaluator in every cell and against the BigInt reference in a sample. */
import { verify } from '../../sweep/verify.ts'
import { type Arguments, single, UsageError } from '../arguments.ts'
import type { Command } from '../command.ts'
import { startEngine } from '../engine.ts'
import { pretty, standardOutput } from '../output.ts'
import { readSweep, sweepFlags, sweepHelp } from '../sweeps.ts'

/** What is verified when nothing is named: precisions, GPU counts and a window of batch and sequence of the usual model. */
const usual: Arguments = {
  operands: [],
  settings: [['model', 'meta-llama/Meta-Llama-3-8B']],
  flags: new Map([['axis', ['weights=bf16,fp8,nf4', 'gpus=1,2,4,8', 'batch=1..256', 'seq=1..64k:log2:65']]]),
}

export const verifyCommand: Command = {
  summary: 'compare the engine with the CPU evaluator and the BigInt reference, cell by cell',
  usage: '[sweep.json | scenario.json | - | field=value …] [--axis field=values …] [--engine auto|gpu|cpu]',
  help: `Prints { "engine", "cells", "referenceCells", "mismatches", "first" }; the exit code is 2 when a value differs.
Without a sweep a usual one is verified.

${sweepHelp}`,
  flags: sweepFlags,
  async run(args) {
    const nothing = args.operands.length + args.settings.length === 0 && !args.flags.has('axis')
    const plan = await readSweep(nothing ? usual : args)
    const engine = await startEngine(single(args, 'engine') ?? 'auto')
    try {
      const report = await verify(plan, engine)
      await standardOutput().write(pretty(report))
      if (report.mismatches > 0) throw new UsageError(`${report.mismatches} values differ from the reference`)
    } finally {
      engine.destroy()
    }
  },
}
