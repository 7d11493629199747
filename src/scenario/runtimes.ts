/** What runtimes are called. */
import type { runtimes } from './schema.ts'

export type Runtime = (typeof runtimes)[number]

export const runtimeNames: Record<Runtime, string> = {
  guide: 'Rule of thumb',
  transformers: 'Transformers',
  vllm: 'vLLM',
  sglang: 'SGLang',
  'tensorrt-llm': 'TensorRT-LLM',
  'llama.cpp': 'llama.cpp',
  exllama: 'ExLlama',
  'gpt-fast': 'gpt-fast',
  awq: 'AutoAWQ',
  peft: 'PEFT',
  unsloth: 'Unsloth',
  torchtune: 'torchtune',
  torchtitan: 'TorchTitan',
  litgpt: 'LitGPT',
  'ms-swift': 'ms-swift',
  'fsdp-qlora': 'FSDP-QLoRA',
  deepspeed: 'DeepSpeed',
  megatron: 'Megatron-LM',
}
