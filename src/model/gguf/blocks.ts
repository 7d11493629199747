/**
 * Block formats of ggml: how many bytes hold how many consecutive elements of a row. Source: the structs and their size
 * assertions in ggml-org/llama.cpp `ggml/src/ggml-common.h`; the last ones in ikawrakow/ik_llama.cpp's, which adds types.
 */
interface Block {
  bytes: number
  elements: number
}

const block = (bytes: number, elements: number): Block => ({ bytes, elements })

export const blocks = {
  F64: block(8, 1),
  F32: block(4, 1),
  F16: block(2, 1),
  BF16: block(2, 1),
  I8: block(1, 1),
  I16: block(2, 1),
  I32: block(4, 1),
  I64: block(8, 1),
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
