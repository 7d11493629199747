/**
 * Block formats of ggml: how many bytes hold how many consecutive elements of a row. Source: the structs and their size
 * assertions in ggml-org/llama.cpp `ggml/src/ggml-common.h`; the second table in ikawrakow/ik_llama.cpp's, which adds types.
 */
import { type Ratio, ratio } from '../ratio.ts'

interface Block {
  bytes: number
  elements: number
}

const block = (bytes: number, elements: number): Block => ({ bytes, elements })

export const blocks = {
  F32: block(4, 1),
  F16: block(2, 1),
  BF16: block(2, 1),
  Q1_0: block(18, 128),
  Q2_0: block(18, 64),
  Q4_0: block(18, 32),
  Q4_1: block(20, 32),
  Q5_0: block(22, 32),
  Q5_1: block(24, 32),
  Q8_0: block(34, 32),
  MXFP4: block(17, 32),
  NVFP4: block(36, 64),
  Q2_K: block(84, 256),
  Q3_K: block(110, 256),
  Q4_K: block(144, 256),
  Q5_K: block(176, 256),
  Q6_K: block(210, 256),
  Q8_K: block(292, 256),
  IQ1_S: block(50, 256),
  IQ1_M: block(56, 256),
  IQ2_XXS: block(66, 256),
  IQ2_XS: block(74, 256),
  IQ2_S: block(82, 256),
  IQ3_XXS: block(98, 256),
  IQ3_S: block(110, 256),
  IQ4_NL: block(18, 32),
  IQ4_XS: block(136, 256),
  TQ1_0: block(54, 256),
  TQ2_0: block(66, 256),
  // ik_llama.cpp; the _KS and _KT types keep another 4 bytes a row, left out here.
  IQ2_KS: block(70, 256),
  IQ2_K: block(76, 256),
  IQ3_K: block(110, 256),
  IQ4_KSS: block(128, 256),
  IQ4_KS: block(136, 256),
  IQ4_K: block(144, 256),
  IQ5_K: block(176, 256),
  IQ6_K: block(212, 256),
  IQ2_KT: block(68, 256),
  IQ3_KT: block(100, 256),
  IQ4_KT: block(132, 256),
} satisfies Record<string, Block>

export type BlockType = keyof typeof blocks

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
