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

it('names models as publishers do, and leaves a reader’s own word alone', () => {
  expect(modelName('google/gemma-3-27b-it')).toBe('Gemma 3 27B IT')
  expect(modelName({ _name_or_path: 'google/gemma-3-27b-it' })).toBe('Gemma 3 27B IT')
  expect(modelName({ _name_or_path: 'my_model' })).toBe('my model')
  expect(modelName({})).toBe('Custom model')
})
