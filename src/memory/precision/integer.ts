/**
 * Integer weights with scales: GPTQ, AWQ, compressed-tensors, TensorRT-LLM weight-only, LLM.int8, W8A8, torchao, HQQ, EXL2.
 * Codes are packed; every group of a row has a scale and, where the format stores it, a zero point.
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
function grouped(tensor: Tensor, format: Grouped): Ratio {
  const group = Math.min(format.group ?? tensor.in, tensor.in)
  const groups = Math.ceil(tensor.in / group)
  const codes = ratio(format.bits, 8)
  const scales = ratio((format.scaleBytes + format.zeroBits / 8) * groups, tensor.in)
  return format.groupIndex ? add(codes, scales, ratio(4, tensor.out)) : add(codes, scales)
}

/** Runtimes whose kernels multiply packed weights; they drop `g_idx` and the constant zero points of symmetric GPTQ. */
const repacks = (runtime: string) => runtime === 'vllm' || runtime === 'sglang' || runtime === 'tensorrt-llm'

/**
 * GPTQ (arXiv:2210.17323) as AutoGPTQ stores it: qweight, qzeros, fp16 scales, g_idx. Its ExLlama kernels, which know 4 bits
 * only, set aside an fp16 buffer as large as the largest weight and unpack into it.
 */
export function gptq(context: SchemeContext, bits: number): WeightScheme {
  const group = context.groupSize ?? 128
  const stored = repacks(context.runtime) ? { zeroBits: 0 } : { zeroBits: bits, groupIndex: true }
  return uniformScheme(context, {
    id: `gptq-int${bits}`,
    label: `GPTQ ${bits}-bit`,
    bitsNominal: bits,
    covers: blockLinears,
    quantised: (tensor) => grouped(tensor, { bits, group, scaleBytes: 2, ...stored }),
    dequantised: repacks(context.runtime) || bits !== 4 ? 0 : 2,
  })
}

/** AWQ (arXiv:2306.00978): qweight, qzeros, fp16 scales; no group index. */
export function awq(context: SchemeContext): WeightScheme {
  const group = context.groupSize ?? 128
  return uniformScheme(context, {
    id: 'awq-int4',
    label: 'AWQ 4-bit',
    bitsNominal: 4,
    covers: blockLinears,
    quantised: (tensor) => grouped(tensor, { bits: 4, group, scaleBytes: 2, zeroBits: 4 }),
  })
}

/** compressed-tensors W4A16: symmetric 4-bit codes, 16-bit scales. */
export function w4a16(context: SchemeContext): WeightScheme {
  const group = context.groupSize ?? 128
  return uniformScheme(context, {
    id: 'w4a16',
    label: 'INT4 W4A16',
    bitsNominal: 4,
    covers: blockLinears,
    quantised: (tensor) => grouped(tensor, { bits: 4, group, scaleBytes: 2, zeroBits: 0 }),
  })
}

/** One scale per output row and no zero point, on the blocks' linear layers. */
function perRow(context: SchemeContext, id: string, label: string, bits: number, scaleBytes: number, int8: boolean) {
  return uniformScheme(context, {
    id,
    label,
    bitsNominal: bits,
    covers: blockLinears,
    quantised: (tensor) => grouped(tensor, { bits, group: null, scaleBytes, zeroBits: 0 }),
    requires: int8 ? { int8: true } : {},
  })
}

/** LLM.int8 (arXiv:2208.07339) in bitsandbytes: int8 codes and an fp32 absmax per output row (`SCB`). */
export const llmInt8 = (context: SchemeContext) => perRow(context, 'llm.int8', 'LLM.int8', 8, 4, true)

/** compressed-tensors W8A8: an fp32 scale per output channel; activations are quantised per token. */
export const w8a8 = (context: SchemeContext) => perRow(context, 'w8a8-int8', 'INT8 W8A8', 8, 4, true)

/** SmoothQuant (arXiv:2211.10438) in TensorRT-LLM, per channel. */
export const smoothQuant = (context: SchemeContext) => perRow(context, 'smoothquant', 'SmoothQuant W8A8', 8, 4, true)

/** TensorRT-LLM `--use_weight_only`: fp16 scales per output channel. */
export const weightOnly = (context: SchemeContext, bits: 4 | 8) =>
  perRow(context, `weight-only-int${bits}`, `INT${bits} weight-only`, bits, 2, false)

/** torchao int8, weight-only or with dynamic activations: a 16-bit scale and a 64-bit zero point per output row. */
export function torchaoInt8(context: SchemeContext, dynamic: boolean): WeightScheme {
  return uniformScheme(context, {
    id: dynamic ? 'torchao-int8-dynamic' : 'torchao-int8',
    label: dynamic ? 'INT8 dynamic' : 'INT8 weight-only',
    bitsNominal: 8,
    covers: linearsAndHead,
    quantised: (tensor) => grouped(tensor, { bits: 8, group: null, scaleBytes: 2, zeroBits: 64 }),
    requires: dynamic ? { int8: true } : {},
  })
}

/** Tinygemm int4 of torchao and gpt-fast: rows padded to 1024, a 16-bit scale and a 16-bit zero per group. */
export function torchaoInt4(context: SchemeContext): WeightScheme {
  const group = context.groupSize ?? 128
  return uniformScheme(context, {
    id: 'torchao-int4',
    label: 'INT4 weight-only',
    bitsNominal: 4,
    covers: linearsAndHead,
    quantised: (tensor) => {
      const padded = Math.ceil(tensor.in / 1024) * 1024 * Math.ceil(tensor.out / 8) * 8
      const each = add(ratio(1, 2), ratio(4, group))
      return ratio(each.bytes * padded, each.per * tensor.in * tensor.out)
    },
  })
}

/** HQQ: a scale and a zero in the compute type per group of 64. */
export function hqq(context: SchemeContext, bits: number): WeightScheme {
  const group = context.groupSize ?? 64
  const scaleBytes = 2 * plainBytes[context.compute]
  return uniformScheme(context, {
    id: `hqq-int${bits}`,
    label: `HQQ ${bits}-bit`,
    bitsNominal: bits,
    covers: blockLinears,
    quantised: (tensor) => grouped(tensor, { bits, group, scaleBytes, zeroBits: 0 }),
    dequantised: plainBytes[context.compute],
  })
}

/** EXL2 and EXL3: the bits a weight are an average over the blocks' linear layers, scales included; the head has 6 bits by default. */
export function exl2(context: SchemeContext, bits: number, version = '2'): WeightScheme {
  const average = ratio(Math.round(bits * 1000), 8000)
  return uniformScheme(context, {
    id: `exl${version}-${bits}`,
    label: `EXL${version}`,
    bitsNominal: bits,
    covers: linearsAndHead,
    quantised: (tensor) => (tensor.class === 'head' ? ratio(6, 8) : average),
    dequantised: 2,
  })
}
