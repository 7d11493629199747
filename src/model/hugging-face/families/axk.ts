/** SK Telecom's A.X: K1 is DeepSeek-V3 with a norm behind the experts, K2 is V3.2 with gates in attention and before its blocks. */
import { columnLinear, replicatedLinear, vector } from '../../tensors.ts'
import { latentAttention, readLatentSpec } from '../blocks/latent-attention.ts'
import { decoder } from '../decoder.ts'
import { readStream } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { readLayerTypes } from '../layer-types.ts'
import { CORRECTION, firstDense, latentDecoder, readSparse } from './deepseek.ts'

export const AXK_FAMILIES: Families = {
  axk1: (config) => {
    const { hidden, layers } = readStream(config)
    const sparse = readSparse(config, layers)
    return latentDecoder(config, null, {
      extraOf: (layer) => (sparse(layer) ? [vector('mlp.post_mlp_layernorm', 'norm', hidden)] : []),
    })
  },
  axk2: (config) => {
    const stream = readStream(config)
    const { hidden, layers } = stream
    readLayerTypes(config, layers, ['indexed_attention'])
    const spec = readLatentSpec(config, hidden)
    const { heads, qLoraRank: rank, qkNopeHeadDim, qkRopeHeadDim, valueHeadDim } = spec
    if (rank === null) return config.fail('q_lora_rank', 'missing; it decides how large the model is.')
    const block = latentAttention(spec)
    // Queries and the gate over the output come from one matrix, out of the latent vector and one more beside it.
    const gated = columnLinear('self_attn.q_gate_proj', 'attention', heads, {
      out: heads * (qkNopeHeadDim + qkRopeHeadDim + valueHeadDim),
      in: 2 * rank,
    })
    const tensors = block.tensors.flatMap((tensor) => (tensor.name === 'self_attn.q_b_proj' ? gated : [tensor]))
    const sparse = readSparse(config, layers)
    const width = config.optionalCount('gated_norm_rank') ?? 16
    const gate = (name: string) => [
      ...replicatedLinear(`${name}.mlp.fc1`, 'norm', { out: width, in: hidden }),
      ...replicatedLinear(`${name}.mlp.fc2`, 'norm', { out: hidden, in: width }),
    ]
    config.ignore('num_key_value_heads', 'head_dim', 'qk_head_dim', 'index_topk')
    const dimensions = { ...stream, heads, kvHeads: heads, headDim: qkNopeHeadDim }
    return decoder(config, {
      dimensions,
      mixersOf: () => [{ ...block, tensors }],
      feedForwardsOf: firstDense(config, dimensions, CORRECTION),
      extraOf: (layer) => [...gate('input_layernorm'), ...(sparse(layer) ? gate('post_attention_layernorm') : [])],
    })
  },
}
