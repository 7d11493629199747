/** `oomscape max`: the inverse questions of one scenario. */
import { rank } from '../../memory/estimate.ts'
import { onFewest } from '../../memory/fewest.ts'
import { inversesAt } from '../../memory/inverses.ts'
import { poolOf } from '../../memory/pool.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import { type Command, scenarioHelp } from '../command.ts'
import { answerAll } from '../scenarios.ts'

export const maxCommand: Command = {
  summary: 'the most that fits: largest batch, longest sequence, fewest GPUs, cache pool',
  usage: '<scenario.json | - | field=value …>',
  help: `Answers { "maxBatch", "maxSequence", "safe": { "maxBatch", "maxSequence" }, "fewestGpus", "fewestGpusWith", "pool" }:
largest batch at the scenario's sequence and longest sequence at its batch, "safe" with the safety margin kept free; the
fewest GPUs for its batch and sequence (degrees left to the runtime; null when 1024 are not enough, or the runtime does
not run on them); where no number holds a training run as it is, the fields to set and the fewest with them; and for
runtimes that fill a pool with KV cache what the pool holds, in bytes, tokens, and sequences of the scenario's length.

${scenarioHelp}

  oomscape max model=llama-3.1-70b gpu=H100-SXM-80GB gpus=4 seq=32k kv=fp8`,
  flags: {},
  run: (args) => answerAll(args, most),
}

function most(resolved: Resolved) {
  const { ranks } = rank(resolved)
  const { batch, sequence } = resolved.scenario
  return {
    ...inversesAt(ranks, batch, sequence),
    safe: inversesAt(ranks, batch, sequence, 'safeCapacity'),
    ...fewestOf(resolved),
    pool: poolOf(resolved),
  }
}

function fewestOf(resolved: Resolved) {
  const found = onFewest(resolved)
  if (!found) return { fewestGpus: null }
  const { count } = found.at.scenario.hardware
  if (found.strategies.length === 0) return { fewestGpus: count }
  const changes = found.strategies.flatMap((strategy) => strategy.changes)
  const fields = Object.fromEntries(changes.map(({ path, value }) => [path, value]))
  return { fewestGpus: null, fewestGpusWith: { 'hardware.count': count, ...fields } }
}
