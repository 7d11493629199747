/** What pickers find first, by what people type: a number stands for so many billions before it begins another number. */
import { expect, test } from 'vitest'
import { search } from '../../../src/ui/widgets/search.ts'

const entries = ['Qwen2.5 72B', 'Qwen2.5 7B', 'Qwen3 1.7B', 'Llama 3.3 70B Instruct'].map((label) => ({
  value: label,
  label,
}))
const found = (query: string) => search(entries, query).map(({ label }) => label)

test('7 is 7B, then what begins with 7', () => {
  expect(found('qwen 7').slice(0, 2)).toEqual(['Qwen2.5 7B', 'Qwen2.5 72B'])
  expect(found('qwen 72')[0]).toBe('Qwen2.5 72B')
  expect(found('llama 70')).toEqual(['Llama 3.3 70B Instruct'])
})
