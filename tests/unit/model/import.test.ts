/** Configs that nobody vouches for: every refusal names the field, nothing crashes, nothing is silently ignored. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CATALOGUE } from '../../../src/model/catalogue.ts'
import { ModelImportError } from '../../../src/model/errors.ts'
import { importHuggingFaceConfig } from '../../../src/model/hugging-face/import.ts'
import { countParameters } from '../../../src/model/parameters.ts'
import switches from './switches.json'

/** The published config.json of Meta-Llama-3-8B. */
const LLAMA = {
  architectures: ['LlamaForCausalLM'],
  attention_bias: false,
  bos_token_id: 128000,
  hidden_act: 'silu',
  hidden_size: 4096,
  intermediate_size: 14336,
  max_position_embeddings: 8192,
  model_type: 'llama',
  num_attention_heads: 32,
  num_hidden_layers: 32,
  num_key_value_heads: 8,
  rms_norm_eps: 1e-5,
  rope_theta: 500000.0,
  tie_word_embeddings: false,
  torch_dtype: 'bfloat16',
  vocab_size: 128256,
}

function refusal(config: unknown, id?: string): ModelImportError {
  try {
    importHuggingFaceConfig(config, id)
  } catch (error) {
    if (error instanceof ModelImportError) return error
    throw error
  }
  throw new Error('was not refused')
}

describe('refusals name the field', () => {
  test.each([
    ['hidden_size', 0],
    ['hidden_size', -4096],
    ['hidden_size', 4096.5],
    ['hidden_size', '4096'],
    ['hidden_size', 'NaN'],
    ['hidden_size', Number.NaN],
    ['hidden_size', Number.POSITIVE_INFINITY],
    ['hidden_size', 1e300],
    ['hidden_size', 2 ** 24 + 1],
    ['hidden_size', true],
    ['hidden_size', [4096]],
    ['hidden_size', null],
    ['hidden_size', undefined],
    ['num_hidden_layers', 1025],
    ['num_hidden_layers', 1e9],
    ['num_attention_heads', 40],
    ['num_key_value_heads', 7],
    ['num_key_value_heads', 64],
    ['vocab_size', {}],
    ['attention_bias', 'false'],
    ['tie_word_embeddings', 1],
    ['torch_dtype', 'float12'],
    ['torch_dtype', '<img src=x onerror=alert(1)>'],
    ['hidden_act', '<b>silu</b>'],
    ['model_type', 'gpt5'],
    ['model_type', '<script>alert(1)</script>'],
    ['model_type', 'constructor'],
    ['model_type', '__proto__'],
    ['model_type', 7],
    ['model_type', null],
    ['vision_config', { hidden_size: 1024 }],
    ['quantization_config', 'fp8'],
    ['add_cross_attention', true],
  ])('%s = %j', (key, value) => {
    const error = refusal({ ...LLAMA, [key]: value })
    expect(error.field).toContain(key)
    expect(error.message).toContain(key)
    expect(error.message.length).toBeLessThan(300)
    expect(error.message).not.toMatch(/[\n\r]/)
  })

  test.each([null, undefined, 3, 'llama', [], [LLAMA], () => LLAMA])('a config that is no object: %s', (config) => {
    expect(refusal(config).field).toBe('config')
  })

  test.each(['', '<b>', 'x'.repeat(201), 'a\nb', 'it"s'])('an id that is no plain name: %j', (id) => {
    expect(refusal(LLAMA, id).field).toBe('id')
  })

  test('an unknown family is refused by its name, never taken for Llama', () => {
    expect(refusal({ ...LLAMA, model_type: 'brandnew_moe' }).message).toContain('"brandnew_moe" is not known')
  })

  test('two names of one quantity that contradict each other', () => {
    expect(refusal({ ...LLAMA, n_embd: 2048 }).message).toMatch(/n_embd: 2048 contradicts hidden_size 4096/)
  })

  test('more parameters than can be counted exactly', () => {
    const huge = { ...LLAMA, hidden_size: 2 ** 24, intermediate_size: 2 ** 24, num_hidden_layers: 1024, head_dim: 128 }
    expect(refusal(huge).message).toContain('2^53')
  })

  test('a list of layer types of the wrong length, or with a type the family does not have', () => {
    const gemma = { ...LLAMA, model_type: 'gemma3_text', sliding_window: 512 }
    expect(refusal({ ...gemma, layer_types: ['full_attention'] }).field).toBe('layer_types')
    const types = Array.from({ length: 32 }, () => 'full_attention')
    types[3] = 'mamba'
    expect(refusal({ ...gemma, layer_types: types }).field).toBe('layer_types[3]')
  })
})

describe('hostile input', () => {
  test('a polluted prototype changes nothing', () => {
    const config = JSON.parse(`{"__proto__": {"hidden_size": 1, "polluted": true}, ${JSON.stringify(LLAMA).slice(1)}`)
    const architecture = importHuggingFaceConfig(config, 'x')
    expect(architecture.hiddenSize).toBe(4096)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(architecture.assumptions.join()).toContain('__proto__')
  })

  test('inherited keys are not the config’s own', () => {
    const inherited = Object.create(LLAMA) as unknown
    expect(refusal(inherited).field).toBe('model_type')
  })

  test('deep nesting is not descended into', () => {
    const nested = JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`) as unknown
    expect(importHuggingFaceConfig({ ...LLAMA, nested }, 'x').assumptions.join()).toContain('nested')
    expect(refusal({ ...LLAMA, model_type: nested }).field).toBe('model_type')
    expect(refusal({ ...LLAMA, hidden_size: nested }).message).toContain('an object')
  })

  test('thousands of unknown keys end in one short sentence', () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`<i>key${n}`.repeat(20), n]))
    const [assumption, ...rest] = importHuggingFaceConfig({ ...LLAMA, ...many }, 'x').assumptions
    expect(rest).toEqual([])
    expect(assumption!.length).toBeLessThan(600)
    expect(assumption).toContain('and 49992 more')
  })

  test('lists without end', () => {
    const endless = Array.from({ length: 100_000 }, () => 1)
    const config = {
      ...LLAMA,
      model_type: 'qwen3_moe',
      num_experts: 8,
      num_experts_per_tok: 2,
      moe_intermediate_size: 64,
    }
    expect(refusal({ ...config, mlp_only_layers: endless }).field).toBe('mlp_only_layers')
  })

  test('whatever one key of any catalogue config is changed to, the answer is an architecture or a named refusal', () => {
    const value = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.string(),
      fc.constantFrom(null, undefined, 0, -1, 1e300, 2 ** 53, Number.NaN, '', '<b>', '9'.repeat(400)),
      fc.array(fc.integer({ max: 100 }), { maxLength: 40 }),
      fc.dictionary(fc.string(), fc.integer()),
    )
    const entry = fc.integer({ min: 0, max: CATALOGUE.length - 1 })
    fc.assert(
      fc.property(entry, fc.nat(), value, (index, at, replacement) => {
        const { config } = CATALOGUE[index]!
        const keys = Object.keys(config)
        const changed = { ...config, [keys[at % keys.length]!]: replacement }
        try {
          const counts = countParameters(importHuggingFaceConfig(changed, 'x'))
          expect(Number.isSafeInteger(counts.total) && counts.total > 0 && counts.active > 0).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(ModelImportError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('what a config leaves open is told', () => {
  test('nothing when nothing is', () => {
    expect(importHuggingFaceConfig(LLAMA, 'x').assumptions).toEqual([])
  })

  test('a missing dtype, and keys that are not understood', () => {
    const { torch_dtype: _, ...rest } = LLAMA
    const { assumptions, dtype } = importHuggingFaceConfig({ ...rest, frobnication_level: 3 }, 'x')
    expect(dtype).toBe('bf16')
    expect(assumptions).toEqual([
      'The config does not say in which type the weights are stored; bf16 was taken.',
      'Not understood and taken to change nothing: frobnication_level.',
    ])
  })

  // gpt-oss: MXFP4 experts by its quantization_config, and no dtype; its model card has the rest in BF16.
  test('a missing dtype beside a quantisation concerns what is not quantised', () => {
    const { torch_dtype: _, ...rest } = LLAMA
    const config = { ...rest, quantization_config: { quant_method: 'mxfp4' } }
    expect(importHuggingFaceConfig(config, 'x').assumptions[0]).toBe(
      'The config does not say in which type weights that are not quantised are stored; bf16 was taken.',
    )
  })

  // The published text_config of gemma-3-4b-it: only what differs from the defaults of transformers' Gemma3TextConfig.
  test('defaults of a nested text config', () => {
    const config = {
      model_type: 'gemma3',
      text_config: {
        hidden_size: 2560,
        intermediate_size: 10240,
        model_type: 'gemma3_text',
        num_hidden_layers: 34,
        rope_scaling: { factor: 8.0, rope_type: 'linear' },
        sliding_window: 1024,
      },
      torch_dtype: 'bfloat16',
    }
    const architecture = importHuggingFaceConfig(config, 'google/gemma-3-4b-it')
    expect(architecture).toMatchObject({ vocabSize: 262_208, tiedEmbeddings: true, dtype: 'bf16' })
    expect(architecture.kinds[0]!.mixers[0]).toMatchObject({ heads: 8, kvHeads: 4, headDim: 256, window: 1024 })
    expect(architecture.assumptions).toContain(
      'text_config.num_attention_heads is not in the config; 8 was taken, the default of transformers for gemma3_text.',
    )
  })
})

describe('what is missing is not silently taken for none', () => {
  // The published config.json of llava-hf/llava-1.5-7b-hf, and the parameters that the Hub counts in its safetensors.
  test('LLaVA 1.5 says of its language model little more than its name', () => {
    const config = {
      model_type: 'llava',
      image_token_index: 32_000,
      pad_token_id: 32_001,
      projector_hidden_act: 'gelu',
      text_config: {
        _name_or_path: 'lmsys/vicuna-7b-v1.5',
        architectures: ['LlamaForCausalLM'],
        max_position_embeddings: 4096,
        model_type: 'llama',
        rms_norm_eps: 1e-5,
        torch_dtype: 'float16',
        vocab_size: 32_064,
      },
      tie_word_embeddings: false,
      torch_dtype: 'float16',
      vision_config: {
        hidden_size: 1024,
        image_size: 336,
        intermediate_size: 4096,
        model_type: 'clip_vision_model',
        num_attention_heads: 16,
        num_hidden_layers: 24,
        patch_size: 14,
        projection_dim: 768,
        vocab_size: 32_000,
      },
      vision_feature_layer: -2,
      vision_feature_select_strategy: 'default',
    }
    const architecture = importHuggingFaceConfig(config, 'llava-hf/llava-1.5-7b-hf')
    expect(countParameters(architecture).total).toBe(7_063_427_072)
    expect(architecture.assumptions).toContain(
      'text_config.hidden_size is not in the config; 4096 was taken, the default of transformers for llama.',
    )
  })

  test('a config that stands alone is refused where it lacks a size', () => {
    expect(refusal({ ...LLAMA, hidden_size: undefined }).field).toBe('hidden_size')
  })

  test('experts: null says there are none, nothing says nothing', () => {
    const v3 = CATALOGUE.find(({ id }) => id === 'deepseek-ai/DeepSeek-V3')?.config
    const { n_routed_experts: _, ...without } = v3 as Record<string, unknown>
    expect(refusal(without).field).toBe('n_routed_experts')
    expect(() => importHuggingFaceConfig({ ...v3, n_routed_experts: null }, 'x')).not.toThrow()
  })

  test('a tower that is not described is told', () => {
    const { vision_config: _, ...blind } =
      CATALOGUE.find(({ id }) => id === 'Qwen/Qwen2.5-VL-3B-Instruct')?.config ?? {}
    expect(importHuggingFaceConfig(blind, 'x').assumptions).toContain(
      'The config describes no vision tower; none is counted.',
    )
  })
})

// Dimensions: vllm/transformers_utils/configs/step3_vl.py, which are the published model's; arXiv:2507.19427 §1: 316 billion parameters in the language model.
test('Step 3: all heads share one key, and one vector of which they make their queries', () => {
  const text_config = {
    model_type: 'step3_text',
    hidden_size: 7168,
    intermediate_size: 18_432,
    num_attention_heads: 64,
    num_attention_groups: 1,
    num_hidden_layers: 61,
    vocab_size: 128_815,
    moe_intermediate_size: 5120,
    moe_num_experts: 48,
    moe_top_k: 3,
    share_expert_dim: 5120,
    share_q_dim: 2048,
    head_dim: 256,
    moe_layers_enum: Array.from({ length: 56 }, (_, n) => n + 4).join(),
  }
  const config = { model_type: 'step3_vl', torch_dtype: 'bfloat16', text_config, vision_config: { hidden_size: 1792 } }
  const architecture = importHuggingFaceConfig(config, 'x')
  expect(Math.round(countParameters(architecture).total / 1e9)).toBe(316)
  expect(architecture.kinds[0]!.mixers[0]).toMatchObject({ heads: 64, kvHeads: 1, headDim: 256 })
  expect(architecture.assumptions).toContain('The vision tower of step3_vl is not counted.')
})

// arXiv:2509.01322 abstract: 560 billion parameters in all. transformers sets weights aside for the experts that do nothing; checkpoints have none.
test('LongCat-Flash: experts that do nothing store nothing', () => {
  const config = {
    model_type: 'longcat_flash',
    torch_dtype: 'bfloat16',
    vocab_size: 131_072,
    hidden_size: 6144,
    ffn_hidden_size: 12_288,
    expert_ffn_hidden_size: 2048,
    num_layers: 28,
    num_attention_heads: 64,
    kv_lora_rank: 512,
    q_lora_rank: 1536,
    qk_rope_head_dim: 64,
    qk_nope_head_dim: 128,
    v_head_dim: 128,
    n_routed_experts: 512,
    zero_expert_num: 256,
    moe_topk: 12,
    tie_word_embeddings: false,
  }
  const architecture = importHuggingFaceConfig(config, 'x')
  expect(Math.round(countParameters(architecture).total / 1e9)).toBe(561)
  // Two of attention in each of its layers.
  expect(architecture.order).toHaveLength(56)
})

describe('a language model within a larger one', () => {
  const counts = (config: unknown) => countParameters(importHuggingFaceConfig(config, 'x'))
  const { torch_dtype: _, tie_word_embeddings: __, ...text } = LLAMA
  const alone = counts(LLAMA)

  test.each(['text_config', 'llm_config', 'language_config'])('is read from %s, whatever holds it', (key) => {
    const config = {
      model_type: 'brandnew_vl',
      torch_dtype: 'bfloat16',
      [key]: text,
      vision_config: { depth: 3 },
      frobs: 3,
    }
    const { assumptions, modelType } = importHuggingFaceConfig(config, 'x')
    expect(counts(config)).toEqual(alone)
    expect(modelType).toBe('brandnew_vl')
    expect(assumptions).toEqual([
      'brandnew_vl is not known here: its language model is counted, whatever else it holds is not.',
      'Not understood and taken to change nothing: frobs.',
    ])
  })

  test('which is of no known family either is refused by its own name', () => {
    const config = { model_type: 'brandnew_vl', text_config: { ...text, model_type: 'brandnew' } }
    expect(refusal(config).message).toContain('"brandnew_vl" is not known')
  })

  test('of a family that is known to be no part of others is not looked for', () => {
    expect(refusal({ ...LLAMA, text_config: text }).field).toBe('text_config')
  })

  // Three models in one config; servers load the first.
  test('thinks, and another speaks', () => {
    const thinker = switches.find(({ config }) => config.model_type === 'qwen3_omni_moe_thinker')!
    const config = {
      model_type: 'qwen3_omni_moe',
      torch_dtype: 'bfloat16',
      thinker_config: thinker.config,
      talker_config: { hidden_size: 5 },
      code2wav_config: {},
    }
    expect(counts(config).total).toBe(thinker.total)
    expect(importHuggingFaceConfig(config, 'x').assumptions).toContain(
      'The thinker alone is counted: what turns its answers into speech is not.',
    )
  })
})

/** llm-compressor's `quantization_config` (compressed_tensors/quantization/quant_config.py). */
const compressed = (weights: object, inputs: object | null) => ({
  quantization_config: {
    quant_method: 'compressed-tensors',
    config_groups: { group_0: { targets: ['Linear'], weights, input_activations: inputs } },
    ignore: ['lm_head'],
  },
})

describe('storage', () => {
  test.each([
    [{ torch_dtype: 'float16' }, 'fp16', null],
    [{ torch_dtype: undefined, dtype: 'bfloat16' }, 'bf16', null],
    [{ torch_dtype: 'torch.float32' }, 'fp32', null],
    [{ quantization_config: { quant_method: 'fp8', weight_block_size: [128, 128] } }, 'fp8', 'fp8'],
    [{ quantization_config: { quant_method: 'awq', bits: 4, group_size: 128 } }, 'bf16', 'awq'],
    [{ quantization_config: { quant_method: 'mxfp4' } }, 'bf16', 'mxfp4'],
    // As checkpoints on the Hub have them: bits, and what only some methods say.
    [{ quantization_config: { quant_method: 'gptq', bits: 8, group_size: 128, desc_act: false } }, 'bf16', 'gptq-int8'],
    [{ quantization_config: { quant_method: 'gptq', bits: 4 } }, 'bf16', 'gptq'],
    [{ quantization_config: { quant_method: 'auto-round', bits: 4, sym: true } }, 'bf16', 'w4a16'],
    [{ quantization_config: { quant_method: 'bitsandbytes', load_in_8bit: true } }, 'bf16', 'llm.int8'],
    [
      {
        quantization_config: {
          quant_method: 'bitsandbytes',
          load_in_4bit: true,
          bnb_4bit_quant_type: 'nf4',
          bnb_4bit_use_double_quant: true,
        },
      },
      'bf16',
      'nf4-dq',
    ],
    [{ quantization_config: { quant_method: 'fbgemm_fp8', activation_scale_ub: 1200 } }, 'bf16', 'fp8-channel'],
    [compressed({ num_bits: 8, type: 'float', strategy: 'channel' }, { dynamic: true }), 'bf16', 'fp8-channel'],
    [compressed({ num_bits: 8, type: 'int', strategy: 'channel' }, { dynamic: true }), 'bf16', 'w8a8-int8'],
    [compressed({ num_bits: 8, type: 'int', strategy: 'channel' }, null), 'bf16', 'gptq-int8'],
    [compressed({ num_bits: 4, type: 'int', strategy: 'group', group_size: 128 }, null), 'bf16', 'w4a16'],
    [compressed({ num_bits: 4, type: 'int', strategy: 'group', group_size: 32 }, null), 'bf16', 'w4a16-g32'],
    [compressed({ num_bits: 4, type: 'float', strategy: 'tensor_group', group_size: 16 }, {}), 'bf16', 'nvfp4'],
    [{ quantization_config: { quant_method: 'modelopt', quant_algo: 'NVFP4' } }, 'bf16', 'nvfp4'],
    [{ quantization_config: { quant_algo: 'FP8', producer: { name: 'modelopt' } } }, 'bf16', 'fp8-tensor'],
    [{ quantization_config: { quant_method: 'gptq', bits: 4, group_size: 32 } }, 'bf16', 'gptq-int4-g32'],
    [{ quantization_config: { quant_method: 'gptq', bits: 4, group_size: -1 } }, 'bf16', 'gptq'],
    [{ quantization_config: { quant_method: 'awq', bits: 4, group_size: 64 } }, 'bf16', 'awq-int4-g64'],
    [{ quantization_config: { quant_method: 'awq', bits: 8 } }, 'bf16', 'awq-int8'],
    [compressed({ num_bits: 4, type: 'int', strategy: 'group', group_size: 64 }, null), 'bf16', 'w4a16-g64'],
    // OCP's MXFP4 on every matrix, which has groups of 32, and 2:4 sparsity: known by no scheme here.
    [compressed({ num_bits: 4, type: 'float', strategy: 'group', group_size: 32 }, {}), 'bf16', 'compressed-mxfp4'],
    [
      {
        quantization_config: {
          ...compressed({ num_bits: 4, type: 'int' }, null).quantization_config,
          format: 'marlin-24',
        },
      },
      'bf16',
      'marlin-24',
    ],
    // transformers/utils/quantization_config.py: how each method says what it made.
    [
      {
        quantization_config: {
          quant_method: 'hqq',
          quant_config: { weight_quant_params: { nbits: 8, group_size: 64 } },
        },
      },
      'bf16',
      'hqq-int8',
    ],
    [
      {
        quantization_config: {
          quant_method: 'hqq',
          quant_config: { weight_quant_params: { nbits: 4, group_size: 128 } },
        },
      },
      'bf16',
      'hqq-int4-g128',
    ],
    [{ quantization_config: { quant_method: 'hqq', quant_config: {} } }, 'bf16', 'hqq'],
    [{ quantization_config: { quant_method: 'eetq', weights: 'int8' } }, 'bf16', 'weight-only-int8'],
    [{ quantization_config: { quant_method: 'quanto', weights: 'int8' } }, 'bf16', 'weight-only-int8'],
    [{ quantization_config: { quant_method: 'quanto', weights: 'int2' } }, 'bf16', 'quanto-int2'],
    [{ quantization_config: { quant_method: 'torchao', quant_type: 'int8_weight_only' } }, 'bf16', 'torchao-int8'],
    [
      {
        quantization_config: {
          quant_method: 'torchao',
          quant_type: { default: { _type: 'Int8DynamicActivationInt8WeightConfig', _data: {} } },
        },
      },
      'bf16',
      'torchao-int8-dynamic',
    ],
    [
      {
        quantization_config: {
          quant_method: 'torchao',
          quant_type: { default: { _type: 'Int4WeightOnlyConfig', _data: { group_size: 32 } } },
        },
      },
      'bf16',
      'torchao-int4-g32',
    ],
    [
      { quantization_config: { quant_method: 'torchao', quant_type: { default: { _type: 'UIntXWeightOnlyConfig' } } } },
      'bf16',
      'torchao-UIntXWeightOnlyConfig',
    ],
    [{ quantization_config: { quant_method: 'auto-round', bits: 4, data_type: 'nv_fp4' } }, 'bf16', 'nvfp4'],
    [{ quantization_config: { quant_method: 'auto-round', bits: 4, data_type: 'mx_fp' } }, 'bf16', 'auto-round-mx_fp'],
    [{ quantization_config: { quant_method: 'modelopt', quant_algo: 'W4A16_AWQ' } }, 'bf16', 'modelopt-W4A16_AWQ'],
    [{ quantization_config: { quant_method: 'modelopt', quant_algo: 'FP8_PB_WO' } }, 'bf16', 'fp8-block'],
    // Hostile or unknown: a word that no precision has, refused when the weights are asked for.
    [{ quantization_config: { quant_method: 'constructor' } }, 'bf16', 'constructor'],
    [{ quantization_config: { quant_method: 'compressed-tensors', config_groups: [7] } }, 'bf16', 'compressed-tensors'],
  ])('%j', (keys, dtype, quantisation) => {
    expect(importHuggingFaceConfig({ ...LLAMA, ...keys }, 'x')).toMatchObject({ dtype, quantisation })
  })

  // Refused by their own names when the weights are asked for, or schemes of the same name.
  test.each(['aqlm', 'vptq', 'higgs', 'bitnet', 'spqr', 'quark', 'fp_quant', 'sinq', 'metal', 'mxfp8'])(
    '%s',
    (quant_method) => {
      const { quantisation } = importHuggingFaceConfig({ ...LLAMA, quantization_config: { quant_method } }, 'x')
      expect(quantisation).toBe(quant_method)
    },
  )
})

test('Granite without experts has its shared MLP and nothing else: a width of 0 is refused, beside experts it is none', () => {
  const micro = CATALOGUE.find(({ id }) => id === 'ibm-granite/granite-4.0-micro')?.config
  expect(refusal({ ...micro, num_local_experts: 0, shared_intermediate_size: 0 }).field).toBe(
    'shared_intermediate_size',
  )
  const small = CATALOGUE.find(({ id }) => id === 'ibm-granite/granite-4.0-h-small')?.config
  expect(() => importHuggingFaceConfig({ ...small, shared_intermediate_size: 0 }, 'x')).not.toThrow()
})
