/** What one sequence leaves in the cache, layer by layer, against real forward passes of small models in transformers (`caches.py`). */
import { expect, test } from 'vitest'
import type { Mixer } from '../../../src/model/architecture.ts'
import { importHuggingFaceConfig } from '../../../src/model/hugging-face/import.ts'
import caches from './caches.json'
import switches from './switches.json'

const TOKENS = 70

/** Rows of switches.json under the names that caches.py gives them. */
const configs = new Map<string, (typeof switches)[number]['config']>()
for (const { transformers, config } of switches) {
  const kind = `${transformers} ${config.model_type}`
  let n = 0
  while (configs.has(`${kind} ${n}`)) n++
  configs.set(`${kind} ${n}`, config)
}

/** Elements that a layer keeps. A window of w keeps w − 1 tokens there: the next one completes it. */
function kept(mixer: Mixer): number {
  switch (mixer.kind) {
    case 'attention': {
      if (!mixer.ownsCache) return 0
      const tokens = mixer.window === null ? TOKENS : Math.min(TOKENS, mixer.window - 1)
      return mixer.kvHeads * (mixer.headDim + mixer.valueHeadDim) * tokens + (mixer.indexKeyDim ?? 0) * TOKENS
    }
    case 'mla':
      return (mixer.kvLoraRank + mixer.qkRopeHeadDim + (mixer.indexer?.headDim ?? 0)) * TOKENS
    case 'compressed':
      throw new Error('compressed-cache.test.ts has these')
    default:
      return mixer.convState + mixer.recurrentState
  }
}

test.each(Object.entries(caches))('%s', (name, layers) => {
  const { kinds, order } = importHuggingFaceConfig(configs.get(name), 'x')
  const ours = order.map((kind) => kinds[kind]!.mixers.reduce((sum, mixer) => sum + kept(mixer), 0))
  // Some models have no entry at all for layers that keep nothing.
  expect(layers).toEqual(layers.length === ours.length ? ours : ours.filter((elements) => elements > 0))
})
