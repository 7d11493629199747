/**
 * Number formats by architecture: those its matrix units (tensor cores, matrix cores, XMX, MXU) multiply in.
 * Sources: the vendors' architecture papers and instruction set manuals. INT8 by dot products only (Pascal, Volta,
 * Vega 20) does not count. A new architecture is one line here.
 */
import type { Formats } from './gpu.ts'

const formats = (...names: (keyof Formats)[]): Formats => ({
  bf16: names.includes('bf16'),
  fp8: names.includes('fp8'),
  fp4: names.includes('fp4'),
  int8: names.includes('int8'),
})

const none = formats()
const int8 = formats('int8')
const bf16 = formats('bf16')
const bf16Int8 = formats('bf16', 'int8')
const bf16Fp8 = formats('bf16', 'fp8')
const fp8 = formats('bf16', 'int8', 'fp8')
const fp4 = formats('bf16', 'int8', 'fp8', 'fp4')

export const formatsByArch = {
  Pascal: none,
  Volta: none,
  Turing: int8,
  Ampere: bf16Int8,
  Ada: fp8,
  Hopper: fp8,
  Blackwell: fp4,
  'Blackwell Ultra': fp4,
  'Vega 20': none,
  CDNA: bf16Int8,
  CDNA2: bf16Int8,
  CDNA3: fp8,
  CDNA4: fp4,
  RDNA3: bf16Int8,
  'RDNA3.5': bf16Int8,
  RDNA4: fp8,
  'Xe-HPG': bf16Int8,
  'Xe-HPC': bf16Int8,
  Xe2: bf16Int8,
  Gaudi: bf16Fp8,
  'Apple GPU': bf16,
  TPU: bf16Int8,
} as const satisfies Record<string, Formats>

export type Arch = keyof typeof formatsByArch
