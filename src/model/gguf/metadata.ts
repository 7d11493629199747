/** The metadata of one architecture in a GGUF file, and what its tensors show. */
import { ModelImportError } from '../errors.ts'
import type { GgufFile, GgufTensor, GgufValue } from './read.ts'

export class Metadata {
  readonly name: string
  readonly #values: Map<string, GgufValue>
  readonly #tensors: Map<string, GgufTensor>

  constructor(file: GgufFile) {
    const name = file.metadata.get('general.architecture')
    this.name = typeof name === 'string' ? name : ''
    this.#values = file.metadata
    this.#tensors = new Map(file.tensors.map((tensor) => [tensor.name, tensor]))
  }

  get(key: string): GgufValue | undefined {
    return this.#values.get(`${this.name}.${key}`)
  }

  number(key: string): number {
    const value = this.get(key)
    if (typeof value === 'number') return value
    throw new ModelImportError(`${this.name}.${key}`, 'missing, or not a number.')
  }

  /** A value that may be listed per layer; only one value for all layers is supported. */
  uniform(key: string): GgufValue | undefined {
    const value = this.get(key)
    if (!Array.isArray(value)) return value
    if (value.length > 0 && value.every((entry) => entry === value[0])) return value[0]
    throw new ModelImportError(`${this.name}.${key}`, 'differs between layers, which is not supported.')
  }

  /** A value listed per layer, or one for all, for each of the layers; null when it is neither. */
  perLayer(key: string, layers: number): (number | boolean | string)[] | null {
    const value = this.get(key)
    if (Array.isArray(value)) return value.length === layers ? value : null
    return value === undefined || typeof value === 'object' ? null : Array.from({ length: layers }, () => value)
  }

  holds(tensor: string): boolean {
    return this.#tensors.has(tensor)
  }

  some(pattern: RegExp): boolean {
    return [...this.#tensors.keys()].some((name) => pattern.test(name))
  }

  /** Rows of the embedding, which may be padded beyond the tokeniser's vocabulary. */
  vocabulary(): number | undefined {
    return this.#tensors.get('token_embd.weight')?.shape[1]
  }
}
