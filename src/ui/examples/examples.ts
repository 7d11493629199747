/** Situations people really are in, to begin from: each a scenario that fits its cards, with the settings one would use there. */
import type { ScenarioInput } from '../../scenario/schema.ts'

export interface Example {
  name: string
  input: ScenarioInput
}

export const examples: readonly Example[] = [
  {
    name: 'Chat at home, on one 24 GB card',
    input: {
      model: 'Qwen/Qwen3-32B',
      runtime: 'llama.cpp',
      precision: { weights: 'q4_k_m' },
      hardware: { gpu: 'RTX-3090' },
      batch: 1,
      sequence: 12_288,
    },
  },
  {
    name: 'Serve a 70B model on a node of H100s',
    input: {
      model: 'meta-llama/Llama-3.3-70B-Instruct',
      hardware: { gpu: 'H100-SXM-80GB', count: 8 },
      batch: 64,
      sequence: 8192,
    },
  },
  {
    name: 'QLoRA of an 8B model on a free T4',
    input: {
      model: 'meta-llama/Llama-3.1-8B',
      task: 'qlora',
      runtime: 'transformers',
      precision: { compute: 'fp16' },
      training: { checkpointing: 'full', optimizer: 'adamw-8bit' },
      hardware: { gpu: 'T4' },
      batch: 1,
      sequence: 2048,
    },
  },
  {
    name: 'Full fine-tuning of a 7B model on a node of A100s',
    input: {
      model: 'Qwen/Qwen2.5-7B',
      task: 'full',
      runtime: 'transformers',
      training: { checkpointing: 'full' },
      hardware: { gpu: 'A100-SXM-80GB', count: 8 },
      parallelism: { data: 8, zero: 3 },
      batch: 8,
      sequence: 4096,
    },
  },
  {
    name: 'DeepSeek-V3, all of it, on eight H200s',
    input: {
      model: 'deepseek-ai/DeepSeek-V3',
      hardware: { gpu: 'H200', count: 8 },
      batch: 64,
      sequence: 8192,
    },
  },
  {
    name: 'A context of 128k tokens on one gaming card',
    input: {
      model: 'meta-llama/Llama-3.1-8B',
      precision: { weights: 'fp8', kvCache: 'fp8' },
      hardware: { gpu: 'RTX-4090' },
      batch: 1,
      sequence: 131_072,
    },
  },
]
