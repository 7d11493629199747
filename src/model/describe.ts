/** An architecture in one line, for a picker or a heading. */
import { type Architecture, type FeedForward, layersPerKind, type Mixer } from './architecture.ts'

/**
 * For Meta-Llama-3-8B: `32 layers · GQA 32/8 heads × 128 · gated MLP 14336 · vocabulary 128256`. Where layers differ,
 * each kind of mixer is named with its number of layers, the most frequent first.
 */
export function describe(architecture: Architecture): string {
  const layers = architecture.order.length
  const mixers = tally(architecture, (kind) => kind.mixers.map(mixer))
  const feeds = tally(architecture, (kind) => kind.feedForwards.map(feedForward))
  const parts = [
    `${layers} layers`,
    named(mixers, layers),
    named(feeds, layers),
    `vocabulary ${architecture.vocabSize}`,
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

function mixer(block: Mixer): string {
  if (block.kind === 'mla') return `MLA ${block.heads} heads, latent ${block.kvLoraRank} + ${block.qkRopeHeadDim}`
  if (block.kind === 'compressed') {
    const beyond = block.rate === null ? '' : ` and one of ${block.rate} beyond`
    return `MQA ${block.heads} heads × ${block.headDim} in a window of ${block.window}${beyond}`
  }
  if (block.kind !== 'attention') return RECURRENT[block.kind]
  const { heads, kvHeads, headDim, window, chunked } = block
  const name = kvHeads === heads ? 'MHA' : kvHeads === 1 ? 'MQA' : 'GQA'
  const count = kvHeads === heads ? `${heads}` : `${heads}/${kvHeads}`
  const reach = window === null ? '' : ` ${chunked ? 'in chunks of' : 'in a window of'} ${window}`
  return `${name} ${count} heads × ${headDim}${reach}`
}

const RECURRENT = {
  mamba1: 'Mamba',
  mamba2: 'Mamba-2',
  'gated-delta-net': 'gated delta net',
  lightning: 'lightning attention',
  'short-conv': 'short convolution',
} as const

function feedForward(block: FeedForward): string {
  if (block.kind === 'dense') return `${block.gated ? 'gated MLP' : 'MLP'} ${block.intermediate}`
  const shared = block.shared > 0 ? ` + shared ${block.shared}` : ''
  return `${block.active} of ${block.experts} experts × ${block.intermediate}${shared}`
}

/** Layers by what they are called; a layer with two blocks is called by both. */
function tally(
  architecture: Architecture,
  call: (kind: Architecture['kinds'][number]) => string[],
): [name: string, layers: number][] {
  const counts = layersPerKind(architecture)
  const sums = new Map<string, number>()
  architecture.kinds.forEach((kind, index) => {
    const name = call(kind).join(' beside ')
    if (name !== '') sums.set(name, (sums.get(name) ?? 0) + (counts[index] ?? 0))
  })
  return [...sums].sort((a, b) => b[1] - a[1])
}

function named(sums: [name: string, layers: number][], layers: number): string {
  return sums.map(([name, count]) => (count === layers ? name : `${count} × ${name}`)).join(', ')
}
