/** Bytes per element of ggml's block formats, and the format a row of a given length falls back to. */
import { type BlockType, blocks } from '../../../model/gguf/blocks.ts'
import { type Ratio, ratio } from '../ratio.ts'

export const blockRatio = (type: BlockType): Ratio => ratio(blocks[type].bytes, blocks[type].elements)

/**
 * The type a row of that length really gets: one that is not a whole number of blocks falls back to a format with blocks
 * of 32, and failing that to F16 (llama.cpp `tensor_type_fallback`).
 */
export function fitRow(type: BlockType, row: number): BlockType {
  if (row % blocks[type].elements === 0) return type
  const smaller = smallBlocks[type]
  return smaller && row % blocks[smaller].elements === 0 ? smaller : 'F16'
}

const smallBlocks: Partial<Record<BlockType, BlockType>> = {
  IQ1_S: 'IQ4_NL',
  IQ1_M: 'IQ4_NL',
  IQ2_XXS: 'IQ4_NL',
  IQ2_XS: 'IQ4_NL',
  IQ2_S: 'IQ4_NL',
  IQ3_XXS: 'IQ4_NL',
  IQ3_S: 'IQ4_NL',
  IQ4_XS: 'IQ4_NL',
  Q2_0: 'Q4_0',
  Q2_K: 'Q4_0',
  Q3_K: 'Q4_0',
  TQ1_0: 'Q4_0',
  TQ2_0: 'Q4_0',
  Q4_K: 'Q5_0',
  Q5_K: 'Q5_1',
  Q6_K: 'Q8_0',
  IQ2_KS: 'IQ4_NL',
  IQ2_KT: 'IQ4_NL',
  IQ2_K: 'IQ4_NL',
  IQ3_K: 'IQ4_NL',
  IQ3_KT: 'IQ4_NL',
  IQ4_KSS: 'IQ4_NL',
  IQ4_KS: 'IQ4_NL',
  IQ4_KT: 'IQ4_NL',
  IQ4_K: 'IQ4_NL',
  IQ5_K: 'Q5_1',
  IQ6_K: 'Q8_0',
}
