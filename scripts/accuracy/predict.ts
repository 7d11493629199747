/** What the model predicts for a measurement: the output that its meter reads, in bytes or tokens, with its range. */
import { evaluator } from '../../src/formula/evaluate.ts'
import { specialise } from '../../src/formula/specialise.ts'
import { step } from '../../src/memory/inference/quantities.ts'
import { inversesAt } from '../../src/memory/inverses.ts'
import { lowerAll, schemeOf } from '../../src/memory/lower.ts'
import { marginOf, spread } from '../../src/memory/margins.ts'
import { bytesOf } from '../../src/memory/precision/index.ts'
import { structureOf } from '../../src/memory/structure.ts'
import { architectureOf } from '../../src/model/catalogue.ts'
import { elements } from '../../src/model/tensors.ts'
import { parseScenario, ScenarioError } from '../../src/scenario/parse.ts'
import { type Resolved, resolve } from '../../src/scenario/resolve.ts'
import { MiB } from '../../src/units.ts'
import type { Measurement } from './measurement.ts'
import { Inexpressible } from './names.ts'
import type { Prediction, Rank } from './prediction.ts'
import { scenarioOf } from './scenario-of.ts'
import { readSettings } from './settings.ts'
import { trainingMeter } from './training-meter.ts'

type Boundary = 'right' | 'wrong'

/** @throws Inexpressible with the reason a row has no prediction */
export function predict(row: Measurement): Prediction | Boundary {
  try {
    const resolved = withGpus(row, resolve(parseScenario(scenarioOf(row)), architectureOf))
    return row.boundary ? side(row, resolved) : meter(row, resolved)
  } catch (error) {
    if (error instanceof ScenarioError) throw new Inexpressible(error.message)
    throw error
  }
}

/** Where a table sums over GPUs and does not say how many: the fewest that hold it. */
function withGpus(row: Measurement, resolved: Resolved): Resolved {
  if (row.gpus !== null || row.measured.per !== 'total') return resolved
  for (let count = 1; count <= 64; count *= 2) {
    const { scenario } = resolved
    const wider = {
      ...resolved,
      scenario: { ...scenario, hardware: { ...scenario.hardware, count }, parallelism: free },
    }
    if (ranksOf(wider).every((rank) => rank.read('total') <= rank.read('capacity'))) return wider
  }
  return resolved
}

const free = parseScenario({ model: 'free' }).parallelism

function ranksOf(resolved: Resolved, sequence = resolved.scenario.sequence): Rank[] {
  const { layout, ranks } = lowerAll(resolved)
  return ranks.map(({ flags, inputs }) => {
    const { outputs } = structureOf(flags)
    const value = evaluator(inputs, resolved.scenario.batch, sequence)
    return {
      gpus: layout.tensor * layout.data * layout.context,
      read: (name) => Number(value(outputs[name]!)),
      value: (expression) => Number(value(specialise(expression, flags))),
    }
  })
}

function meter(row: Measurement, resolved: Resolved): Prediction {
  const ranks = ranksOf(resolved)
  const { scenario } = resolved
  if (scenario.task !== 'inference') return trainingMeter(row, scenario, ranks)
  const settings = readSettings(row.other_settings ?? '')
  const pool = ['vllm', 'sglang', 'tensorrt-llm'].includes(scenario.runtime)
  const over = (of: (rank: Rank) => number) =>
    row.measured.per === 'total'
      ? ranks.reduce((sum, rank) => sum + rank.gpus * of(rank), 0)
      : Math.max(...ranks.map(of))
  const sumOf = (...names: string[]) => over((rank) => names.reduce((sum, name) => sum + rank.read(name), 0))
  // Servers' logs count what they make with the weights among them.
  const withWeights = over((rank) => rank.value(step.buffers))
  const counted = (expected: number): Prediction => ({ expected, range: null })
  const total = (expected: number): Prediction => ({ expected, range: spread(expected, marginOf(scenario)) })
  switch (row.measured.what) {
    case 'weights':
      return counted(weightsMeter(row, resolved, sumOf('weights') + (pool ? withWeights : 0)))
    case 'kv_bytes':
      if (settings.forTokens !== null) return counted(cacheFor(row, resolved, settings.forTokens))
      return counted(pool && row.batch === null ? over(leftFor) : sumOf('kvCache'))
    case 'kv_tokens':
      return counted(poolTokens(resolved))
    case 'compute_buffer':
      // Of several GPUs llama.cpp's logs are quoted for the first.
      return counted(scenario.runtime === 'llama.cpp' ? ranks[0]!.read('activations') : sumOf('activations'))
    case 'activation_peak':
      return counted(sumOf('activations'))
    case 'non_torch':
      return counted(over((rank) => rank.value(step.outside) + rank.read('communication')))
    case 'peak_allocated':
      return total(pool && row.batch === null ? sumOf('weights', 'activations') + withWeights : sumOf('allocated'))
    case 'allocated_after_forward':
      return total(sumOf('allocated'))
    case 'peak_reserved':
      return total(sumOf('allocated'))
    case 'nvidia_smi':
      return total(
        over((rank) => {
          // A filled pool is all of the capacity, less what profiling gave back.
          const used =
            pool && row.batch === null ? rank.read('capacity') - rank.read('activations') : rank.read('total')
          return used + (settings.countsReserve ? resolved.gpu.reserveMiB * MiB : 0)
        }),
      )
    default:
      throw new Inexpressible(`meter "${row.measured.what}" is not known`)
  }
}

/** What a pool-filling runtime has left for the cache on one GPU. */
const leftFor = (rank: Rank) => Math.max(0, rank.read('capacity') - (rank.read('total') - rank.read('kvCache')))

function cacheFor(row: Measurement, resolved: Resolved, tokens: number): number {
  const ranks = ranksOf(resolved, tokens)
  const each = ranks.map((rank) => rank.read('kvCache') / resolved.scenario.batch)
  return row.measured.per === 'total' ? each.reduce((a, b, i) => a + b * ranks[i]!.gpus, 0) : Math.max(...each)
}

/** Engines report sequences of the full length times that length. */
function poolTokens(resolved: Resolved): number {
  const { scenario } = resolved
  const given = scenario.sequence
  const ranks = ranksOf(resolved, given)
  const sequences = ranks.map((rank) => (leftFor(rank) * scenario.batch) / rank.read('kvCache'))
  return Math.floor(Math.min(...sequences) * given)
}

/** Files hold the embedding that llama.cpp leaves on the CPU; some tables leave it out. */
function weightsMeter(row: Measurement, { architecture, ...resolved }: Resolved, held: number): number {
  const text = row.other_settings ?? ''
  if (architecture.tiedEmbeddings) return held
  const scheme = schemeOf({ architecture, ...resolved })
  const embedding = architecture.outside
    .filter((tensor) => tensor.class === 'embedding')
    .reduce((sum, tensor) => sum + bytesOf(scheme.ofTensor(tensor, { architecture, layer: null }), elements(tensor)), 0)
  if (/^file size\b/i.test(text) && resolved.scenario.runtime === 'llama.cpp') return held + embedding
  return /excludes the token embedding/i.test(text) ? held - embedding : held
}

function side(row: Measurement, resolved: Resolved): Boundary {
  const { scenario } = resolved
  const { ranks } = lowerAll(resolved)
  const { maxBatch, maxSequence } = inversesAt(ranks, scenario.batch, scenario.sequence)
  const fits = maxBatch >= scenario.batch
  const value = row.measured.value
  const right = (() => {
    switch (row.measured.what) {
      case 'fits':
        return fits
      case 'oom':
        return !fits
      case 'max_batch':
        return value !== null && maxBatch >= value && maxBatch < 2 * value
      case 'max_seq':
        return value !== null && maxSequence >= value && maxSequence < 2 * value
      default:
        throw new Inexpressible(`boundary "${row.measured.what}" is not known`)
    }
  })()
  return right ? 'right' : 'wrong'
}
