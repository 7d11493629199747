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

/** A scheme with the weights that share a scale, where they are not as many as it usually has; one scale for a whole row is taken as the usual. */
const inGroups = (scheme: string, group: unknown, usual = 128) =>
  typeof group === 'number' && Number.isInteger(group) && group >= 16 && group <= 4096 && group !== usual
    ? `${scheme}-g${group}`
    : null

/** What a `quant_method` leaves open, and where its config says it; null: the method's usual. */
const FORMATS = new Map<string, (quantised: ConfigReader) => string | null>([
  [
    'gptq',
    (quantised) => {
      const odd = byBits(quantised, { 2: 'gptq-int2', 3: 'gptq-int3', 8: 'gptq-int8' })
      return inGroups(odd ?? 'gptq-int4', quantised.raw(['group_size', 'q_group_size'])) ?? odd
    },
  ],
  [
    'awq',
    (quantised) => {
      const odd = byBits(quantised, { 3: 'awq-int3', 8: 'awq-int8' })
      return odd ?? inGroups('awq-int4', quantised.raw(['group_size', 'q_group_size']))
    },
  ],
  ['hqq', halfQuadratic],
  // A 16-bit scale a row.
  ['eetq', () => 'weight-only-int8'],
  [
    'quanto',
    (quantised) => {
      const weights = quantised.word('weights') ?? 'int8'
      return weights === 'int8' ? 'weight-only-int8' : `quanto-${weights}`
    },
  ],
  ['torchao', torchao],
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
  const type = quantised.word('data_type') ?? 'int'
  if (/^nv_fp/.test(type)) return 'nvfp4'
  if (type !== 'int') return `auto-round-${type}`
  const scheme = byBits(quantised, { 2: 'gptq-int2', 3: 'gptq-int3', 4: 'w4a16', 8: 'gptq-int8' })
  return (scheme && inGroups(scheme, quantised.raw('group_size'))) ?? scheme
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
  // 2:4 sparse.
  if (/-24$/.test(quantised.word('format') ?? '')) return quantised.word('format')
  const { num_bits: bits, type, strategy, group_size: group } = weights
  if (type === 'float' && bits === 4) return group === 32 ? 'compressed-mxfp4' : 'nvfp4'
  if (type === 'float' && bits === 8)
    return strategy === 'block' ? 'fp8-block' : strategy === 'tensor' ? 'fp8-tensor' : 'fp8-channel'
  if (type === 'int' && bits === 4) return inGroups('w4a16', group) ?? 'w4a16'
  if (type === 'int' && bits === 8) return inputs ? 'w8a8-int8' : 'gptq-int8'
  return null
}

/** NVIDIA's Model Optimizer names its algorithm, in older files without a `quant_method`. */
function modelopt(quantised: ConfigReader): string | null {
  const algorithm = quantised.word('quant_algo')
  return algorithm && (MODELOPT.get(algorithm) ?? `modelopt-${algorithm}`)
}

const MODELOPT = new Map([
  ['FP8', 'fp8-tensor'],
  ['FP8_PER_CHANNEL_PER_TOKEN', 'fp8-channel'],
  ['FP8_PB_WO', 'fp8-block'],
  ['NVFP4', 'nvfp4'],
  ['MXFP8', 'mxfp8'],
])

/** HQQ: bits and group stand in a part of its own. */
function halfQuadratic(quantised: ConfigReader): string | null {
  const bits = quantised.child('quant_config')?.child('weight_quant_params')
  const count = bits?.optionalCount('nbits', 16) ?? null
  return count === null ? null : (inGroups(`hqq-int${count}`, bits?.raw('group_size'), 64) ?? `hqq-int${count}`)
}

/** torchao's configuration class, or in older files a word for it. */
function torchao(quantised: ConfigReader): string | null {
  const given = quantised.raw('quant_type')
  if (typeof given === 'string') return TORCHAO.get(given) ?? `torchao-${quantised.word('quant_type')}`
  const own = quantised.child('quant_type')?.child('default')
  const type = own?.word('_type') ?? null
  const scheme = type && TORCHAO.get(type)
  if (!scheme) return type && `torchao-${type}`
  return inGroups(scheme, own?.child('_data')?.raw('group_size')) ?? scheme
}

const TORCHAO = new Map([
  ['int8_weight_only', 'torchao-int8'],
  ['Int8WeightOnlyConfig', 'torchao-int8'],
  ['int8_dynamic_activation_int8_weight', 'torchao-int8-dynamic'],
  ['Int8DynamicActivationInt8WeightConfig', 'torchao-int8-dynamic'],
  ['int4_weight_only', 'torchao-int4'],
  ['Int4WeightOnlyConfig', 'torchao-int4'],
])
