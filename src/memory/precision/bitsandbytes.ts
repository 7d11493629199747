/**
 * NF4 and FP4 of bitsandbytes (QLoRA, arXiv:2305.14314 §3): 4-bit codes with an fp32 absmax per 64 elements, 4.5 bits;
 * double quantisation stores the absmax in 8 bits with an fp32 scale per 256 of them, 4.127 bits.
 * `quant_storage` only names the type the same bytes are viewed as.
 */
import type { Tensor } from '../../model/architecture.ts'
import { add, type Ratio, ratio } from './ratio.ts'
import { blockLinears, type SchemeContext, uniformScheme, type WeightScheme } from './scheme.ts'

export function fourBitBlocks(block: number, doubleQuantised: boolean): Ratio {
  return doubleQuantised ? add(ratio(1, 2), ratio(1, block), ratio(4, block * 256)) : add(ratio(1, 2), ratio(4, block))
}

export function bitsandbytes4bit(context: SchemeContext, code: 'nf4' | 'fp4', doubleQuantised: boolean): WeightScheme {
  const each = fourBitBlocks(context.groupSize ?? 64, doubleQuantised)
  const covers = expertsAreLinears(context)
    ? blockLinears
    : (tensor: Tensor) => blockLinears(tensor) && tensor.class !== 'expert'
  return uniformScheme(context, {
    id: doubleQuantised ? `bnb-${code}-dq` : `bnb-${code}`,
    label: `${code.toUpperCase()} (bitsandbytes)${doubleQuantised ? ', double quantisation' : ''}`,
    bitsNominal: 4,
    covers,
    quantised: () => each,
    dequantised: 2,
  })
}

/** Families whose experts `transformers` has always kept in one three-dimensional parameter, which bitsandbytes skips. */
const fusedExperts = ['gpt_oss', 'llama4', 'llama4_text', 'dbrx', 'granitemoe', 'granitemoehybrid', 'jetmoe']

function expertsAreLinears({ architecture, runtime }: SchemeContext): boolean {
  return runtime === 'vllm' || !fusedExperts.includes(architecture.modelType)
}
