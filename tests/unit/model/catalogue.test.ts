/** The catalogue: names resolve to the right architecture or to none, and the default model is the catalogue's. */
import { describe, expect, test } from 'vitest'
import { architectureOf, CATALOGUE, findModel } from '../../../src/model/catalogue.ts'
import { DEFAULT_ARCHITECTURE, DEFAULT_MODEL, loadArchitecture } from '../../../src/model/default-model.ts'
import { UnknownModelError } from '../../../src/model/errors.ts'
import { countParameters } from '../../../src/model/parameters.ts'
import { extraElements } from '../../../src/model/stored-extras.ts'

describe('names', () => {
  test.each([
    ['llama 3 8b', 'meta-llama/Meta-Llama-3-8B'],
    ['LLAMA-3.1-8B', 'meta-llama/Llama-3.1-8B'],
    ['unsloth/Llama-3.1-8B-Instruct', 'meta-llama/Llama-3.1-8B'],
    ['meta-llama/Llama-2-13b-hf (AWQ)', 'meta-llama/Llama-2-13b-hf'],
    ['Qwen/Qwen2.5-14B-Instruct-GPTQ-Int4', 'Qwen/Qwen2.5-14B'],
    ['Qwen3-14B-Base-unsloth-bnb-4bit', 'Qwen/Qwen3-14B'],
    ['gpt2 XL', 'openai-community/gpt2-xl'],
    ['unsloth/gemma-4-12b-it', 'google/gemma-4-12B'],
    ['Llama-3_1-Nemotron-Ultra-253B-v1', 'nvidia/Llama-3_1-Nemotron-Ultra-253B-v1'],
  ])('%s is %s', (query, id) => {
    expect(findModel(query)).toBe(id)
  })

  test.each(['llama 3 9b', 'Qwen2-53B', 'gemma', '', 'Llama-3.1-8B/../x', '<b>', '__proto__'])(
    '%s is refused, not guessed',
    (query) => {
      expect(() => findModel(query)).toThrow(UnknownModelError)
    },
  )

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
