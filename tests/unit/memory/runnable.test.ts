/**
 * What runs where, against the pages that src/scenario/support.ts names: vLLM's installation pages of 0.14 (compute capability 7.0) and 0.31 (7.5),
 * TensorRT-LLM's supported hardware, bitsandbytes' requirements (LLM.int8: 7.5), Transformers' page on Apple silicon (one device).
 */
import { describe, expect, it, test } from 'vitest'
import { gpus } from '../../../src/hardware/catalogue.ts'
import { estimate } from '../../../src/memory/estimate.ts'
import { finished, onFewest, searchSmallest, withGpu } from '../../../src/memory/fewest.ts'
import { fp16Changes, obstacleTo } from '../../../src/memory/runnable.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import { runtimes, type ScenarioInput } from '../../../src/scenario/schema.ts'
import { support } from '../../../src/scenario/support.ts'
import { withField } from '../../../src/sweep/plan.ts'

const resolved = (input: Partial<ScenarioInput>) =>
  resolve(parseScenario({ model: 'meta-llama/Meta-Llama-3-8B', ...input }), architectureOf)
const on = (runtime: ScenarioInput['runtime'], gpu: string, more: Partial<ScenarioInput> = {}) =>
  obstacleTo(resolved({ runtime, hardware: { gpu }, ...more }))

describe('a runtime and a GPU', () => {
  test.each([
    ['vllm', 'M1-16GB'],
    ['vllm', 'TPU-v5e'],
    ['vllm', 'Gaudi-3'],
    ['vllm', 'V100-SXM-32GB'],
    ['vllm', 'P100-PCIe-16GB'],
    ['vllm', 'MI50'],
    ['sglang', 'Arc-A770'],
    ['sglang', 'RX-7900-XTX'],
    ['tensorrt-llm', 'T4'],
    ['tensorrt-llm', 'MI300X'],
    ['llama.cpp', 'TPU-v6e'],
    ['exllama', 'M3-Max-128GB'],
    ['awq', 'V100-SXM-16GB'],
  ] as const)('%s does not run on %s', (runtime, gpu) => {
    expect(on(runtime, gpu)?.message).toMatch(/runs? on /)
  })

  test.each([
    ['vllm', 'T4'],
    ['vllm', 'MI300X'],
    ['vllm', 'RX-7900-XTX'],
    ['vllm', 'Strix-Halo-128GB'],
    ['vllm', 'Arc-Pro-B60'],
    ['sglang', 'T4'],
    ['tensorrt-llm', 'A100-SXM-80GB'],
    ['llama.cpp', 'M1-16GB'],
    ['llama.cpp', 'P40'],
    ['llama.cpp', 'Arc-B580'],
    ['transformers', 'M3-Max-128GB'],
    ['transformers', 'P100-SXM-16GB'],
    ['guide', 'TPU-v5e'],
  ] as const)('%s runs on %s', (runtime, gpu) => {
    expect(on(runtime, gpu)).toBeNull()
  })

  test.each([
    ['unsloth', 'P100-SXM-16GB', false],
    ['unsloth', 'V100-SXM-16GB', true],
    ['megatron', 'MI300X', false],
    ['megatron', 'H100-SXM-80GB', true],
    ['deepspeed', 'Gaudi-2', true],
    ['ms-swift', 'MI300X', false],
  ] as const)('training: %s on %s: %s', (runtime, gpu, runs) => {
    expect(on(runtime, gpu, { task: 'full' }) === null).toBe(runs)
  })

  it('depends on the version where versions differ', () => {
    expect(on('vllm', 'V100-SXM-32GB', { runtimeVersion: '0.14' })).toBeNull()
    expect(on('vllm', 'V100-SXM-32GB', { runtimeVersion: '0.20.1' })?.message).toContain('from version 0.20 on')
    expect(on('vllm', 'P100-PCIe-16GB', { runtimeVersion: '0.14' })).not.toBeNull()
  })

  it('is a sentence with a remedy, which the estimate says first', () => {
    const said = 'vLLM runs on Apple GPUs only through the plugin vllm-metal'
    expect(on('vllm', 'M1-16GB')?.message).toContain(said)
    expect(on('vllm', 'M1-16GB')?.message).toContain('choose llama.cpp or Transformers')
    const answer = estimate(resolved({ hardware: { gpu: 'M3-Max-128GB' } }))
    expect(answer.notes?.[0]).toContain(said)
    expect(answer.verdict).toBe('fits')
    expect(on('exllama', 'MI300X')?.message).toBe('ExLlama does not run on AMD CDNA3 GPUs: choose llama.cpp or vLLM.')
  })

  it('every runtime but the rule of thumb has a row', () => {
    expect(runtimes.filter((runtime) => !support[runtime])).toEqual(['guide'])
  })
})

describe('number formats', () => {
  const weights = (value: string): Partial<ScenarioInput> => ({ precision: { weights: value } })
  it('are unpacked by some runtimes and refused by others', () => {
    expect(on('vllm', 'RTX-3090', weights('fp8'))).toBeNull()
    expect(on('tensorrt-llm', 'RTX-3090', weights('fp8'))?.message).toContain('no FP8 units')
    expect(on('tensorrt-llm', 'H100-SXM-80GB', weights('fp8'))).toBeNull()
    expect(on('vllm', 'Arc-Pro-B60', weights('fp8'))?.kind).toBe('without FP8 units')
    expect(on('vllm', 'A100-SXM-80GB', { model: 'openai/gpt-oss-20b' })).toBeNull()
    expect(on('transformers', 'V100-SXM-16GB', weights('int8'))?.kind).toBe('without INT8 units')
    expect(on('transformers', 'T4', weights('int8'))).toBeNull()
  })

  it('vLLM refuses BF16 below Ampere; FP16 takes as much memory, and Gemma 3 knows no FP16', () => {
    const t4 = resolved({ hardware: { gpu: 'T4' }, precision: { weights: 'bf16', kvCache: 'bf16' }, sequence: 2048 })
    const changes = fp16Changes(t4)
    expect(changes).toHaveLength(3)
    const other = changes.reduce<unknown>((to, { path, value }) => withField(to, path.split('.'), value), t4.scenario)
    const fp16 = resolve(parseScenario(other), architectureOf)
    expect(fp16Changes(fp16)).toEqual([])
    expect(estimate(fp16).perGpu).toEqual(estimate(t4).perGpu)
    expect(fp16Changes(resolved({ hardware: { gpu: 'L4' } }))).toEqual([])
    expect(fp16Changes(resolved({ hardware: { gpu: 'T4' }, runtime: 'sglang' }))).toEqual([])
    expect(on('vllm', 'T4', { model: 'google/gemma-3-4b-it' })?.message).toContain('BF16 only')
    expect(estimate(t4).notes?.join()).toContain('without which vLLM refuses BF16')
  })
})

describe('several', () => {
  const several = (runtime: ScenarioInput['runtime'], gpu: string, count: number) =>
    on(runtime, gpu, { hardware: { gpu, count } })
  it('Macs and laptops are computers of their own', () => {
    expect(several('llama.cpp', 'M3-16GB', 2)?.message).toContain('Each Apple M3 16GB is a computer of its own')
    expect(several('vllm', 'RTX-4090-Laptop', 2)?.kind).toBe('alone in their computers')
    expect(several('llama.cpp', 'GB10', 2)?.kind).toBe('alone in their computers')
    expect(several('vllm', 'GB10', 2)).toBeNull()
    expect(several('vllm', 'GH200-96GB', 4)).toBeNull()
    expect(several('transformers', 'M3-16GB', 1)).toBeNull()
  })
  it('llama.cpp stays in one machine', () => {
    expect(several('llama.cpp', 'RTX-4090', 8)).toBeNull()
    expect(several('llama.cpp', 'RTX-4090', 16)?.message).toContain('one machine')
    expect(several('vllm', 'H100-SXM-80GB', 64)).toBeNull()
  })
})

describe('what is suggested', () => {
  it('the fewest of a GPU on which the runtime does not run are none', () => {
    expect(onFewest(resolved({ hardware: { gpu: 'M1-16GB' } }))).toBeNull()
    expect(onFewest(resolved({ runtime: 'llama.cpp', hardware: { gpu: 'M1-16GB' } }))).toBeNull()
    expect(onFewest(resolved({ runtime: 'llama.cpp', hardware: { gpu: 'M5-32GB' } }))).not.toBeNull()
  })

  it('the smallest card is one that runs', () => {
    for (const runtime of runtimes) {
      const task =
        runtime === 'guide' || support[runtime]?.oneMachine || /vllm|sglang|trt|tensor/.test(runtime)
          ? 'inference'
          : 'lora'
      const at = resolved({ runtime, task, model: 'Qwen/Qwen3-0.6B', sequence: 1024 })
      const found = finished(searchSmallest(at))
      expect(found && obstacleTo(withGpu(at, found)), runtime).toBeNull()
      expect(found, runtime).not.toBeNull()
    }
    expect(gpus.length).toBeGreaterThan(100)
  })
})
