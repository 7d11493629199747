/** What the pickers list before anything is typed: what most people look for first, the newest of it first. */
import { expect, test } from 'vitest'
import { gpus } from '../../../src/hardware/catalogue.ts'
import { gpuEntries, modelEntries, modelNamed } from '../../../src/ui/controls/entries.ts'
import { loadCatalogue } from '../../../src/ui/state/models.ts'

const labels = async () => {
  await loadCatalogue()
  return modelEntries().map(({ label }) => label)
}

test('families people use come first, each from its newest version', async () => {
  const all = await labels()
  const first = [
    'Llama 4 Maverick',
    'Llama 3.3 70B',
    'Llama 3.1 8B',
    'Llama 2 7B',
    'Qwen3.5 397B',
    'Qwen3 8B',
    'Qwen2.5 72B',
    'Qwen 72B',
    'gpt-oss 120B',
    'gpt-oss 20B',
    'DeepSeek V3.2',
    'DeepSeek R1',
    'Gemma 4 31B',
    'Gemma 3 27B',
    'Gemma 3 1B',
    'Gemma 3 270M',
    'Gemma 7B',
    'Mistral Small 3.1',
    'Mixtral 8x22B',
    'Phi-4',
    'Phi-2',
    'GLM-4.7',
    'Kimi K2',
    'Nemotron 3 Super',
  ]
  const places = first.map((name) => all.findIndex((label) => label.startsWith(name)))
  expect(places).not.toContain(-1)
  expect(places).toEqual([...places].sort((a, b) => a - b))
})

test('what remains stands by name, with numbers compared as numbers, encoders last', async () => {
  const all = await labels()
  expect(all.slice(-2).sort()).toEqual(['BERT Base Uncased', 'BERT Large Uncased'])
  expect(all.indexOf('Falcon 7B')).toBeLessThan(all.indexOf('Falcon 40B'))
  expect(all.indexOf('Falcon 40B')).toBeLessThan(all.indexOf('Falcon 180B'))
  expect(all.indexOf('OPT 350M')).toBeLessThan(all.indexOf('OPT 1.3B'))
  // Sizes below a billion apart.
  const rest = all.slice(all.indexOf('AI21 Jamba Large 1.5'), -2).filter((label) => !/\d+M\b/.test(label))
  expect(rest).toEqual([...rest].sort(new Intl.Collator('en', { numeric: true }).compare))
  expect(rest).toContain('Yi 34B')
})

test('GPUs stand as the catalogue lists them', () => {
  expect(gpuEntries().map(({ value }) => value)).toEqual(gpus.map(({ id }) => id))
})

test.each([
  ['RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic', 'RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic'],
  ['https://huggingface.co/unsloth/Qwen3-14B-unsloth-bnb-4bit/tree/main', 'unsloth/Qwen3-14B-unsloth-bnb-4bit'],
])('the copy %s is offered although the list does not hold it', async (typed, value) => {
  await loadCatalogue()
  expect(modelNamed(typed)).toMatchObject([{ value, detail: expect.stringContaining('B') }])
})

test('a name of no model offers nothing', async () => {
  await loadCatalogue()
  expect(modelNamed('foo/bar')).toEqual([])
})
