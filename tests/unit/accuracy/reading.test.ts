/** Reading measurements: words of logs and tables, as their programs print them, in the scenario's terms. */
import { describe, expect, it } from 'vitest'
import { type Measurement, publishedFiles, readMeasurements } from '../../../scripts/accuracy/measurement.ts'
import { cacheOf, gpuOf, Inexpressible, runtimeOf, weightsOf } from '../../../scripts/accuracy/names.ts'
import { versionOf } from '../../../scripts/accuracy/releases.ts'
import { scenarioOf } from '../../../scripts/accuracy/scenario-of.ts'
import { quantile } from '../../../scripts/accuracy/score.ts'
import { readSettings } from '../../../scripts/accuracy/settings.ts'

describe('settings', () => {
  it('reads a vLLM profile', () => {
    const read = readSettings(
      'max_model_len 20000, gpu_memory_utilization 0.90, total 23.58GiB, non_torch 0.35GiB, initial 15.34GiB',
    )
    expect(read).toMatchObject({ utilization: 0.9, maxModelLength: 20_000, overheadGiB: 0.35, totalGiB: 23.58 })
  })

  it('reads llama.cpp’s parameters', () => {
    const read = readSettings('n_ctx=32768 n_batch=2048 n_ubatch=512 flash_attn=1 mla_mode=3')
    expect(read).toMatchObject({ context: 32_768, ubatch: 512, flash: true, mlaMode: 3 })
  })

  it('adds up what TensorRT-LLM logs beside the engine', () => {
    expect(readSettings('plus 2.66 GB runtime buffers and 5.76 GB decoder').overheadGiB).toBeCloseTo(8.42)
  })

  it('tells eager mode from CUDA graphs, and says nothing otherwise', () => {
    expect(readSettings('util 0.9; enforce_eager').cudaGraphs).toBe(false)
    expect(readSettings('util 0.9; with CUDA graphs').cudaGraphs).toBe(true)
    expect(readSettings('util 0.9').cudaGraphs).toBeNull()
  })

  it('knows which tools count the driver’s reserve as used', () => {
    expect(readSettings('nvidia-smi used (memory_tracker.py)').countsReserve).toBe(true)
    expect(readSettings('torch.cuda.max_memory_allocated').countsReserve).toBe(false)
  })
})

describe('names', () => {
  it.each([
    ['ik_llama.cpp (llama.cpp fork)', 'llama.cpp'],
    ['transformers/auto-gptq', 'transformers'],
    ['answerdotai/fsdp_qlora', 'fsdp-qlora'],
    ['torchao/gpt-fast', 'gpt-fast'],
    ['vLLM', 'vllm'],
    ['lit-gpt', 'litgpt'],
    ['ollama', 'llama.cpp'],
    ['LLaMA-Factory', 'transformers'],
    ['TRL SFTTrainer', 'transformers'],
  ])('%s is %s', (framework, runtime) => expect(runtimeOf(framework)).toBe(runtime))

  it('refuses a framework it does not know', () => expect(() => runtimeOf('Paddle')).toThrow(Inexpressible))

  it.each([
    ['gguf Q4_K - Medium', 'Q4_K_M'],
    ['gguf IQ4_K_R4 - 4.5 bpw', 'IQ4_K'],
    ['bnb-nf4-dq', 'nf4-dq'],
    ['awq-int4 (GEMM)', 'awq-int4'],
    ['fp8 block128', 'fp8-block'],
    ['int8 w8a8', 'w8a8-int8'],
    ['bfloat16', 'bf16'],
    ['bnb 4-bit', 'nf4'],
    ['int4 (bnb)', 'nf4'],
    ['bitsandbytes int8', 'llm.int8'],
    ['GPTQ 4-bit 128g act-order', 'gptq-int4'],
    ['hqq 4bit', 'hqq-int4'],
    ['8-bit', 'int8'],
    ['half', 'half'],
  ])('%s is %s', (said, scheme) => expect(weightsOf(said)).toBe(scheme))

  it('reads cache types of llama.cpp', () => {
    expect(cacheOf('K=q8_0+V=q4_0')).toBe('K=q8_0,V=q4_0')
    expect(cacheOf('c^KV=f16')).toBe('f16')
    expect(cacheOf('auto')).toBeNull()
  })

  it('takes a card’s memory where no card is named, and refuses mixtures', () => {
    expect(gpuOf('24GB class', null)).toMatchObject({ memoryMiB: 24 * 1024 })
    expect(gpuOf('Tesla T4', null)).toBe('T4')
    expect(() => gpuOf('RTX 4090 + RTX 3070 Ti 8GB', null)).toThrow(Inexpressible)
  })
})

describe('switches of training', () => {
  const row: Measurement = {
    ...readMeasurements(publishedFiles().find((file) => file.endsWith('lora.json')) ?? '').find(
      (one) => one.set === 'swift',
    )!,
  }
  const read = (fields: Partial<Measurement>) => scenarioOf({ ...row, ...fields })

  it.each([
    ['fa2', 'flash'],
    ['sdpa', 'sdpa'],
    ['off', 'sdpa'],
    ['eager', 'eager'],
  ])('flash attention "%s" under ms-swift is %s', (said, attention) =>
    expect(read({ flash_attention: said }).training?.attention).toBe(attention),
  )

  it('takes sequence parallelism for what it is: a switch of tensor parallelism, or GPUs that share a sequence', () => {
    const degrees = { tp: 1, pp: 1, dp: 1, cp: null, ep: null, sp: 4, zero_fsdp: null }
    expect(read({ gpus: 4, parallelism: degrees }).parallelism).toMatchObject({ context: 4, sequenceParallel: null })
    expect(read({ gpus: 4, parallelism: { ...degrees, tp: 4, sp: false } }).parallelism).toMatchObject({
      tensor: 4,
      context: null,
      sequenceParallel: false,
    })
  })

  it('is eager without flash attention before transformers 4.36', () => {
    const old = { framework: 'transformers', framework_version: 'transformers 4.31', flash_attention: 'off' }
    expect(read(old).training?.attention).toBe('eager')
  })

  it.each([
    ['off', 'none'],
    ['on', 'full'],
    ['full (HF)', 'full'],
  ])('checkpointing "%s" is %s', (said, checkpointing) =>
    expect(read({ checkpointing: said }).training?.checkpointing).toBe(checkpointing),
  )

  it('knows a Trainer from a loop of one’s own, and what a row says against it', () => {
    const own = { framework: 'transformers', framework_version: 'transformers 4.45.2' }
    const trained = { ...own, framework: 'trl' }
    expect(read(own)).toMatchObject({ training: { autocast: false }, lora: { prepared: false } })
    expect(read(trained).training?.autocast).toBeUndefined()
    expect(read(trained).lora?.prepared).toBeUndefined()
    expect(read({ ...trained, other_settings: 'packed; no autocast' }).training?.autocast).toBe(false)
    expect(read({ ...trained, other_settings: 'base not prepared for k-bit training' }).lora?.prepared).toBe(false)
  })

  it.each([
    ['trl 0.13.0, transformers 4.48.1', null],
    ['trl 1.6.0', null],
    ['trl==1.7.1', 'fused'],
    ['transformers 5.3, trl 1.16', 'fused'],
  ])('%s computes its loss so: %s (trl pull request 5846)', (framework_version, loss) =>
    expect(read({ framework: 'trl', framework_version }).training?.loss).toBe(loss),
  )

  it('takes what a recent TRL does where nothing is said: checkpoints, fp32 weights, bf16', () => {
    const own = { kind: 'lora', framework: 'trl', checkpointing: null, weights_precision: null } as const
    expect(read({ ...own, framework_version: '1.16.0' })).toMatchObject({
      precision: { weights: 'fp32', compute: 'bf16' },
      training: { checkpointing: 'full', loss: 'fused' },
    })
    expect(read({ ...own, framework_version: 'trl 0.19.1' })).toMatchObject({
      precision: { weights: null },
      training: { checkpointing: null, loss: null },
    })
  })

  it.each([
    ['ALL', ['all-linear']],
    ['DEFAULT(qkv: c_attn for qwen)', ['q_proj', 'k_proj', 'v_proj']],
    ['qkvo', ['q_proj', 'k_proj', 'v_proj', 'o_proj']],
    ['q_proj, v_proj', ['q_proj', 'v_proj']],
  ])('targets "%s"', (targets, expected) =>
    expect(read({ lora: { rank: 8, targets } }).lora?.targets).toEqual(expected),
  )
})

describe('versions', () => {
  it('takes a number below 3 for that of what is built around transformers, and dates TRL', () => {
    expect(versionOf('transformers', '1.16.0', '')).toBeNull()
    expect(versionOf('transformers', 'trl 0.11.4', '')).toBe('4.44')
    expect(versionOf('transformers', 'trl 0.11.4, transformers 4.45.2', '')).toBe('4.45.2')
  })

  it('dates PEFT as well', () => expect(versionOf('peft', '2024-08', '')).toBe('0.12'))

  it('prefers what is stated, then the date, then PyTorch’s release, then the words of a log', () => {
    expect(versionOf('transformers', 'transformers 4.38.2, torch 2.1.2', '')).toBe('4.38.2')
    expect(versionOf('vllm', '<=0.2.x (2023-12)', '')).toBe('0.2')
    expect(versionOf('transformers', '2023-08', '')).toBe('4.31')
    expect(versionOf('transformers', 'torch 2.0.1, CUDA 11.4', '')).toBe('4.29')
    expect(versionOf('vllm', null, 'initial 15.34GiB')).toBe('0.6.4')
    expect(versionOf('transformers', null, '')).toBeNull()
  })

  it('reads a server’s log without a version as from the middle of the years such logs are from', () => {
    // Its sampler still sorts (before 0.17), its engine is V1 (0.8).
    expect(versionOf('vllm', null, '')).toBe('0.12')
  })
})

it('interpolates quantiles between order statistics', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5)
  expect(quantile([3, 1, 2], 0.9)).toBeCloseTo(2.8)
  expect(quantile([], 0.5)).toBeNull()
})
