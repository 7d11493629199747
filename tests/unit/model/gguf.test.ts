/** GGUF headers against llama.cpp's own gguf-py (`gguf-golden.py`), and against files nobody vouches for. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ModelImportError } from '../../../src/model/errors.ts'
import { ggufArchitecture, ggufWeightBytes } from '../../../src/model/gguf/architecture.ts'
import { type ByteReader, readGguf } from '../../../src/model/gguf/read.ts'
import { countParameters } from '../../../src/model/parameters.ts'
import golden from './gguf-golden.json'

interface Golden {
  elements: number
  tensors: [name: string, shape: number[], type: string, bytes: number][]
  header: string
}

const files = Object.entries(golden as unknown as Record<string, Golden>)
const headerOf = (row: Golden) => Uint8Array.from(atob(row.header), (letter) => letter.charCodeAt(0))
const reader =
  (bytes: Uint8Array): ByteReader =>
  async (offset, length) =>
    bytes.slice(offset, offset + length)

/** Never more than a few bytes beyond what is asked for. */
const stingy =
  (bytes: Uint8Array): ByteReader =>
  async (offset, length) =>
    bytes.slice(offset, offset + (length > 4096 ? 97 : length))

describe.each(files)('%s', (name, row) => {
  test('tensors, their types and bytes', async () => {
    const file = await readGguf(reader(headerOf(row)))
    expect(file.version).toBe(3)
    expect(file.tensors.map((t) => [t.name, t.shape, t.type, t.bytes])).toEqual(row.tensors)
    expect(ggufWeightBytes(file)).toBe(row.tensors.reduce((sum, [, , , bytes]) => sum + bytes, 0))
    expect(file.metadata.get('general.architecture')).toBe(name)
    expect(file.metadata.get('tokenizer.ggml.add_bos_token')).toBe(true)
  })

  test('its architecture accounts for every parameter', async () => {
    const architecture = ggufArchitecture(await readGguf(reader(headerOf(row))))
    const rotary = row.tensors.filter(([tensor]) => tensor.startsWith('rope_')).length * 32
    expect(countParameters(architecture).total).toBe(row.elements - rotary)
    expect(architecture).toMatchObject({ hiddenSize: 512, vocabSize: 320, quantisation: 'gguf' })
    expect(architecture.order.length).toBe(3)
    expect(architecture.assumptions).toEqual([])
    expect(architecture.id).not.toMatch(/[<>]/)
  })

  test('a header cut anywhere is refused, and never read beyond its end', async () => {
    const header = headerOf(row)
    for (let length = 0; length < header.length - 32; length += 1 + (length >> 3)) {
      await expect(readGguf(reader(header.slice(0, length)))).rejects.toThrow(ModelImportError)
    }
  })
})

describe('what the metadata says', () => {
  const open = async (name: 'llama' | 'gemma3' | 'deepseek2' | 'qwen3moe') =>
    ggufArchitecture(await readGguf(reader(headerOf(golden[name] as unknown as Golden))), 'x')

  test('llama: grouped keys and an untied head', async () => {
    const llama = await open('llama')
    expect(llama.tiedEmbeddings).toBe(false)
    expect(llama.kinds[0]!.mixers[0]).toMatchObject({ heads: 8, kvHeads: 2, headDim: 64, window: null })
  })

  test('gemma3: windows and a tied head', async () => {
    const gemma = await open('gemma3')
    expect(gemma.tiedEmbeddings).toBe(true)
    expect(gemma.kinds[0]!.mixers[0]).toMatchObject({ window: 512, headDim: 256, qkNorm: 'head' })
  })

  test('deepseek2: latent attention from the names of the compressed cache, and a first dense layer', async () => {
    const deepseek = await open('deepseek2')
    expect(deepseek.modelType).toBe('deepseek_v3')
    expect(deepseek.kinds[0]!.mixers[0]).toMatchObject({ kvLoraRank: 192, qkRopeHeadDim: 64, qkNopeHeadDim: 32 })
    expect(deepseek.order).toEqual([0, 1, 1])
  })

  test('qwen35: a state in two of three layers, heads and windows of the state as the file has them', async () => {
    const file = await readGguf(reader(headerOf((golden as unknown as Record<string, Golden>).qwen35!)))
    const { kinds, order } = ggufArchitecture(file, 'x')
    expect(order).toEqual([0, 0, 1])
    expect(kinds[0]!.mixers[0]).toMatchObject({ kind: 'gated-delta-net', heads: 4, recurrentState: 4 * 64 * 64 })
    expect(kinds[1]!.mixers[0]).toMatchObject({ kind: 'attention', kvHeads: 2, headDim: 128, outputGate: true })
  })

  test('lfm2: layers without key/value heads are convolutions', async () => {
    const file = await readGguf(reader(headerOf((golden as unknown as Record<string, Golden>).lfm2!)))
    const { kinds, order } = ggufArchitecture(file, 'x')
    expect(order.map((kind) => kinds[kind]!.mixers[0]!.kind)).toEqual(['short-conv', 'attention', 'short-conv'])
  })

  test('an architecture without rules is refused by name', async () => {
    const file = await readGguf(reader(headerOf(golden.llama as unknown as Golden)))
    file.metadata.set('general.architecture', 'rwkv7')
    expect(() => ggufArchitecture(file)).toThrow(/general.architecture: "rwkv7" is not known here, and guessing/)
  })
})

describe('hostile files', () => {
  const header = headerOf(golden.llama as unknown as Golden)

  test.each([
    ['not GGUF', (view: DataView) => view.setUint32(0, 0x04034b50)],
    ['version 1', (view: DataView) => view.setUint32(4, 1, true)],
    ['big-endian', (view: DataView) => view.setUint32(4, 3)],
    ['2^60 tensors', (view: DataView) => view.setBigUint64(8, 1n << 60n, true)],
    ['2^40 keys', (view: DataView) => view.setBigUint64(16, 1n << 40n, true)],
    ['a key of 2^63 letters', (view: DataView) => view.setBigUint64(24, 1n << 63n, true)],
  ])('%s', async (_, spoil) => {
    const bytes = header.slice()
    spoil(new DataView(bytes.buffer))
    await expect(readGguf(reader(bytes))).rejects.toThrow(ModelImportError)
  })

  test('more tensors than any model has are refused before they are read: a million would stop a page for seconds', async () => {
    const bytes = header.slice()
    new DataView(bytes.buffer).setBigUint64(8, 100_000n, true)
    await expect(readGguf(reader(bytes))).rejects.toThrow(/^tensor_count: 100000 is more than 65536/)
  })

  test('a reader that gives little at a time is asked again', async () => {
    const file = await readGguf(stingy(header))
    expect(file.tensors).toEqual((await readGguf(reader(header))).tensors)
  })

  test('any bytes changed: an answer or a named refusal, soon', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(header.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (changes) => {
          const bytes = header.slice()
          for (const [at, value] of changes) bytes[at] = value
          try {
            ggufArchitecture(await readGguf(reader(bytes)), 'x')
          } catch (error) {
            expect(error).toBeInstanceOf(ModelImportError)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
