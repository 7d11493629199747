/** The tensor types of GGUF files by number (`enum ggml_type` in ggml.h). */
import { ModelImportError } from '../errors.ts'
import { type BlockType, blocks } from './blocks.ts'

export interface TensorType {
  name: string
  /** Elements in one block. */
  block: number
  /** Bytes of one block. */
  bytes: number
}

/** By the number that stands in the file; gaps are types withdrawn or never stored. */
const TYPES: Record<number, BlockType> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  6: 'Q5_0',
  7: 'Q5_1',
  8: 'Q8_0',
  10: 'Q2_K',
  11: 'Q3_K',
  12: 'Q4_K',
  13: 'Q5_K',
  14: 'Q6_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  20: 'IQ4_NL',
  21: 'IQ3_S',
  22: 'IQ2_S',
  23: 'IQ4_XS',
  24: 'I8',
  25: 'I16',
  26: 'I32',
  27: 'I64',
  28: 'F64',
  29: 'IQ1_M',
  30: 'BF16',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
  40: 'NVFP4',
  41: 'Q1_0',
}

export function tensorType(code: number, tensor: string): TensorType {
  const name = Object.hasOwn(TYPES, code) ? TYPES[code] : undefined
  if (!name) throw new ModelImportError(tensor, `GGML type ${code} is not known here; its size cannot be told.`)
  const { elements, bytes } = blocks[name]
  return { name, block: elements, bytes }
}
