/** One-line descriptions, with the figures of the published configs. */
import { expect, test } from 'vitest'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { describe } from '../../../src/model/describe.ts'

test.each([
  ['llama 3 8b', '32 layers · GQA 32/8 heads × 128 · gated MLP 14336 · vocabulary 128256'],
  ['gpt2', '12 layers · MHA 12 heads × 64 · MLP 3072 · vocabulary 50257'],
  [
    'gemma 2 9b',
    '42 layers · 21 × GQA 16/8 heads × 256 in a window of 4096, 21 × GQA 16/8 heads × 256 · gated MLP 14336 · vocabulary 256000',
  ],
  [
    'deepseek v3',
    '61 layers · MLA 128 heads, latent 512 + 64 · 58 × 8 of 256 experts × 2048 + shared 2048, 3 × gated MLP 18432 · vocabulary 129280',
  ],
  ['mamba 2.8b', '64 layers · Mamba · vocabulary 50280'],
  ['Falcon-H1-0.5B', '36 layers · Mamba-2 beside GQA 8/2 heads × 64 · gated MLP 2048 · vocabulary 32784'],
])('%s', (name, line) => {
  expect(describe(architectureOf(name))).toBe(line)
})
