/** Jamba: attention in every eighth layer, Mamba in the others, experts in every second. */
import { mixture, namesUnder } from '../blocks/feed-forward.ts'
import { mamba1 } from '../blocks/mamba.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { expand, readDtRank } from './mamba.ts'

const FF = namesUnder('feed_forward')

const jamba: Family = (config) => {
  const dimensions = readDimensions(config)
  const { hidden } = dimensions
  const block = mamba1({
    hidden,
    inner: expand(config, 'mamba_expand', hidden),
    state: config.count('mamba_d_state'),
    kernel: config.count('mamba_d_conv', 64),
    dtRank: readDtRank(config, 'mamba_dt_rank', hidden),
    bias: config.flag('mamba_proj_bias', false),
    convBias: config.flag('mamba_conv_bias', true),
    norms: true,
    path: 'mamba',
  })
  const experts = config.count('num_experts', LIMITS.experts)
  const sparse = mixture({
    hidden,
    experts,
    active: config.count('num_experts_per_tok', LIMITS.experts),
    intermediate: config.count('intermediate_size'),
    activation: readActivation(config),
    router: 'feed_forward.router',
    names: namesUnder('feed_forward.experts'),
  })
  const attends = periodic(config, 'attn_layer')
  const mixes = periodic(config, 'expert_layer')
  return decoder(config, {
    dimensions,
    position: 'none',
    norms: ['input_layernorm', 'pre_ff_layernorm'],
    names: { finalNorm: 'final_layernorm' },
    mlpNames: FF,
    mixersOf: (layer) => (attends(layer) ? undefined : [block]),
    feedForwardsOf: (layer) => (experts > 1 && mixes(layer) ? [sparse] : undefined),
  })
}

export const JAMBA_FAMILIES: Families = { jamba }

function periodic(config: ConfigReader, name: string): (layer: number) => boolean {
  const period = config.count(`${name}_period`, LIMITS.layers)
  const offset = config.count(`${name}_offset`, LIMITS.layers, 0)
  return (layer) => layer % period === offset % period && layer >= offset
}
