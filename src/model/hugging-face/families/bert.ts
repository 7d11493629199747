/**
 * BERT (arXiv:1810.04805), an encoder: LayerNorm behind every block, learned positions and segments, a pooler instead of a head. What
 * `AutoModel` builds; the few thousand parameters of a classifier on top are left out.
 */
import { replicatedLinear, table, vector } from '../../tensors.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { HIDDEN } from '../dimensions.ts'
import type { Families } from '../family.ts'

export const BERT_FAMILIES: Families = {
  bert: (config) => {
    const hidden = config.count(HIDDEN)
    return decoder(config, {
      norm: 'layer',
      norms: ['attention.output.LayerNorm', 'output.LayerNorm'],
      position: 'learned',
      qkvBias: true,
      outputBias: true,
      mlpBias: true,
      gated: false,
      activation: readActivation(config, 'gelu'),
      tiedByDefault: true,
      attentionNames: {
        q: 'attention.self.query',
        k: 'attention.self.key',
        v: 'attention.self.value',
        o: 'attention.output.dense',
      },
      mlpNames: { up: 'intermediate.dense', down: 'output.dense' },
      names: { embedding: 'word_embeddings', finalNorm: null },
      outside: [...embeddings(config, hidden), ...pooler(hidden)],
    })
  },
}

function embeddings(config: ConfigReader, hidden: number) {
  return [
    table('position_embeddings', 'embedding', config.count('max_position_embeddings', LIMITS.width), hidden),
    table('token_type_embeddings', 'embedding', config.optionalCount('type_vocab_size', LIMITS.width) ?? 2, hidden),
    vector('LayerNorm', 'norm', hidden),
    vector('LayerNorm.bias', 'norm', hidden),
  ]
}

const pooler = (hidden: number) =>
  replicatedLinear('pooler.dense', 'head', { out: hidden, in: hidden, bias: true }).map((t) => ({
    ...t,
    linear: false,
  }))
