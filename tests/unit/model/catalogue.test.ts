/** The catalogue: names resolve to the right architecture or to none, and the default model is the catalogue's. */
import { describe, expect, test } from 'vitest'
import { architectureOf, CATALOGUE, findModel } from '../../../src/model/catalogue.ts'
import { DEFAULT_ARCHITECTURE, DEFAULT_MODEL, loadArchitecture } from '../../../src/model/default-model.ts'
import { UnknownModelError } from '../../../src/model/errors.ts'
import { countParameters } from '../../../src/model/parameters.ts'
import { extraElements } from '../../../src/model/stored-extras.ts'
import built from './built.json'

describe('names', () => {
  test.each([
    ['llama 3 8b', 'meta-llama/Meta-Llama-3-8B'],
    ['LLAMA-3.1-8B', 'meta-llama/Llama-3.1-8B'],
    ['unsloth/Llama-3.1-8B-Instruct', 'meta-llama/Llama-3.1-8B'],
    ['meta-llama/Llama-2-13b-hf (AWQ)', 'meta-llama/Llama-2-13b-hf'],
    ['Qwen/Qwen2.5-14B-Instruct-GPTQ-Int4', 'Qwen/Qwen2.5-14B'],
    ['Qwen/Qwen2-7B-Instruct-GPTQ-Int4', 'Qwen/Qwen2-7B-Instruct'],
    ['Qwen/Qwen2-7B-AWQ', 'Qwen/Qwen2-7B'],
    ['Qwen3-14B-Base-unsloth-bnb-4bit', 'Qwen/Qwen3-14B'],
    ['gpt2 XL', 'openai-community/gpt2-xl'],
    ['unsloth/gemma-4-12b-it', 'google/gemma-4-12B'],
    ['Llama-3_1-Nemotron-Ultra-253B-v1', 'nvidia/Llama-3_1-Nemotron-Ultra-253B-v1'],
    // Addresses, files and tags, as they are copied.
    ['https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct/tree/main', 'meta-llama/Llama-3.1-8B'],
    ['hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M', 'meta-llama/Llama-3.2-3B'],
    ['Llama-3.1-8B-Instruct-Q4_K_M.gguf', 'meta-llama/Llama-3.1-8B'],
    ['Qwen3-Coder-480B-A35B-Instruct-UD-Q2_K_XL-00001-of-00004.gguf', 'Qwen/Qwen3-Coder-480B-A35B-Instruct'],
    ['mradermacher/Qwen3-32B-i1-GGUF', 'Qwen/Qwen3-32B'],
    ['gemma 3 27b it qat', 'google/gemma-3-27b-it'],
    ['google/gemma-3-27b-it-qat-q4_0-gguf', 'google/gemma-3-27b-it'],
    ['mlx-community/Qwen3-30B-A3B-4bit-DWQ', 'Qwen/Qwen3-30B-A3B'],
    // Ollama's tags leave out the active parameters, and the publisher's own prefix is no part of a name.
    ['qwen3:30b', 'Qwen/Qwen3-30B-A3B'],
    ['qwen3:235b', 'Qwen/Qwen3-235B-A22B'],
    ['gpt-oss:20b', 'openai/gpt-oss-20b'],
    ['mistral-nemo:12b', 'mistralai/Mistral-Nemo-Instruct-2407'],
    ['deepseek-r1:70b', 'meta-llama/Llama-3.3-70B-Instruct'],
    ['deepseek-r1:671b', 'deepseek-ai/DeepSeek-R1'],
    ['Meta-Llama-3.3-70B-Instruct', 'meta-llama/Llama-3.3-70B-Instruct'],
    ['nvidia/Nemotron-Nano-9B-v2', 'nvidia/NVIDIA-Nemotron-Nano-9B-v2'],
    ['command-r-plus', 'CohereForAI/c4ai-command-r-plus'],
    // The variant in the middle of a name.
    ['swiss-ai/Apertus-8B-Instruct-2509', 'swiss-ai/Apertus-8B-2509'],
    ['upstage/SOLAR-10.7B-Instruct-v1.0', 'upstage/SOLAR-10.7B-v1.0'],
    ['microsoft/Phi-4-mini-reasoning', 'microsoft/Phi-4-mini-instruct'],
    ['mistral 7b instruct v0.3', 'mistralai/Mistral-7B-Instruct-v0.3'],
    // Made from a known model without a change to its layers.
    ['moonshotai/Kimi-Dev-72B', 'Qwen/Qwen2.5-72B'],
    ['nvidia/Llama-3.1-Nemotron-70B-Instruct-HF', 'meta-llama/Llama-3.1-70B'],
    ['NousResearch/Hermes-3-Llama-3.1-8B', 'meta-llama/Llama-3.1-8B'],
    ['deepseek-ai/DeepSeek-R1-0528-Qwen3-8B', 'Qwen/Qwen3-8B'],
    ['deepseek-ai/DeepSeek-V3.1-Terminus', 'deepseek-ai/DeepSeek-V3'],
  ])('%s is %s', (query, id) => {
    expect(findModel(query)).toBe(id)
  })

  test.each(['llama 3 9b', 'Qwen2-53B', 'gemma', '', 'Llama-3.1-8B/../x', '<b>', '__proto__'])(
    '%s is refused, not guessed',
    (query) => {
      expect(() => findModel(query)).toThrow(UnknownModelError)
    },
  )

  // What their own config.json files say, in the words of weight schemes.
  test.each([
    ['Qwen/Qwen3-235B-A22B-FP8', 'fp8'],
    ['RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic', 'fp8-channel'],
    ['Qwen/Qwen2.5-3B-Instruct-AWQ', 'awq'],
    ['Qwen/Qwen2.5-14B-Instruct-GPTQ-Int4', 'gptq'],
    ['Qwen/Qwen2.5-14B-Instruct-GPTQ-Int8', 'gptq-int8'],
    ['RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w4a16', 'w4a16'],
    ['RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w8a8', 'w8a8-int8'],
    ['nvidia/Llama-3.1-8B-Instruct-NVFP4', 'nvfp4'],
    ['unsloth/Qwen3-14B-unsloth-bnb-4bit', 'bitsandbytes'],
    ['meta-llama/Llama-3.1-8B-Instruct', null],
    ['unsloth/Llama-3.1-8B-GGUF', null],
    ['nvidia/Llama-3.3-70B-Instruct-FP4', 'nvfp4'],
    ['amd/Llama-3.1-70B-Instruct-FP8-KV', 'fp8'],
    ['hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M', 'q4_k_m'],
    ['Llama-3.1-8B-Instruct-IQ4_XS.gguf', 'iq4_xs'],
    ['google/gemma-3-27b-it-qat-q4_0-gguf', 'q4_0'],
    // unsloth's own mixes are none of llama-quantize's.
    ['unsloth/Llama-3.1-8B-Instruct-GGUF:UD-Q4_K_XL', null],
    // A model that is published in one format keeps it, unless a copy says that it is in another.
    ['openai/gpt-oss-20b', 'mxfp4'],
    ['unsloth/gpt-oss-20b-BF16', null],
    ['unsloth/DeepSeek-V3-bf16', null],
    ['nvidia/DeepSeek-R1-0528-NVFP4', 'nvfp4'],
    ['nvidia/DeepSeek-R1-FP4', 'nvfp4'],
    ['Intel/DeepSeek-R1-0528-int4-AutoRound', 'w4a16'],
    ['cognitivecomputations/DeepSeek-V3-AWQ', 'awq'],
  ])('%s holds its weights in %s', (query, format) => {
    expect(architectureOf(query).quantisation).toBe(format)
    expect(architectureOf(query)).toBe(architectureOf(query))
  })

  test('a copy of an FP8 model in another format keeps nothing in FP8', () => {
    expect(architectureOf('deepseek-ai/DeepSeek-R1').dtype).toBe('fp8')
    expect(architectureOf('nvidia/DeepSeek-R1-0528-NVFP4').dtype).toBe('bf16')
    expect(architectureOf('unsloth/DeepSeek-V3-bf16').dtype).toBe('bf16')
  })

  test('a refusal suggests what was meant', () => {
    try {
      findModel('llama 3.1 9b')
      expect.unreachable()
    } catch (error) {
      expect((error as UnknownModelError).suggestions).toContain('meta-llama/Llama-3.1-8B')
    }
  })

  test('every id finds itself', () => {
    for (const { id } of CATALOGUE) expect(findModel(id)).toBe(id)
  })
})

test('every entry of the later ones is held to what transformers builds', () => {
  const ids = CATALOGUE.slice(230).map(({ id }) => id)
  expect(ids.filter((id) => !(id in built))).toEqual([])
})

test('the default model is what its config says, and is there at once', async () => {
  expect(DEFAULT_ARCHITECTURE).toEqual(architectureOf(DEFAULT_MODEL))
  expect(await loadArchitecture(DEFAULT_MODEL)).toBe(DEFAULT_ARCHITECTURE)
  expect(await loadArchitecture('gpt2')).toMatchObject({ id: 'openai-community/gpt2', hiddenSize: 768 })
})

test('every entry holds to the count published for it (source in the entry), and says where it comes from', () => {
  for (const { id, published, source } of CATALOGUE.slice(197)) expect(published ?? source, id).toBeDefined()
  for (const { id, published } of CATALOGUE) {
    if (!published) continue
    const architecture = architectureOf(id)
    const stored = countParameters(architecture).total + extraElements(architecture, published.extras ?? [])
    expect(stored, id).toBe(published.total)
  }
})

// Tied embedding 262 144 · 3840; 40 sliding layers of 16 query and 8 key/value heads of 256, 8 full ones of 16 and 1 of 512 whose keys are values.
test('Gemma 4 12B has 11.907 B parameters beside its projections', () => {
  const mlp = 3 * 3840 * 15_360
  const sliding = 3840 * 256 * (16 + 8 + 8 + 16)
  const full = 3840 * 512 * (16 + 1 + 16)
  const matrices = 262_144 * 3840 + 40 * sliding + 8 * full + 48 * mlp
  const { total, perClass } = countParameters(architectureOf('google/gemma-4-12B'))
  expect(total - perClass.norm).toBe(matrices)
  expect(Math.round(total / 1e6)).toBe(11_907)
})

// Read in public copies of config.json, and in corrections of them: of Mistral Large in its discussions 3 and 11; Gemma 3's multimodal configs leave
// it to Transformers' default, which unsloth and OpenPipe write out; Olmo 3 as fairseq2 describes it (8k, YaRN to 64k).
test.each([
  ['google/gemma-2b', 8192],
  ['google/gemma-7b', 8192],
  ['google/gemma-2-27b', 8192],
  ['google/gemma-3-270m', 32_768],
  ['google/gemma-3-1b-it', 32_768],
  ['google/gemma-3-4b-it', 131_072],
  ['google/gemma-3-12b-it', 131_072],
  ['google/gemma-3-27b-it', 131_072],
  ['Qwen/Qwen1.5-7B', 32_768],
  ['Qwen/Qwen1.5-72B', 32_768],
  ['Qwen/Qwen2-7B', 131_072],
  ['Qwen/Qwen2-7B-Instruct', 32_768],
  ['Qwen/Qwen2-72B-Instruct', 32_768],
  ['Qwen/Qwen2.5-1.5B', 131_072],
  ['Qwen/Qwen2.5-3B', 32_768],
  ['meta-llama/Llama-3.1-405B', 131_072],
  ['mistralai/Mistral-Large-Instruct-2407', 131_072],
  ['mistralai/Mistral-Small-Instruct-2409', 32_768],
  ['tiiuae/Falcon3-1B-Base', 4096],
  ['tiiuae/Falcon3-7B-Base', 32_768],
  ['tiiuae/Falcon3-10B-Base', 32_768],
  ['tiiuae/falcon-rw-1b', 2048],
  ['allenai/OLMo-7B-hf', 2048],
  ['allenai/Olmo-3-7B', 65_536],
  ['ibm-granite/granite-3.0-2b-base', 4096],
])('%s was made for %d tokens', (id, tokens) => {
  expect(architectureOf(id).maxPositionEmbeddings).toBe(tokens)
})
