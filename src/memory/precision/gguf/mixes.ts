/**
 * The standard mixes of `llama-quantize`: which block format each role gets. Restated from `llama_tensor_get_type_impl`
 * and `llama_ftype_get_default_type` in ggml-org/llama.cpp `src/llama-quant.cpp` (2026). An importance matrix is taken to
 * be there exactly where the type needs one (1, 2 bits and IQ3_XXS), as for the sizes in llama.cpp's own table.
 */
import { type BlockType, blocks } from '../../../model/gguf/blocks.ts'
import { moreBits, type Role, type Site } from './site.ts'

export interface Mix {
  /** Type of everything no rule names. */
  base: BlockType
  /** Token embedding of an untied model, where it differs from `base`. */
  embedding?: BlockType
  /** Head, and the embedding of a tied model; Q6_K unless said. */
  head?: BlockType
  /** Type of routed experts, where they are told apart. */
  expert?: BlockType
  /** Rules for tensors of the layers; undefined leaves `base`. */
  layers?: Partial<Record<Role, (site: Site) => BlockType | undefined>>
  /** Bump attention to Q5_K and Q8_0 where there are exactly eight experts (Mixtral). */
  mixtral?: boolean
}

const early = ({ layer, layers }: Site, parts: number) => layer < Math.floor(layers / parts)
const important = ({ layer, layers }: Site) => moreBits(layer, layers)
const shared = (site: Site) => site.sharing >= 4
const middle = ({ layer, layers }: Site) => layer >= Math.floor(layers / 8) && layer < Math.floor((7 * layers) / 8)

const sharedValues = (type: BlockType) => (site: Site) => (shared(site) ? type : undefined)

/** The 1- and 2-bit types share one set of rules: values, outputs and early down projections keep more. */
function lowBits(base: BlockType, better: BlockType, output: BlockType | undefined, embedding: BlockType): Mix {
  return {
    base,
    embedding,
    head: 'Q5_K',
    layers: {
      value: (site) => (shared(site) || site.experts >= 4 ? 'Q4_K' : better),
      key: (site) => (site.experts === 8 ? 'Q4_K' : undefined),
      down: (site) => (early(site, 8) ? better : undefined),
      output: (site) => (site.experts === 8 ? 'Q5_K' : output),
    },
  }
}

export const mixes = {
  F32: { base: 'F32', head: 'F32' },
  F16: { base: 'F16', head: 'F16' },
  BF16: { base: 'BF16', head: 'BF16' },
  Q4_0: { base: 'Q4_0', mixtral: true },
  Q4_1: { base: 'Q4_1', mixtral: true },
  Q5_0: { base: 'Q5_0', mixtral: true },
  Q5_1: { base: 'Q5_1', mixtral: true },
  Q8_0: { base: 'Q8_0', head: 'Q8_0', mixtral: true },
  Q2_K_S: {
    base: 'Q2_K',
    mixtral: true,
    layers: { value: sharedValues('Q4_K'), down: (site) => (early(site, 8) ? 'Q4_K' : undefined) },
  },
  Q2_K: {
    base: 'Q2_K',
    mixtral: true,
    layers: {
      value: (site) => (shared(site) ? 'Q4_K' : 'Q3_K'),
      down: () => 'Q3_K',
      output: (site) => (site.falcon ? undefined : site.experts === 8 ? 'Q5_K' : 'Q3_K'),
    },
  },
  Q3_K_S: { base: 'Q3_K', mixtral: true, layers: { output: eightExperts() } },
  Q3_K_M: {
    base: 'Q3_K',
    mixtral: true,
    layers: {
      value: ({ value }) => (value < 2 ? 'Q5_K' : 'Q4_K'),
      down: (site) => (early(site, 16) ? 'Q5_K' : !site.falcon || important(site) ? 'Q4_K' : undefined),
      output: eightExperts('Q4_K'),
    },
  },
  Q3_K_L: {
    base: 'Q3_K',
    mixtral: true,
    layers: {
      value: () => 'Q5_K',
      down: (site) => (site.falcon ? 'Q4_K' : 'Q5_K'),
      output: (site) => (site.falcon ? 'Q4_K' : site.experts === 8 ? undefined : 'Q5_K'),
    },
  },
  Q4_K_S: {
    base: 'Q4_K',
    mixtral: true,
    layers: {
      value: ({ value }) => (value < 4 ? 'Q5_K' : undefined),
      down: (site) => (!site.falcon && early(site, 8) ? 'Q5_K' : undefined),
      output: eightExperts(),
    },
  },
  Q4_K_M: {
    base: 'Q4_K',
    mixtral: true,
    layers: {
      value: ({ value, values }) => (moreBits(value, values) ? 'Q6_K' : undefined),
      down: (site) =>
        site.falcon
          ? early(site, 16)
            ? 'Q6_K'
            : important(site)
              ? 'Q5_K'
              : undefined
          : important(site)
            ? 'Q6_K'
            : undefined,
      output: eightExperts(),
    },
  },
  Q5_K_S: { base: 'Q5_K', mixtral: true },
  Q5_K_M: {
    base: 'Q5_K',
    mixtral: true,
    layers: {
      value: ({ value, values }) => (moreBits(value, values) ? 'Q6_K' : undefined),
      down: (site) => (important(site) ? 'Q6_K' : undefined),
    },
  },
  Q6_K: { base: 'Q6_K', mixtral: true },
  IQ1_S: lowBits('IQ1_S', 'Q2_K', 'IQ2_XXS', 'Q2_K'),
  IQ1_M: lowBits('IQ1_M', 'Q2_K', 'IQ2_XXS', 'Q2_K'),
  IQ2_XXS: lowBits('IQ2_XXS', 'Q2_K', undefined, 'Q2_K'),
  IQ2_XS: lowBits('IQ2_XS', 'Q2_K', undefined, 'Q2_K'),
  IQ2_S: lowBits('IQ2_XS', 'IQ3_S', 'IQ3_S', 'IQ3_S'),
  IQ2_M: lowBits('IQ2_S', 'IQ3_S', 'IQ3_S', 'IQ3_S'),
  IQ3_XXS: {
    base: 'IQ3_XXS',
    embedding: 'IQ3_S',
    head: 'Q5_K',
    mixtral: true,
    layers: {
      query: () => 'IQ2_S',
      key: () => 'IQ2_S',
      value: sharedValues('Q4_K'),
      output: eightExperts('IQ3_S'),
    },
  },
  IQ3_XS: {
    base: 'IQ3_S',
    mixtral: true,
    layers: {
      query: () => 'IQ3_XXS',
      key: () => 'IQ3_XXS',
      value: sharedValues('Q4_K'),
      gate: (site) => (middle(site) ? 'IQ3_XXS' : undefined),
      up: (site) => (middle(site) ? 'IQ3_XXS' : undefined),
      output: eightExperts(),
    },
  },
  IQ3_S: { base: 'IQ3_S', mixtral: true, layers: { value: sharedValues('Q4_K'), output: eightExperts() } },
  IQ3_M: {
    base: 'IQ3_S',
    mixtral: true,
    layers: {
      value: () => 'Q4_K',
      down: (site) => (early(site, 8) || (site.experts === 8 && important(site)) ? 'Q4_K' : undefined),
      output: eightExperts('Q4_K'),
    },
  },
  IQ4_XS: { base: 'IQ4_XS', mixtral: true, layers: nonLinear4() },
  IQ4_NL: { base: 'IQ4_NL', mixtral: true, layers: nonLinear4() },
  TQ1_0: { base: 'TQ1_0', embedding: 'Q4_K', mixtral: true },
  TQ2_0: { base: 'TQ2_0', embedding: 'Q4_K', mixtral: true },
  /** Experts in MXFP4, the rest in Q8_0: how gpt-oss is distributed. */
  MXFP4_MOE: { base: 'Q8_0', head: 'Q8_0', expert: 'MXFP4' },
  IQ2_KS: { base: 'IQ2_KS' },
  IQ2_K: { base: 'IQ2_K' },
  IQ3_K: { base: 'IQ3_K' },
  IQ4_KSS: { base: 'IQ4_KSS' },
  IQ4_KS: { base: 'IQ4_KS' },
  IQ4_K: { base: 'IQ4_K' },
  IQ5_K: { base: 'IQ5_K' },
  IQ6_K: { base: 'IQ6_K' },
  IQ2_KT: { base: 'IQ2_KT' },
  IQ3_KT: { base: 'IQ3_KT' },
  IQ4_KT: { base: 'IQ4_KT' },
} satisfies Record<string, Mix>

export type MixName = keyof typeof mixes

function nonLinear4(): Mix['layers'] {
  return {
    value: sharedValues('Q5_K'),
    down: (site) => (early(site, 8) ? 'Q5_K' : undefined),
    output: eightExperts(),
  }
}

/** Output projections: Q5_K where there are eight experts, else the given type; Falcon keeps the base. */
function eightExperts(otherwise?: BlockType) {
  return (site: Site): BlockType | undefined => (site.falcon ? undefined : site.experts === 8 ? 'Q5_K' : otherwise)
}

/** The block format of one tensor, before its row length is looked at. */
export function typeOf(mix: Mix, role: Role, site: Site, row: number): BlockType {
  if (role === 'full') return 'F32'
  if (role === 'half') return 'F16'
  if (role === 'head' || (role === 'embedding' && site.tiedEmbeddings)) {
    return site.falcon || row % blocks[mix.base].elements !== 0 ? headFallback(mix) : (mix.head ?? 'Q6_K')
  }
  if (role === 'embedding') return mix.embedding ?? mix.base
  // Quantisers treat a fused query-key-value matrix as a value projection.
  const rule = role === 'qkv' ? mix.layers?.value : mix.layers?.[role]
  const type = rule?.(site) ?? mix.base
  return mix.mixtral ? bumped(type, role, site) : type
}

/** Plain float files keep their type; quantised ones use Q8_0 where a row is not a whole number of blocks. */
const headFallback = (mix: Mix): BlockType => (blocks[mix.base].elements === 1 ? mix.base : 'Q8_0')

function bumped(type: BlockType, role: Role, site: Site): BlockType {
  const isValue = role === 'value' || role === 'qkv'
  if (site.experts === 8 && (isValue || role === 'key')) return 'Q8_0'
  if (site.seventyB && isValue && (type === 'Q3_K' || type === 'Q4_K')) return 'Q5_K'
  return type
}
