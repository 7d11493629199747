/** Floating-point weights: plain types, FP8 with its scales, and flat bits for every parameter as in a rule of thumb. */
import { add, type Ratio, ratio } from './ratio.ts'
import {
  blockLinears,
  type ComputeType,
  everything,
  plainBytes,
  type SchemeContext,
  uniformScheme,
  type WeightScheme,
} from './scheme.ts'

export function plain(context: SchemeContext, type: ComputeType): WeightScheme {
  const labels = { fp32: 'FP32', tf32: 'TF32 (stored as FP32)', fp16: 'FP16', bf16: 'BF16' }
  return uniformScheme(context, {
    id: type,
    label: labels[type],
    bitsNominal: 8 * plainBytes[type],
    covers: everything,
    quantised: () => ratio(plainBytes[type]),
    requires: type === 'bf16' ? { bf16: true } : {},
  })
}

/** The same number of bits for every parameter, scales neither named nor counted. */
export function flat(context: SchemeContext, id: string, bits: Ratio): WeightScheme {
  const each = ratio(bits.bytes, bits.per)
  const nominal = (8 * bits.bytes) / bits.per
  return uniformScheme(context, {
    id,
    label: `${nominal} bits for every parameter`,
    bitsNominal: nominal,
    covers: everything,
    quantised: () => each,
  })
}

export type Fp8Scale = 'tensor' | 'channel' | 'block'

/** FP8 E4M3 linear layers: one fp32 scale per tensor (left out), per output channel, or per 128 × 128 block (DeepSeek-V3). */
export function fp8(context: SchemeContext, scale: Fp8Scale, kept?: number): WeightScheme {
  const labels = {
    tensor: 'one scale per tensor',
    channel: 'a scale per channel',
    block: 'a scale per 128 × 128 block',
  }
  return uniformScheme(
    context,
    {
      id: scale === 'tensor' ? 'fp8' : `fp8-${scale}`,
      label: `FP8, ${labels[scale]}`,
      bitsNominal: 8,
      covers: blockLinears,
      quantised: (tensor) => {
        if (scale === 'tensor') return ratio(1)
        if (scale === 'channel') return add(ratio(1), ratio(4, tensor.in))
        const blocks = Math.ceil(tensor.out / 128) * Math.ceil(tensor.in / 128)
        return add(ratio(1), ratio(4 * blocks, tensor.out * tensor.in))
      },
      requires: { fp8: true },
    },
    kept,
  )
}
