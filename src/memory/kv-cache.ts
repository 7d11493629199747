/**
 * Bytes of the KV cache (and of recurrent state) one GPU holds: 2 · layers · kv_heads · head_dim · bytes a token, for every kind of layer
 * at once. Full attention keeps every token, a sliding window its window, MLA one latent vector, a recurrent layer a constant state.
 */
import { ceilDiv, named, product, roundUp, smallest, sum, sumOver } from '../formula/expression.ts'
import { batch, cache, layer, layers, sequence, tensorParallel } from './quantities.ts'

/** Tokens a layer caches per sequence, in whole blocks. */
const cachedTokens = named(
  'cached tokens',
  'tokens',
  'PagedAttention (arXiv:2309.06180) §4.1: whole blocks; sliding windows keep their window',
  roundUp(smallest(sequence, sum(layer.window, cache.windowExtra)), cache.blockSize),
)

/** Fewer heads than GPUs: every GPU still holds one (vLLM: max(1, total_kv_heads // tp)). */
const headsHere = named(
  'key/value heads on this GPU',
  'heads',
  'vLLM ModelConfig.get_num_kv_heads: replicated when tensor parallelism exceeds them',
  ceilDiv(layer.keyValueHeads, tensorParallel),
)

const keys = product(headsHere, layer.keyDim)
const values = product(headsHere, layer.valueDim)

const tokenBytes = named(
  'cache bytes per token and layer',
  'B',
  'GQA (arXiv:2305.13245); MLA (arXiv:2405.04434 §2.1.2) caches kv_lora_rank + qk_rope_head_dim elements, on every rank',
  sum(
    ceilDiv(product(sum(keys, layer.latentDim), cache.keyNumerator), cache.keyDenominator),
    ceilDiv(product(values, cache.valueNumerator), cache.valueDenominator),
  ),
)

const stateShards = smallest(tensorParallel, layer.stateParts)

const state = named(
  'recurrent state per sequence and layer',
  'B',
  'Mamba (arXiv:2312.00752), Gated DeltaNet (arXiv:2412.06464): convolution window + recurrent state, constant in sequence length',
  sum(
    product(ceilDiv(layer.stateElements, stateShards), cache.stateBytes),
    product(ceilDiv(layer.convElements, stateShards), cache.convBytes),
  ),
)

export const cachePerSequence = named(
  'cache per sequence',
  'B',
  'sum over layers of cached tokens × bytes per token + state',
  sumOver(layers, product(layer.count, sum(product(cachedTokens, tokenBytes), state))),
)

export const kvCache = named('KV cache', 'B', 'every sequence of the batch', product(batch, cachePerSequence, cache.copies))
