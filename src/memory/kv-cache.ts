/**
 * Bytes of the KV cache (and of recurrent state) one GPU holds: 2 · layers · kv_heads · head_dim · bytes a token, for every kind of layer
 * at once. Full attention keeps every token, a sliding window its window, MLA one latent vector, a recurrent layer a constant state; compressed
 * attention its window and an entry for every few tokens.
 */
import {
  ceilDiv,
  type Expression,
  largest,
  largestOver,
  named,
  product,
  roundUp,
  smallest,
  sum,
  sumOver,
  when,
} from '../formula/expression.ts'
import { batch, cache, layer, layers, sequence, tensorParallel } from './quantities.ts'

/** Fewer heads than GPUs: every GPU still holds one. */
const headsHere = named(
  'key/value heads on this GPU',
  'heads',
  'vLLM ModelConfig.get_num_kv_heads: max(1, heads // tensor_parallel), replicated when there are fewer heads than GPUs',
  ceilDiv(layer.keyValueHeads, tensorParallel),
)

const tokenBytes = named(
  'cache bytes per token and layer',
  'B',
  'GQA (arXiv:2305.13245); MLA (arXiv:2405.04434 §2.1.2) caches kv_lora_rank + qk_rope_head_dim elements, on every GPU',
  sum(
    ceilDiv(product(sum(product(headsHere, layer.keyDim), layer.latentDim), cache.keyNumerator), cache.keyDenominator),
    ceilDiv(product(headsHere, layer.valueDim, cache.valueNumerator), cache.valueDenominator),
    layer.indexBytes,
  ),
)

const stateShards = smallest(tensorParallel, layer.stateParts)

const state = named(
  'recurrent state per sequence and layer',
  'B',
  'Mamba (arXiv:2312.00752), Gated DeltaNet (arXiv:2412.06464): convolution window and recurrent state, constant in sequence length',
  sum(
    product(ceilDiv(layer.stateElements, stateShards), cache.stateBytes),
    product(ceilDiv(layer.convElements, stateShards), cache.convBytes),
  ),
)

const blockTokens = named(
  'tokens of a block',
  'tokens',
  'PagedAttention (arXiv:2309.06180) §4.1; where layers with a state share the pool, vLLM makes blocks of attention as large as the largest state (HybridAttentionMambaModelConfig)',
  when(
    'states in pages',
    largest(
      cache.blockSize,
      roundUp(ceilDiv(largestOver(layers, state), largest(1, largestOver(layers, tokenBytes))), cache.pageAlignment),
    ),
    cache.blockSize,
  ),
)

/** A state fills a page of its own. */
const heldState = when(
  'states in pages',
  product(smallest(1, state), blockTokens, largest(1, largestOver(layers, tokenBytes))),
  state,
)

/** What stands in the cache for tokens that have left the window, too. */
const compressedOf = (tokens: Expression) =>
  when(
    'compressed cache',
    named(
      'compressed entries per layer',
      'B',
      'CSA and HCA of DeepSeek-V4: an entry for every few tokens; with an indexer its compressed key beside it',
      product(
        ceilDiv(roundUp(tokens, blockTokens), layer.compressRate),
        ceilDiv(product(layer.compressedDim, cache.keyNumerator), cache.keyDenominator),
      ),
    ),
    0,
  )

/** Cache of one sequence in all layers of a kind, after a number of tokens. */
export function cacheOf(tokens: Expression): Expression {
  const cachedTokens = named(
    'cached tokens',
    'tokens',
    'PagedAttention (arXiv:2309.06180) §4.1: whole blocks; a sliding window keeps its window',
    roundUp(smallest(tokens, sum(layer.window, cache.windowExtra)), blockTokens),
  )
  return product(layer.count, sum(product(cachedTokens, tokenBytes), compressedOf(tokens), heldState))
}

/** The same while every token is still there, before a window is applied. */
export const uncutCacheOf = (tokens: Expression): Expression =>
  product(layer.count, sum(product(roundUp(tokens, blockTokens), tokenBytes), compressedOf(tokens), heldState))

export const cachePerSequence = named(
  'cache per sequence',
  'B',
  'sum over layers of cached tokens × bytes per token + state',
  sumOver(layers, cacheOf(sequence)),
)

export const kvCache = named('KV cache', 'B', 'every sequence of the batch', product(batch, cachePerSequence))
