/** What the controls offer and how it is called. Everything the schema allows can be typed elsewhere; these are the usual choices. */
import type { Runtime } from '../scenario/runtimes.ts'
import type { Scenario } from '../scenario/schema.ts'

export { popularGpus } from '../hardware/common.ts'
export { runtimeNames } from '../scenario/runtimes.ts'

export interface Option {
  /** As in a scenario; the empty string stands for null. */
  value: string
  label: string
}

export const taskNames: Record<Scenario['task'], string> = {
  inference: 'Inference',
  full: 'Full',
  lora: 'LoRA',
  qlora: 'QLoRA',
}

const forTask: Record<Scenario['task'], readonly Runtime[]> = {
  inference: [
    'vllm',
    'sglang',
    'tensorrt-llm',
    'transformers',
    'llama.cpp',
    'exllama',
    'gpt-fast',
    'awq',
    'litgpt',
    'guide',
  ],
  full: ['transformers', 'torchtune', 'torchtitan', 'deepspeed', 'megatron', 'litgpt', 'ms-swift', 'unsloth', 'guide'],
  lora: ['transformers', 'peft', 'unsloth', 'torchtune', 'deepspeed', 'litgpt', 'ms-swift', 'guide'],
  qlora: ['transformers', 'peft', 'unsloth', 'torchtune', 'fsdp-qlora', 'litgpt', 'ms-swift', 'guide'],
}

/** The runtimes that do a task, the usual one first. */
export const runtimesFor = (task: Scenario['task']): readonly Runtime[] => forTask[task]

const named = (...entries: [value: string, label: string][]): Option[] =>
  entries.map(([value, label]) => ({ value, label }))

const published = named(['', 'Auto'])
const plain = named(['fp32', 'FP32'], ['bf16', 'BF16'], ['fp16', 'FP16'])
const gguf = ['F16', 'Q8_0', 'Q6_K', 'Q5_K_M', 'Q4_K_M', 'Q4_0', 'Q3_K_M', 'IQ3_XXS', 'Q2_K', 'IQ2_XXS']
const nf4 = named(['nf4', 'NF4'], ['nf4-dq', 'NF4 double quant'])

/** Weight precisions a runtime loads. */
export function weightOptions({ runtime, task }: Pick<Scenario, 'runtime' | 'task'>): Option[] {
  if (runtime === 'guide') return [...published, ...plain, ...named(['fp8', 'FP8'], ['int8', 'INT8'], ['int4', 'INT4'])]
  if (runtime === 'llama.cpp')
    return [...published, ...gguf.map((value) => ({ value: value.toLowerCase(), label: value }))]
  if (task === 'qlora') return [...published, ...nf4, ...named(['fp4', 'FP4'], ['int8', 'INT8'])]
  if (task !== 'inference') return [...published, ...plain]
  if (runtime === 'transformers') {
    return [
      ...published,
      ...plain,
      ...named(['int8', 'LLM.int8'], ['gptq-int4', 'GPTQ 4-bit'], ['awq-int4', 'AWQ 4-bit']),
      ...nf4,
    ]
  }
  return [
    ...published,
    ...plain,
    ...named(
      ['fp8', 'FP8'],
      ['w8a8-int8', 'INT8 W8A8'],
      ['awq-int4', 'AWQ 4-bit'],
      ['gptq-int4', 'GPTQ 4-bit'],
      ['mxfp4', 'MXFP4'],
      ['nvfp4', 'NVFP4'],
    ),
  ]
}

/** KV cache precisions a runtime keeps. */
export function cacheOptions({ runtime }: Pick<Scenario, 'runtime'>): Option[] {
  const usual = named(['', 'Auto'])
  if (runtime === 'llama.cpp') {
    return [
      ...usual,
      ...named(
        ['fp16', 'F16'],
        ['q8_0', 'Q8_0'],
        ['q5_1', 'Q5_1'],
        ['q4_0', 'Q4_0'],
        ['K=q8_0,V=q4_0', 'K Q8_0, V Q4_0'],
      ),
    ]
  }
  const servers = ['vllm', 'sglang', 'tensorrt-llm']
  if (servers.includes(runtime))
    return [...usual, ...named(['fp8', 'FP8'], ...(runtime === 'vllm' ? [] : [['int8', 'INT8'] as [string, string]]))]
  return [...usual, ...named(['int8', 'INT8'], ['int4', 'INT4'], ['fp8', 'FP8'])]
}
