/** Mistral, Ministral and Mixtral: Llama with windows; Mistral 4 with latent attention. */
import { vector } from '../../tensors.ts'
import { norm } from '../assemble.ts'
import { latentAttention, readLatentSpec } from '../blocks/latent-attention.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder } from '../decoder.ts'
import { readDimensions, readStream } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { allButEvery, readWindows } from '../layer-types.ts'
import { latentDecoder } from './deepseek.ts'
import { everywhere, MIXTRAL_EXPERTS } from './mixtures.ts'

const mistral: Family = (config) => {
  const dimensions = readDimensions(config)
  const windowOf = readWindows(config, dimensions.layers, () => true)
  return decoder(config, { dimensions, attentionOf: (layer) => ({ window: windowOf(layer) }) })
}

export const MISTRAL_FAMILIES: Families = {
  mistral,
  ministral: mistral,
  ministral3: mistral,
  mixtral: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, () => true)
    return decoder(config, {
      dimensions,
      attentionOf: (layer) => ({ window: windowOf(layer) }),
      feedForwardsOf: everywhere(config, { router: 'block_sparse_moe.gate', names: MIXTRAL_EXPERTS }),
    })
  },
  mistral4: (config) => latentDecoder(config, null),
  // Layers without rotary embedding keep the latent vector alone; the scale of attention is learned a head, and the indexer normalises what it reads.
  mistral_large4_text: (config) => {
    const { hidden, layers } = readStream(config)
    const spec = readLatentSpec(config, hidden)
    const rotary = config.indices('no_rope_layers', 1, layers)
    const interval = config.optionalCount('no_rope_layer_interval', LIMITS.layers) ?? 4
    const rope = (layer: number) => (rotary === null ? allButEvery(interval)(layer) : rotary[layer] === 1)
    const sources = config.indices('kv_source_layers', layers, layers)
    if (sources?.some((source, layer) => source !== layer)) {
      config.fail('kv_source_layers', 'lets layers share a cache, which is not supported.')
    }
    const listed = config.list('indexer_types', layers)
    const indexed = (layer: number) => listed === null || listed[layer] === 'full'
    const indexer = spec.indexer
    const mixer = (layer: number) => {
      const own = { ...spec, indexer: indexed(layer) ? indexer : null }
      if (rope(layer)) return latentAttention(own)
      return latentAttention({ ...own, qkNopeHeadDim: spec.qkNopeHeadDim + spec.qkRopeHeadDim, qkRopeHeadDim: 0 })
    }
    const scales = (name: string, heads: number) => [
      vector(`${name}.softmax_scaling.scale`, 'norm', heads, heads),
      vector(`${name}.softmax_scaling.bias`, 'norm', heads, heads),
    ]
    const ofIndexer = [
      ...norm('self_attn.indexer.q_input_norm', 'layer', hidden),
      ...scales('self_attn.indexer', indexer?.heads ?? 0),
    ]
    config.ignore('index_topk', 'index_topk_freq', 'index_skip_topk_offset', 'index_topk_pattern')
    return latentDecoder(config, null, {
      mixersOf: (layer) => [mixer(layer)],
      extraOf: (layer) => [...scales('self_attn', spec.heads), ...(indexer && indexed(layer) ? ofIndexer : [])],
      outside: [vector('rotary_emb.alpha', 'norm', spec.qkRopeHeadDim / 2)],
    })
  },
}
