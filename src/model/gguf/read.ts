/**
 * The header of a GGUF file, version 2 and 3: metadata and the list of tensors, without their data. Bytes are asked for
 * as they are needed, so the first megabytes of a file of any size are enough; every length in the file is bounded.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
import { ModelImportError } from '../errors.ts'
import { type TensorType, tensorType } from './tensor-types.ts'

/** Gives `length` bytes from `offset`, or fewer where the file ends. */
export type ByteReader = (offset: number, length: number) => Promise<Uint8Array>

export interface GgufTensor {
  name: string
  /** As in the file: the first dimension varies fastest, so a matrix is [in, out]. */
  shape: number[]
  type: TensorType['name']
  elements: number
  bytes: number
}

/** A list too long to matter here, such as the vocabulary, is kept as its length only. */
export type GgufValue = number | boolean | string | (number | boolean | string)[] | { length: number }

export interface GgufFile {
  version: number
  metadata: Map<string, GgufValue>
  tensors: GgufTensor[]
}

const LIMIT = {
  headerBytes: 2 ** 28,
  keys: 65_536,
  // Models have thousands; the experts of a layer are one.
  tensors: 65_536,
  name: 1024,
  text: 2 ** 24,
  // The longest are vocabularies and their merges, of some hundred thousand.
  listLength: 2 ** 21,
  keptList: 4096,
  keptText: 4096,
  dimensions: 4,
}
const CHUNK = 2 ** 20
const STRING = 8
const LIST = 9
/** Bytes of the scalar types 0 to 12, 0 for string and list. */
const SIZES = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8]

/** @throws ModelImportError naming what in the file is wrong */
export async function readGguf(read: ByteReader): Promise<GgufFile> {
  const bytes = new ByteStream(read)
  await bytes.need(24, 'header')
  if (bytes.u32() !== 0x46554747) throw new ModelImportError('file', 'does not start with "GGUF"; give a GGUF file.')
  const version = bytes.u32()
  if (version !== 2 && version !== 3) {
    throw new ModelImportError('version', `${version} is not supported; GGUF 2 and 3 (little-endian) are.`)
  }
  const tensorCount = bytes.u64('tensor_count', LIMIT.tensors)
  const keyCount = bytes.u64('metadata_kv_count', LIMIT.keys)
  const metadata = new Map<string, GgufValue>()
  for (let n = 0; n < keyCount; n++) {
    const key = await bytes.text('metadata key', LIMIT.name)
    await bytes.need(4, key)
    metadata.set(key, await readValue(bytes, bytes.u32(), key))
  }
  const tensors: GgufTensor[] = []
  for (let n = 0; n < tensorCount; n++) tensors.push(await readTensor(bytes))
  return { version, metadata, tensors }
}

async function readTensor(bytes: ByteStream): Promise<GgufTensor> {
  const name = await bytes.text('tensor name', LIMIT.name)
  await bytes.need(4, name)
  const dimensions = bytes.u32()
  if (dimensions > LIMIT.dimensions) throw new ModelImportError(name, `has ${dimensions} dimensions; at most 4 exist.`)
  await bytes.need(8 * dimensions + 12, name)
  const shape = Array.from({ length: dimensions }, () => bytes.u64(name, Number.MAX_SAFE_INTEGER))
  const type = tensorType(bytes.u32(), name)
  bytes.skip(8)
  const elements = shape.reduce((product, edge) => product * edge, 1)
  if (!Number.isSafeInteger(elements)) throw new ModelImportError(name, 'has more than 2^53 − 1 elements.')
  if ((shape[0] ?? 1) % type.block !== 0) {
    throw new ModelImportError(name, `its rows of ${shape[0]} do not divide into ${type.name} blocks of ${type.block}.`)
  }
  return { name, shape, type: type.name, elements, bytes: (elements / type.block) * type.bytes }
}

async function readValue(bytes: ByteStream, type: number, key: string): Promise<GgufValue> {
  if (type === STRING) return (await bytes.text(key, LIMIT.text)).slice(0, LIMIT.keptText)
  if (type === LIST) return readList(bytes, key)
  await bytes.need(sizeOf(type, key), key)
  return bytes.scalar(type)
}

async function readList(bytes: ByteStream, key: string): Promise<GgufValue> {
  await bytes.need(12, key)
  const type = bytes.u32()
  const length = bytes.u64(key, LIMIT.listLength)
  if (type === LIST) throw new ModelImportError(key, 'is a list of lists, which is not supported.')
  const kept: (number | boolean | string)[] = []
  for (let n = 0; n < length; n++) {
    const value =
      type === STRING ? await bytes.text(key, LIMIT.text, length > LIMIT.keptList) : await scalar(bytes, type, key)
    if (length <= LIMIT.keptList) kept.push(value)
  }
  return length <= LIMIT.keptList ? kept : { length }
}

async function scalar(bytes: ByteStream, type: number, key: string): Promise<number | boolean> {
  const size = sizeOf(type, key)
  if (!bytes.has(size)) await bytes.need(size, key)
  return bytes.scalar(type)
}

function sizeOf(type: number, key: string): number {
  return SIZES[type] || fail(key, `has value type ${type}, which GGUF does not define.`)
}

function fail(field: string, reason: string): never {
  throw new ModelImportError(field.slice(0, 100) || 'key', reason)
}

/** A window over the file that moves on as it is read. */
class ByteStream {
  readonly #read: ByteReader
  #view: DataView = new DataView(new ArrayBuffer(0))
  /** Of the window's first byte in the file, and of the reader in the window. */
  #start = 0
  #at = 0

  constructor(read: ByteReader) {
    this.#read = read
  }

  has(count: number): boolean {
    return this.#at + count <= this.#view.byteLength
  }

  /** Makes `count` bytes available, or says that the file ends too early. */
  async need(count: number, field: string): Promise<void> {
    if (this.has(count)) return
    this.#start += this.#at
    this.#at = 0
    if (this.#start + count > LIMIT.headerBytes) fail(field, `the header is longer than ${LIMIT.headerBytes} bytes.`)
    const chunk = await this.#read(this.#start, Math.max(count, CHUNK))
    this.#view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    if (!this.has(count))
      fail(field, `the file ends in the middle of it, at byte ${this.#start + chunk.byteLength}; give the whole file.`)
  }

  skip(count: number): void {
    this.#at += count
  }

  u32(): number {
    this.#at += 4
    return this.#view.getUint32(this.#at - 4, true)
  }

  u64(field: string, limit: number): number {
    this.#at += 8
    const value = this.#view.getBigUint64(this.#at - 8, true)
    return value <= BigInt(limit)
      ? Number(value)
      : fail(field, `${value} is more than ${limit}, the most a model has; the file is damaged.`)
  }

  /** A string, or an empty one in its place when only skipping it matters. */
  async text(field: string, limit: number, skip = false): Promise<string> {
    if (!this.has(8)) await this.need(8, field)
    const length = this.u64(field, limit)
    if (!this.has(length)) await this.need(length, field)
    this.#at += length
    if (skip) return ''
    return new TextDecoder().decode(
      new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#at - length, length),
    )
  }

  scalar(type: number): number | boolean {
    const at = this.#at
    this.#at += SIZES[type] ?? 0
    const view = this.#view
    if (type === 0) return view.getUint8(at)
    if (type === 1) return view.getInt8(at)
    if (type === 2) return view.getUint16(at, true)
    if (type === 3) return view.getInt16(at, true)
    if (type === 4) return view.getUint32(at, true)
    if (type === 5) return view.getInt32(at, true)
    if (type === 6) return view.getFloat32(at, true)
    if (type === 7) return view.getUint8(at) !== 0
    if (type === 10) return Number(view.getBigUint64(at, true))
    if (type === 11) return Number(view.getBigInt64(at, true))
    return view.getFloat64(at, true)
  }
}
