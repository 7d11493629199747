/** What a measurement of a training run reads: which meter, on one GPU or summed over all. */
import { marginOf, spread } from '../../src/memory/margins.ts'
import { trainingPart } from '../../src/memory/training-part.ts'
import type { Scenario } from '../../src/scenario/schema.ts'
import type { Measurement } from './measurement.ts'
import { Inexpressible } from './names.ts'
import type { Prediction, Rank } from './prediction.ts'

export function trainingMeter(row: Measurement, scenario: Scenario, ranks: Rank[]): Prediction {
  // Megatron logs on its last rank, which is of the last stage.
  const read = /\blast rank\b/i.test(row.other_settings ?? '') ? ranks.slice(-1) : ranks
  const over = (of: (rank: Rank) => number) =>
    row.measured.per === 'total'
      ? ranks.reduce((sum, rank) => sum + rank.gpus * of(rank), 0)
      : Math.max(...read.map(of))
  const detail = (name: string) => (rank: Rank) => rank.value(trainingPart().details[name]!)
  const total = (expected: number): Prediction => ({ expected, range: spread(expected, marginOf(scenario)) })
  switch (row.measured.what) {
    case 'weights':
      // Read after adapters were put in.
      return { expected: over((rank) => rank.read('weights') + rank.read('adapters')), range: null }
    case 'peak_allocated':
      return total(over((rank) => rank.read('allocated')))
    case 'peak_reserved':
      return total(over(detail('reserved')))
    case 'allocated_after_forward':
      return total(over(detail('afterForward')))
    case 'nvidia_smi':
      return total(over((rank) => rank.read('total') - rank.read('allocated') + detail('reserved')(rank)))
    default:
      throw new Inexpressible(`meter "${row.measured.what}" is not known in training`)
  }
}
