/** The sentence above the map: articles as they are spoken, and what a batch is when there are replicas (docs/memory-model.md: batch per replica). */
import { expect, it } from 'vitest'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { modelName, questionInWords } from '../../../src/ui/words.ts'

const asked = (input: Omit<ScenarioInput, 'model'>) =>
  questionInWords(resolve(parseScenario({ model: 'meta-llama/Meta-Llama-3-8B', ...input }), architectureOf))

it.each([
  ['fp8', 'an FP8'],
  ['int8', 'an INT8'],
  ['bf16', 'a BF16'],
])('%s is %s KV cache', (kvCache, said) => {
  expect(asked({ runtime: 'sglang', precision: { kvCache } })).toContain(`with ${said} KV cache`)
})

it('says that every replica has the batch', () => {
  expect(asked({ batch: 8 })).toContain('serves 8 sequences of 8k tokens with')
  expect(asked({ batch: 8, hardware: { count: 4 }, parallelism: { data: 4 } })).toContain(
    'serves 8 sequences of 8k tokens on each replica',
  )
})

// accelerate makes FSDP's shards fp32 under mixed precision (its pull request 2674): 4 + 4 + 8 bytes a parameter; DDP keeps 2 + 2 + 4. DeepSpeed and
// Megatron have fp32 master weights and moments.
it('says where states are fp32', () => {
  const eight = { task: 'full', hardware: { gpu: 'H100-SXM-80GB', count: 8 } } as const
  const states = 'in BF16 with FP32 states'
  expect(asked(eight)).not.toContain('FP32')
  expect(asked({ ...eight, parallelism: { zero: 3 } })).toContain(states)
  expect(asked({ ...eight, parallelism: { zero: 3 }, training: { autocast: false } })).not.toContain('FP32')
  expect(asked({ ...eight, runtime: 'deepspeed' })).toContain(states)
  expect(asked({ ...eight, precision: { weights: 'fp32' } })).not.toContain('states')
  expect(asked({ ...eight, task: 'lora', parallelism: { zero: 3 } })).not.toContain('FP32')
})

it('names models as publishers do, and leaves a reader’s own word alone', () => {
  expect(modelName('google/gemma-3-27b-it')).toBe('Gemma 3 27B IT')
  expect(modelName({ _name_or_path: 'google/gemma-3-27b-it' })).toBe('Gemma 3 27B IT')
  expect(modelName({ _name_or_path: 'my_model' })).toBe('my model')
  expect(modelName({})).toBe('Custom model')
})
