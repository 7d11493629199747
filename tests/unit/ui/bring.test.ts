/**
 * What readers bring, well meant and hostile. Parameter counts: 1 100 048 384 of TinyLlama/TinyLlama-1.1B (its model page), from its config.json;
 * total_size of the index of meta-llama/Meta-Llama-3-8B is 16 060 522 496.
 */
import { describe, expect, test } from 'vitest'
import { ModelImportError } from '../../../src/model/errors.ts'
import { countParameters } from '../../../src/model/parameters.ts'
import { parsePythonJson } from '../../../src/model/python-json.ts'
import { modelId } from '../../../src/ui/bring/fetch-config.ts'
import { readMemory } from '../../../src/ui/bring/own-memory.ts'
import { BringError, understandFile, understandText } from '../../../src/ui/bring/understand.ts'
import golden from '../model/gguf-golden.json'

const tinyLlama = {
  architectures: ['LlamaForCausalLM'],
  bos_token_id: 1,
  hidden_size: 2048,
  hidden_act: 'silu',
  initializer_range: 0.02,
  intermediate_size: 5632,
  max_position_embeddings: 2048,
  model_type: 'llama',
  num_attention_heads: 32,
  num_hidden_layers: 22,
  num_key_value_heads: 4,
  rms_norm_eps: 1e-5,
  rope_scaling: null,
  tie_word_embeddings: false,
  torch_dtype: 'bfloat16',
  transformers_version: '4.35.0',
  use_cache: true,
  vocab_size: 32000,
}
const model = (text: string, name?: string) => {
  const found = understandText(text, name)
  if (found.kind !== 'model') throw new TypeError('not a model')
  return found
}
const changed = (change: object) => JSON.stringify({ ...tinyLlama, ...change })

describe('a config.json', () => {
  test('is understood, and kept as short as it can be', () => {
    const { architecture, config } = model(JSON.stringify(tinyLlama), 'TinyLlama/TinyLlama-1.1B')
    expect(architecture.id).toBe('TinyLlama/TinyLlama-1.1B')
    expect(countParameters(architecture).total).toBe(1_100_048_384)
    expect(architecture.assumptions).toEqual([])
    expect(Object.keys(config)).not.toContain('initializer_range')
    expect(model(JSON.stringify(config)).architecture).toEqual(architecture)
  })

  test('as Python writes it, with numbers that JSON does not have', () => {
    const python = changed({ time_step_limit: 'X', note: '"NaN" \\' }).replace('"X"', '[0.0, Infinity, -Infinity, NaN]')
    expect(() => JSON.parse(python)).toThrow(SyntaxError)
    expect(countParameters(model(python).architecture).total).toBe(1_100_048_384)
    expect(parsePythonJson(python)).toMatchObject({ time_step_limit: [0, null, null, null], note: '"NaN" \\' })
    expect(() => model(changed({ vocab_size: 'X' }).replace('"X"', 'NaN'))).toThrow(/vocab_size/)
    expect(() => model('{ "a": nan }')).toThrow(/not JSON/)
  })

  test('says what it did not understand', () => {
    expect(model(changed({ head_warp: 3 })).architecture.assumptions.join()).toMatch(/head_warp/)
  })

  test.each([
    ['a family without rules', { model_type: 'perceiver' }, /perceiver.*not known/],
    ['a missing width', { hidden_size: undefined }, /hidden_size: missing/],
    ['10^300 layers', { num_hidden_layers: 1e300 }, /num_hidden_layers: 1e\+300 is not a whole number/],
    ['a negative width', { hidden_size: -4096 }, /hidden_size: -4096/],
    ['NaN as text', { vocab_size: 'NaN' }, /vocab_size: "NaN"/],
    ['HTML for a name', { _name_or_path: '<img src=x onerror=alert(1)>' }, /is not a name/],
    ['a list for a number', { num_attention_heads: [32] }, /num_attention_heads: a list/],
  ])('with %s is refused', (_, change, message) => {
    expect(() => model(changed(change))).toThrow(ModelImportError)
    expect(() => model(changed(change))).toThrow(message)
  })
})

describe('hostile text', () => {
  test.each([
    ['nothing', '  ', /nothing in it/],
    ['no JSON', '{ "model_type": llama }', /not JSON/],
    ['a list', '[1, 2]', /has to be an object/],
    ['nesting', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, /nested more than/],
    ['a million brackets', `{"a":${'['.repeat(1e6)}${']'.repeat(1e6)}}`, /nested more than|too large/],
    ['more values than any', `{"a":[${'0,'.repeat(300_000)}0]}`, /holds more than/],
    ['twenty megabytes', `{"a":"${'x'.repeat(20_000_000)}"}`, /too large/],
  ])('%s', (_, text, message) => {
    expect(() => understandText(text)).toThrow(BringError)
    expect(() => understandText(text)).toThrow(message)
  })

  test('__proto__ reaches no prototype', () => {
    const text = JSON.stringify(tinyLlama).replace(
      '{',
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},',
    )
    const { config } = model(text)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Object.keys(config)).not.toContain('__proto__')
    expect(Object.getPrototypeOf(config)).toBe(Object.prototype)
  })
})

describe('files', () => {
  const header = (name: 'llama' | 'gemma3') =>
    Uint8Array.from(atob((golden as unknown as Record<string, { header: string }>)[name].header), (c) =>
      c.charCodeAt(0),
    )

  /** A file whose reads are counted; bytes beyond the header exist without being held. */
  const file = (bytes: Uint8Array<ArrayBuffer>, name: string, size = bytes.length) => {
    let read = 0
    const blob = {
      name,
      size,
      slice(from: number, to: number) {
        const part = bytes.slice(from, Math.min(to, bytes.length))
        read += part.length
        return new Blob([part])
      },
      text: () => new Blob([bytes]).text(),
    }
    return { blob: blob as unknown as Blob & { name: string }, read: () => read }
  }

  test('of a GGUF file of 40 GB only the header is read', async () => {
    const bytes = header('llama')
    const { blob, read } = file(bytes, 'x.gguf', 40e9)
    const found = await understandFile(blob)
    expect(found).toMatchObject({ kind: 'model', architecture: { hiddenSize: 512, vocabSize: 320 } })
    expect(read()).toBeLessThan(3 * bytes.length)
  })

  test('a GGUF model survives being put into a link as a config', async () => {
    const found = await understandFile(file(header('gemma3'), 'x.gguf').blob)
    if (found.kind !== 'model') throw new TypeError('not a model')
    const again = model(JSON.stringify(found.config))
    expect(countParameters(again.architecture)).toEqual(countParameters(found.architecture))
  })

  test('a file of 100 MB that is no GGUF is refused unread', async () => {
    const { blob, read } = file(new TextEncoder().encode('{"model_type"'), 'config.json', 100e6)
    await expect(understandFile(blob)).rejects.toThrow(/100 MB, too large/)
    expect(read()).toBeLessThan(16)
  })

  test('a name that turns lines around or hides is cleaned when it is a file’s, refused when it is the config’s', async () => {
    const { blob } = file(new TextEncoder().encode(JSON.stringify(tinyLlama)), 'a\u202egpj\u200b.json')
    expect(await understandFile(blob)).toMatchObject({ architecture: { id: 'agpj' } })
    expect(() => model(changed({ _name_or_path: 'a\u202egpj' }))).toThrow(/^id: "a\\u202egpj" is not a name/)
  })

  test('what is no JSON is quoted without what cannot be seen', () => {
    expect(() => understandText('\u001b[31m\u202e{')).toThrow(/^This is not JSON: [^\p{Cc}\p{Cf}]*$/u)
  })

  test('a folder, or a file that was taken away, is refused as such', async () => {
    const gone = {
      size: 4096,
      slice: () => ({ text: () => Promise.reject(new DOMException('gone', 'NotFoundError')) }),
    }
    await expect(understandFile(gone as unknown as Blob)).rejects.toThrow(BringError)
    await expect(understandFile(gone as unknown as Blob)).rejects.toThrow(/could not be read/)
  })

  test('an index is told apart, with what it says', () => {
    const weight_map = { 'model.layers.0.mlp.up_proj.weight': 'a.safetensors', 'lm_head.weight': 'b.safetensors' }
    const found = understandText(JSON.stringify({ metadata: { total_size: 16_060_522_496 }, weight_map }))
    expect(found).toMatchObject({ kind: 'index', index: { totalBytes: 16_060_522_496, layers: 1, storesHead: true } })
  })
})

test.each([
  ['Qwen/Qwen3-8B', 'Qwen/Qwen3-8B'],
  [' https://huggingface.co/Qwen/Qwen3-8B/tree/main ', 'Qwen/Qwen3-8B'],
  ['hf.co/gpt2', 'gpt2'],
])('the id in %s', (text, id) => {
  expect(modelId(text)).toBe(id)
})

test.each(['', '../../etc/passwd', 'a b/c', 'javascript:alert(1)', '<script>', 'a/b\u0000'])('no id: %j', (text) => {
  expect(() => modelId(text)).toThrow(BringError)
})

test.each([
  ['24564', 24_564],
  ['24 564 MiB', 24_564],
  ['24 GiB', 24_576],
  ['80GB', 76_293],
  ['0.5 GiB', 512],
])('%s of memory', (text, mebibytes) => {
  expect(readMemory(text)).toBe(mebibytes)
})

test.each(['', '-5', '1e300', 'NaN', 'much', '99999999 GiB'])('no memory: %j', (text) => {
  expect(() => readMemory(text)).toThrow(RangeError)
})
