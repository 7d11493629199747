/**
 * NF4 and FP4 of bitsandbytes (QLoRA, arXiv:2305.14314 §3): 4-bit codes with an fp32 absmax per 64 elements, 4.5 bits;
 * double quantisation stores the absmax in 8 bits with an fp32 scale per 256 of them, 4.127 bits.
 * `quant_storage` only names the type in which the same bytes are viewed, so that FSDP can shard them.
 */
import type { Tensor } from '../../model/architecture.ts'
import { add, type Ratio, ratio } from './ratio.ts'
import {
  blockLinears,
  linearsAndHead,
  plainBytes,
  type SchemeContext,
  uniformScheme,
  type WeightScheme,
} from './scheme.ts'

function fourBitBlocks(block: number, doubleQuantised: boolean): Ratio {
  return doubleQuantised ? add(ratio(1, 2), ratio(1, block), ratio(4, block * 256)) : add(ratio(1, 2), ratio(4, block))
}

/** Lightning's bitsandbytes plugin, which litgpt uses, converts every `nn.Linear`, the head too. */
const covered = ({ runtime }: SchemeContext) => (runtime === 'litgpt' ? linearsAndHead : blockLinears)

/** vLLM unpacks doubly quantised scales when it loads them. */
const unpacksScales = (runtime: string) => runtime === 'vllm'

export function bitsandbytes4bit(context: SchemeContext, code: 'nf4' | 'fp4', doubleQuantised: boolean): WeightScheme {
  const each = fourBitBlocks(context.groupSize ?? 64, doubleQuantised && !unpacksScales(context.runtime))
  const experts = expertsAreLinears(context)
  return uniformScheme(context, {
    id: doubleQuantised ? `${code}-dq` : code,
    label: code.toUpperCase(),
    bitsNominal: 4,
    covers: (tensor: Tensor) => covered(context)(tensor) && (experts || tensor.class !== 'expert'),
    quantised: () => each,
    dequantised: plainBytes[context.compute],
  })
}

/**
 * Families whose experts `transformers` keeps in one three-dimensional parameter, which is no `nn.Linear` and which
 * bitsandbytes therefore skips; from version 5 on it keeps all experts so.
 */
const fusedExperts = ['gpt_oss', 'llama4', 'llama4_text', 'dbrx', 'granitemoe', 'granitemoehybrid', 'jetmoe']

/** Unsloth and vLLM have their own expert layers, which they do quantise. */
function expertsAreLinears({ architecture, runtime, runtimeVersion }: SchemeContext): boolean {
  if (runtime === 'unsloth' || runtime === 'vllm') return true
  if (runtime === 'transformers' && Number.parseInt(runtimeVersion ?? '4', 10) >= 5) return false
  return !fusedExperts.includes(architecture.modelType)
}
