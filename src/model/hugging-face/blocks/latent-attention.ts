/**
 * Multi-head latent attention (arXiv:2405.04434 §2.1). The down-projections are small and replicated under tensor
 * parallelism; the up-projections and the output are cut by heads. With an indexer: DeepSeek sparse attention (V3.2).
 */
import type { LatentAttention, Tensor } from '../../architecture.ts'
import { columnLinear, replicatedLinear, rowLinear, vector } from '../../tensors.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import type { MixerBlock } from './block.ts'

export interface LatentSpec {
  hidden: number
  heads: number
  qLoraRank: number | null
  kvLoraRank: number
  qkNopeHeadDim: number
  qkRopeHeadDim: number
  valueHeadDim: number
  bias: boolean
  indexer: LatentAttention['indexer']
}

export function readLatentSpec(config: ConfigReader, hidden: number): LatentSpec {
  const indexHeads = config.optionalCount('index_n_heads', LIMITS.heads)
  return {
    hidden,
    heads: config.count('num_attention_heads', LIMITS.heads),
    qLoraRank: config.optionalCount('q_lora_rank'),
    kvLoraRank: config.count('kv_lora_rank'),
    qkNopeHeadDim: config.count('qk_nope_head_dim'),
    // 0 without rotary embedding (GLM-5.3-Flash).
    qkRopeHeadDim: config.count('qk_rope_head_dim', LIMITS.width, 0),
    valueHeadDim: config.count('v_head_dim'),
    bias: config.flag('attention_bias', false),
    indexer: indexHeads === null ? null : { heads: indexHeads, headDim: config.count('index_head_dim') },
  }
}

export function latentAttention(spec: LatentSpec): MixerBlock {
  const { hidden, heads, kvLoraRank, qkNopeHeadDim, qkRopeHeadDim, valueHeadDim, qLoraRank, indexer } = spec
  const latent = { out: kvLoraRank + qkRopeHeadDim, in: hidden, bias: spec.bias }
  const upwards = { out: heads * (qkNopeHeadDim + valueHeadDim), in: kvLoraRank }
  return {
    mixer: { kind: 'mla', heads, kvLoraRank, qLoraRank, qkRopeHeadDim, qkNopeHeadDim, valueHeadDim, indexer },
    tensors: [
      ...queries(spec),
      ...replicatedLinear('self_attn.kv_a_proj_with_mqa', 'attention', latent),
      vector('self_attn.kv_a_layernorm', 'norm', kvLoraRank),
      ...columnLinear('self_attn.kv_b_proj', 'attention', heads, upwards),
      ...rowLinear('self_attn.o_proj', 'attention', heads, { out: hidden, in: heads * valueHeadDim, bias: spec.bias }),
      ...(indexer === null ? [] : indexerTensors(spec, indexer)),
    ],
  }
}

function queries({ hidden, heads, qLoraRank, qkNopeHeadDim, qkRopeHeadDim, bias }: LatentSpec): Tensor[] {
  const out = heads * (qkNopeHeadDim + qkRopeHeadDim)
  if (qLoraRank === null) return columnLinear('self_attn.q_proj', 'attention', heads, { out, in: hidden })
  return [
    ...replicatedLinear('self_attn.q_a_proj', 'attention', { out: qLoraRank, in: hidden, bias }),
    vector('self_attn.q_a_layernorm', 'norm', qLoraRank),
    ...columnLinear('self_attn.q_b_proj', 'attention', heads, { out, in: qLoraRank }),
  ]
}

/** Every rank scores all tokens, so the indexer is replicated; its key norm is a LayerNorm with bias. */
function indexerTensors(spec: LatentSpec, { heads, headDim }: { heads: number; headDim: number }): Tensor[] {
  const { hidden, qLoraRank } = spec
  return [
    ...replicatedLinear('self_attn.indexer.wq_b', 'attention', { out: heads * headDim, in: qLoraRank ?? hidden }),
    ...replicatedLinear('self_attn.indexer.wk', 'attention', { out: headDim, in: hidden }),
    vector('self_attn.indexer.k_norm', 'norm', headDim),
    vector('self_attn.indexer.k_norm.bias', 'norm', headDim),
    ...replicatedLinear('self_attn.indexer.weights_proj', 'attention', { out: heads, in: hidden }),
  ]
}
