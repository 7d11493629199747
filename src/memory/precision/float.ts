/** Floating-point weights: plain types, FP8 with its scales, FP6, the micro-scaled FP4 formats, and flat bits for every parameter. */
import type { Tensor } from '../../model/architecture.ts'
import { add, ratio } from './ratio.ts'
import {
  blockLinears,
  type ComputeType,
  everything,
  linearsAndHead,
  plainBytes,
  type SchemeContext,
  uniformScheme,
  type WeightScheme,
} from './scheme.ts'

export function plain(context: SchemeContext, type: ComputeType): WeightScheme {
  return uniformScheme(context, {
    id: type,
    label: type.toUpperCase(),
    bitsNominal: 8 * plainBytes[type],
    covers: everything,
    quantised: () => ratio(plainBytes[type]),
    requires: type === 'bf16' ? { bf16: true } : {},
  })
}

/** The same number of bits for every parameter, as in a rule of thumb: scales are neither named nor counted. */
export function flat(context: SchemeContext, id: string, bits: number): WeightScheme {
  const each = ratio(Math.round(bits * 10_000), 80_000)
  return uniformScheme(context, {
    id,
    label: `${bits} bits for every parameter`,
    bitsNominal: bits,
    covers: everything,
    quantised: () => each,
  })
}

export type Fp8Scale = 'tensor' | 'channel' | 'block'

/** FP8 E4M3: one fp32 scale per tensor (left out), per output channel, or per 128 × 128 block (DeepSeek-V3, arXiv:2412.19437 §3.3). */
export function fp8(context: SchemeContext, scale: Fp8Scale, kept?: number): WeightScheme {
  const codes = ratio(1)
  const quantised = {
    tensor: () => codes,
    channel: (tensor: Tensor) => add(codes, ratio(4, tensor.in)),
    block: (tensor: Tensor) => add(codes, ratio(4 * blocksOf(tensor, 128), tensor.out * tensor.in)),
  }
  return uniformScheme(
    context,
    {
      id: scale === 'tensor' ? 'fp8' : `fp8-${scale}`,
      label: 'FP8',
      bitsNominal: 8,
      covers: blockLinears,
      quantised: quantised[scale],
      requires: { fp8: true },
    },
    kept,
  )
}

/** Square blocks that cover a matrix; those at the edges count whole. */
export const blocksOf = ({ out, in: inputs }: Tensor, side: number) => Math.ceil(out / side) * Math.ceil(inputs / side)

/** FP6 E3M2 of torchao and FP6-LLM (arXiv:2401.14112): packed 6-bit codes and an fp16 scale per output row. */
export function fp6(context: SchemeContext): WeightScheme {
  return uniformScheme(context, {
    id: 'fp6',
    label: 'FP6',
    bitsNominal: 6,
    covers: linearsAndHead,
    quantised: (tensor) => add(ratio(6, 8), ratio(2, tensor.in)),
  })
}

/**
 * OCP MXFP4: 4-bit codes and an 8-bit exponent per 32 elements, 4.25 bits. A checkpoint published so (gpt-oss) has it on
 * the experts' weights alone; other models quantised to it have it on every linear layer of the blocks.
 */
export function mxfp4(context: SchemeContext, kept?: number): WeightScheme {
  const expertsOnly = context.architecture.quantisation === 'mxfp4'
  return uniformScheme(
    context,
    {
      id: 'mxfp4',
      label: expertsOnly ? 'MXFP4 experts' : 'MXFP4',
      bitsNominal: 4,
      covers: (tensor) => blockLinears(tensor) && (!expertsOnly || tensor.class === 'expert'),
      quantised: () => ratio(17, 32),
      requires: { fp4: true },
    },
    kept,
  )
}

/** DeepSeek-V4 as it is published: experts in MXFP4, other projections in FP8 with a scale per 128 × 128 block. */
export function fp8WithMxfp4Experts(context: SchemeContext): WeightScheme {
  return uniformScheme(
    context,
    {
      id: 'fp8-mxfp4',
      label: 'MXFP4 experts, FP8 beside them',
      bitsNominal: 4,
      covers: blockLinears,
      quantised: (tensor) =>
        // Those of prediction layers too.
        /(^|\.)experts\./.test(tensor.name)
          ? ratio(17, 32)
          : add(ratio(1), ratio(4 * blocksOf(tensor, 128), tensor.out * tensor.in)),
      requires: { fp4: true, fp8: true },
    },
    plainBytes.bf16,
  )
}

/** MXFP8 (OCP): 8-bit codes and an 8-bit exponent per 32 elements. */
export function mxfp8(context: SchemeContext): WeightScheme {
  return uniformScheme(context, {
    id: 'mxfp8',
    label: 'MXFP8',
    bitsNominal: 8,
    covers: blockLinears,
    quantised: () => ratio(33, 32),
    requires: { fp8: true },
  })
}

/** NVFP4: 4-bit codes and an FP8 scale per 16 elements, 4.5 bits; one fp32 scale of the whole tensor is left out. */
export function nvfp4(context: SchemeContext): WeightScheme {
  return uniformScheme(context, {
    id: 'nvfp4',
    label: 'NVFP4',
    bitsNominal: 4,
    covers: blockLinears,
    quantised: () => ratio(9, 16),
    requires: { fp4: true },
  })
}
