/** MiMo-V2. */
import { LIMITS } from '../config-reader.ts'
import { decoder } from '../decoder.ts'
import { readStream } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery, readLayerTypes } from '../layer-types.ts'
import { CORRECTION, mixtureWithShared } from './deepseek.ts'
import { readListed } from './listed-layers.ts'

export const MIMO_FAMILIES: Families = {
  // Narrow values, and twice the key/value heads where windows are; one learned sink a head there.
  mimo_v2_flash: (config) => {
    const stream = readStream(config)
    const { layers } = stream
    const heads = config.count('num_attention_heads', LIMITS.heads)
    const kvHeads = config.count('num_key_value_heads', heads)
    const headDim = config.count('head_dim')
    const valueHeadDim = config.count('v_head_dim')
    const types = readLayerTypes(config, layers, ['full_attention', 'sliding_attention'])
    const pattern = config.indices('hybrid_layer_pattern', 1, layers)
    const slides = (layer: number) =>
      types ? types[layer] === 'sliding_attention' : pattern ? pattern[layer] === 1 : layer > 0 && allButEvery(6)(layer)
    if (types === null && pattern === null)
      config.assume('No layer_types: the first and every sixth layer attend fully.')
    const window = config.count(['sliding_window', 'sliding_window_size'], LIMITS.positions)
    const windowed = {
      window,
      heads: config.optionalCount('swa_num_attention_heads', LIMITS.heads) ?? heads,
      kvHeads: config.optionalCount('swa_num_key_value_heads', LIMITS.heads) ?? 2 * kvHeads,
      headDim: config.optionalCount('swa_head_dim') ?? headDim,
      valueHeadDim: config.optionalCount('swa_v_head_dim') ?? valueHeadDim,
      sinks: config.flag('add_swa_attention_sink_bias', true),
    }
    const full = { valueHeadDim, sinks: config.flag('add_full_attention_sink_bias', false) }
    const bias = config.flag('attention_bias', false)
    config.ignore('attention_value_scale', 'attention_chunk_size', 'hybrid_block_size')
    const dimensions = { ...stream, heads, kvHeads, headDim }
    const given = Array.isArray(config.raw('moe_layer_freq')) || config.has('mlp_layer_types')
    const sparse = given ? readListed(config, layers) : (layer: number) => layer > 0
    const block = mixtureWithShared(config, stream.hidden, { correction: CORRECTION })
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      attentionOf: (layer) => (slides(layer) ? windowed : full),
      feedForwardsOf: (layer) => (sparse(layer) ? [block] : undefined),
    })
  },
}
