/**
 * Integer weights with scales: GPTQ, AWQ, compressed-tensors, torchao and TensorRT-LLM weight-only, LLM.int8 and W8A8.
 * Codes are packed; every group of a row has a scale and, where the format stores it, a zero point.
 */
import type { Tensor } from '../../model/architecture.ts'
import { add, type Ratio, ratio } from './ratio.ts'
import { blockLinears, type SchemeContext, uniformScheme, type WeightScheme } from './scheme.ts'

interface Grouped {
  bits: number
  /** Inputs that share a scale; null: the whole row. */
  group: number | null
  scaleBytes: number
  /** Bits of a zero point per group, 0 for symmetric formats. */
  zeroBits: number
  /** A 4-byte group index per input column (GPTQ's `g_idx`). */
  groupIndex?: boolean
}

/** Bytes per element of a grouped integer matrix. A last, shorter group costs as much as a whole one. */
export function grouped(tensor: Tensor, format: Grouped): Ratio {
  const group = Math.min(format.group ?? tensor.in, tensor.in)
  const groups = Math.ceil(tensor.in / group)
  const codes = ratio(format.bits, 8)
  const scales = ratio((format.scaleBytes + format.zeroBits / 8) * groups, tensor.in)
  return format.groupIndex ? add(codes, scales, ratio(4, tensor.out)) : add(codes, scales)
}

/** Runtimes whose kernels multiply packed weights; they drop g_idx and the constant zero points of symmetric GPTQ. */
const repacks = (runtime: string) => runtime === 'vllm' || runtime === 'sglang'

/** GPTQ (arXiv:2210.17323) as AutoGPTQ stores it: qweight, qzeros, fp16 scales, g_idx. */
export function gptq(context: SchemeContext, bits: number): WeightScheme {
  const group = context.groupSize ?? 128
  const stored = repacks(context.runtime) ? { zeroBits: 0 } : { zeroBits: bits, groupIndex: true }
  return uniformScheme(context, {
    id: `gptq-int${bits}`,
    label: `GPTQ ${bits}-bit, groups of ${group}`,
    bitsNominal: bits,
    covers: blockLinears,
    quantised: (tensor) => grouped(tensor, { bits, group, scaleBytes: 2, ...stored }),
    dequantised: repacks(context.runtime) ? 0 : 2,
  })
}

/** AWQ (arXiv:2306.00978): qweight, qzeros, fp16 scales; no group index. */
export function awq(context: SchemeContext): WeightScheme {
  const group = context.groupSize ?? 128
  return uniformScheme(context, {
    id: 'awq-int4',
    label: `AWQ 4-bit, groups of ${group}`,
    bitsNominal: 4,
    covers: blockLinears,
    quantised: (tensor) => grouped(tensor, { bits: 4, group, scaleBytes: 2, zeroBits: 4 }),
  })
}

/** LLM.int8 (arXiv:2208.07339) in bitsandbytes: int8 codes and one fp32 absmax per output row (`SCB`). */
export function llmInt8(context: SchemeContext): WeightScheme {
  return uniformScheme(context, {
    id: 'llm.int8',
    label: 'LLM.int8 (bitsandbytes)',
    bitsNominal: 8,
    covers: blockLinears,
    quantised: (tensor) => grouped(tensor, { bits: 8, group: null, scaleBytes: 4, zeroBits: 0 }),
    requires: { int8: true },
  })
}

/** compressed-tensors W8A8: int8 weights with one fp32 scale per output channel, activations quantised per token. */
export function w8a8(context: SchemeContext): WeightScheme {
  return uniformScheme(context, {
    id: 'w8a8-int8',
    label: 'INT8 W8A8, per channel',
    bitsNominal: 8,
    covers: blockLinears,
    quantised: (tensor) => grouped(tensor, { bits: 8, group: null, scaleBytes: 4, zeroBits: 0 }),
    requires: { int8: true },
  })
}
