/** The model of a measurement: the catalogue's by name, or a config made from the dimensions a row describes. */
import { findModel } from '../../src/model/catalogue.ts'
import { UnknownModelError } from '../../src/model/errors.ts'
import type { ScenarioInput } from '../../src/scenario/schema.ts'
import type { Measurement } from './measurement.ts'
import { Inexpressible } from './names.ts'

export function modelOf(row: Measurement): ScenarioInput['model'] {
  if (row.model_overrides) return described(row)
  // A remark in brackets says how the weights are stored, which the row gives apart.
  const name = row.model.replace(/\s*\([^)]*\)$/, '')
  try {
    return findModel(name)
  } catch (error) {
    if (error instanceof UnknownModelError) throw new Inexpressible(`model "${name}" is not in the catalogue`)
    throw error
  }
}

function described(row: Measurement): Record<string, unknown> {
  const given = row.model_overrides ?? {}
  const number = (key: string) => Number(given[key])
  // Dimensions as a config.json of the family that computes the same.
  if (typeof given.model_type === 'string') return given
  if (given.arch === 'MPT') {
    return {
      model_type: 'mpt',
      d_model: given.d_model,
      n_heads: given.n_heads,
      n_layers: given.n_layers,
      expansion_ratio: given.mlp_ratio,
      vocab_size: given.vocab_size,
      max_seq_len: row.seq_len,
      no_bias: true,
      attn_config: { alibi: false },
      tie_word_embeddings: given.tied_embeddings,
      torch_dtype: 'float32',
    }
  }
  if (given.arch === 'llama') {
    const { arch: _, ...dimensions } = given
    return { model_type: 'llama', torch_dtype: 'bfloat16', tie_word_embeddings: false, ...dimensions }
  }
  throw new Inexpressible(
    `architecture "${given.arch ?? row.model}" is only described (${number('n_params')} parameters)`,
  )
}
