/**
 * In which quantisation a checkpoint is published, as its `quantization_config` says it: a `quant_method` where that says everything (`fp8`, `awq`,
 * `mxfp4`), else the name of a weight scheme of src/memory/precision (`gptq-int8`, `fp8-channel`).
 */
import type { ConfigReader } from './config-reader.ts'

/** Null when the weights are not quantised. @throws ModelImportError */
export function formatInConfig(config: ConfigReader): string | null {
  const quantised = config.child('quantization_config')
  if (!quantised) return null
  const method = quantised.word('quant_method')
  // DeepSeek-V4; transformers moves the key into the quantisation.
  if (method === 'fp8' && (config.word('expert_dtype') ?? quantised.word('expert_dtype')) === 'fp4') return 'fp8-mxfp4'
  return (method && FORMATS.get(method)?.(quantised)) ?? method ?? modelopt(quantised)
}

const byBits = (quantised: ConfigReader, names: Record<number, string>) =>
  names[Number(quantised.raw(['bits', 'w_bit']))] ?? null

/** What a `quant_method` leaves open, and where its config says it; null: the method's usual. */
const FORMATS = new Map<string, (quantised: ConfigReader) => string | null>([
  ['gptq', (quantised) => byBits(quantised, { 2: 'gptq-int2', 3: 'gptq-int3', 8: 'gptq-int8' })],
  ['auto-round', autoRound],
  // vLLM's name for the same (Intel Neural Compressor).
  ['inc', autoRound],
  ['exl2', (quantised) => `exl2-${quantised.raw(['bits'])}`],
  ['exl3', (quantised) => `exl3-${quantised.raw(['bits'])}`],
  ['bitsandbytes', bitsandbytes],
  // transformers' FbgemmFp8Config: a scale per output channel.
  ['fbgemm_fp8', () => 'fp8-channel'],
  ['compressed-tensors', compressedTensors],
  ['modelopt', modelopt],
  ['modelopt_fp4', () => 'nvfp4'],
])

/** Stored as GPTQ is, without zero points. */
function autoRound(quantised: ConfigReader): string | null {
  return byBits(quantised, { 2: 'gptq-int2', 3: 'gptq-int3', 4: 'w4a16', 8: 'gptq-int8' })
}

function bitsandbytes(quantised: ConfigReader): string | null {
  if (quantised.flag('load_in_8bit', false)) return 'llm.int8'
  const type = quantised.word('bnb_4bit_quant_type')
  return type && `${type}${quantised.flag('bnb_4bit_use_double_quant', false) ? '-dq' : ''}`
}

/** The scheme of the first group of layers (compressed_tensors/quantization/quant_args.py); null when it is none that is known. */
function compressedTensors(quantised: ConfigReader): string | null {
  const groups = Object.values((quantised.raw('config_groups') ?? {}) as object)
  const { weights, input_activations: inputs } = (groups[0] ?? {}) as Record<string, Record<string, unknown> | null>
  if (!weights) return null
  const { num_bits: bits, type, strategy, group_size: group } = weights
  if (type === 'float' && bits === 4) return 'nvfp4'
  if (type === 'float' && bits === 8)
    return strategy === 'block' ? 'fp8-block' : strategy === 'tensor' ? 'fp8-tensor' : 'fp8-channel'
  if (type === 'int' && bits === 4) return group === 32 ? 'w4a16-g32' : 'w4a16'
  if (type === 'int' && bits === 8) return inputs ? 'w8a8-int8' : 'gptq-int8'
  return null
}

/** NVIDIA's Model Optimizer names its algorithm, in older files without a `quant_method`. */
function modelopt(quantised: ConfigReader): string | null {
  const algorithm = quantised.word('quant_algo')
  return algorithm === 'FP8' ? 'fp8-tensor' : algorithm === 'NVFP4' ? 'nvfp4' : null
}
