/** What the cache pool of a runtime such as vLLM holds: the numbers it logs when it starts. */
import { specialise } from '../formula/specialise.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { rank } from './figures.ts'
import { cachePerSequence } from './kv-cache.ts'
import { structureOf } from './structure.ts'

export interface Pool {
  /** Bytes left for the cache: vLLM's “Available KV cache memory”. */
  bytes: number
  /** Tokens the pool holds in sequences of the scenario's length: “GPU KV cache size”. */
  tokens: number
  /** Whole sequences of that length: “Maximum concurrency”, rounded down. */
  sequences: number
}

/** The pool of the rank that runs out first; null for runtimes without a pool and models without a cache. @throws ScenarioError */
export function poolOf(resolved: Resolved): Pool | null {
  const { sequence } = resolved.scenario
  const { ranks, values } = rank(resolved)
  const pools = ranks.flatMap(({ flags, inputs }, index) => {
    if (!flags.has('pool')) return []
    const { total, kvCache, capacity } = structureOf(flags).outputs
    const value = values[index]
    const perSequence = value(specialise(cachePerSequence, flags))
    if (perSequence === 0n) return []
    const left = value(capacity) - (value(total) - value(kvCache))
    const bytes = left > 0n ? left : 0n
    // Whole blocks, as it logs them.
    const { block_size: block = 1 } = inputs.values
    const tokens = Math.floor(Number((bytes * BigInt(sequence)) / perSequence) / block) * block
    return [{ bytes: Number(bytes), tokens, sequences: Number(bytes / perSequence) }]
  })
  return pools.length > 0 ? pools.reduce((least, pool) => (pool.tokens < least.tokens ? pool : least)) : null
}
