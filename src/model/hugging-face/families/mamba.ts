/** Models of Mamba layers only: one norm, one mixer, nothing else in a layer. */

import type { MixerBlock } from '../blocks/block.ts'
import { type Mamba1Spec, mamba1, mamba2 } from '../blocks/mamba.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder } from '../decoder.ts'
import { type Dimensions, readStream } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'

const mamba: Family = (config) => {
  const stream = readStream(config)
  const isFalcon = config.word('model_type') === 'falcon_mamba'
  const bias = config.flag('use_bias', false)
  const spec: Mamba1Spec = {
    hidden: stream.hidden,
    // Mamba computes its width and ignores what the file says of it; Falcon-Mamba's `expand` is not its ratio of widths.
    inner: isFalcon ? config.count('intermediate_size') : expand(config, 'expand', stream.hidden),
    state: config.count('state_size'),
    kernel: config.count('conv_kernel', 64),
    dtRank: readDtRank(config, 'time_step_rank', stream.hidden),
    bias,
    convBias: config.flag('use_conv_bias', true),
    norms: false,
    path: 'mixer',
  }
  config.ignore(
    'expand',
    'intermediate_size',
    'd_inner',
    'dt_rank',
    'ssm_cfg',
    'rms_norm',
    'pad_vocab_size_multiple',
    'use_associative_scan',
    'mixer_rms_eps',
  )
  return recurrentOnly(config, stream, mamba1(spec), !isFalcon)
}

export const MAMBA_FAMILIES: Families = {
  mamba,
  falcon_mamba: mamba,
  mamba2: (config) => {
    const stream = readStream(config)
    const bias = config.flag('use_bias', false)
    config.ignore('expand', 'time_step_rank', 'norm_before_gate', 'rms_norm')
    const block = mamba2({
      hidden: stream.hidden,
      heads: config.count('num_heads', LIMITS.heads),
      headDim: config.count('head_dim'),
      groups: config.count('n_groups', LIMITS.heads),
      state: config.count('state_size'),
      kernel: config.count('conv_kernel', 64),
      inBias: bias,
      outBias: bias,
      convBias: config.flag('use_conv_bias', true),
      gatedNorm: true,
      path: 'mixer',
    })
    return recurrentOnly(config, stream, block, false)
  },
}

type Stream = Pick<Dimensions, 'hidden' | 'layers' | 'vocab' | 'maxPositions'>

function recurrentOnly(config: ConfigReader, stream: Stream, block: MixerBlock, tiedByDefault: boolean) {
  return decoder(config, {
    dimensions: { ...stream, heads: 1, kvHeads: 1, headDim: 1 },
    norms: ['norm'],
    position: 'none',
    tiedByDefault,
    mixersOf: () => [block],
    feedForwardsOf: () => [],
    names: { embedding: 'embeddings', finalNorm: 'norm_f' },
  })
}

/** A rank given as a number, or "auto" for a sixteenth of the hidden size, rounded up. */
export function readDtRank(config: ConfigReader, key: string, hidden: number): number {
  const value = config.raw(key)
  return value === null || value === 'auto' ? Math.ceil(hidden / 16) : config.count(key)
}

export function expand(config: ConfigReader, key: string, hidden: number): number {
  const factor = config.optionalCount(key, 64)
  return (factor ?? 2) * hidden
}
