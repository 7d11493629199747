/** GGUF files: one block format per tensor, chosen by a mix, and what stays in F32. */
import type { Tensor } from '../../../model/architecture.ts'
import { add, bitsPerElement, type Ratio, ratio } from '../ratio.ts'
import type { SchemeContext, TensorPlace, WeightScheme } from '../scheme.ts'
import { type Mix, type MixName, mixes, typeOf } from './mixes.ts'
import { blockRatio, fitRow } from './rows.ts'
import { roleOf, type Site, sitesOf } from './site.ts'

export { type MixName, mixes } from './mixes.ts'

export function gguf(context: SchemeContext, name: MixName): WeightScheme {
  const mix: Mix = mixes[name]
  const sites = sitesOf(context.architecture)
  const last = sites.at(-1)
  const split = latentSplit(context)
  return {
    id: name,
    label: `GGUF ${name}`,
    uniform: false,
    dequantised: 0,
    bitsNominal: bitsPerElement(blockRatio(mix.base)),
    requires: {},
    ofTensor: (tensor: Tensor, place: TensorPlace): Ratio => {
      const site = (place.layer === null ? last : sites[place.layer]) ?? noLayer
      const role = roleOf(tensor)
      const stored = (row: number) => {
        const type =
          mix.expert && tensor.class === 'expert' && role !== 'full' ? mix.expert : typeOf(mix, role, site, row)
        return blockRatio(fitRow(type, row))
      }
      if (role !== 'latent' || !split) return stored(tensor.in)
      const { keys, values } = split
      return add(share(stored(keys), keys, values), share(stored(tensor.in), values, keys))
    },
  }
}

/** That part of a matrix whose rows are split `part` to `rest`. */
const share = ({ bytes, per }: Ratio, part: number, rest: number) => ratio(bytes * part, per * (part + rest))

/**
 * MLA's `kv_b_proj` is stored as two tensors since 2025: keys transposed, in rows of `qk_nope_head_dim`, and values.
 * Rows of 128 do not hold a block of 256, so the keys fall back to a format with blocks of 32.
 */
function latentSplit({ architecture }: SchemeContext): { keys: number; values: number } | null {
  const mla = architecture.kinds.flatMap((kind) => kind.mixers).find((mixer) => mixer.kind === 'mla')
  return mla?.kind === 'mla' ? { keys: mla.qkNopeHeadDim, values: mla.valueHeadDim } : null
}

const noLayer: Site = {
  layer: 0,
  layers: 0,
  value: 0,
  values: 0,
  sharing: 0,
  experts: 0,
  tiedEmbeddings: false,
  falcon: false,
  seventyB: false,
}
