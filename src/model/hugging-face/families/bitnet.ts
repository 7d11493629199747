import { vector } from '../../tensors.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'

export const BITNET_FAMILIES: Families = {
  // Norms inside attention and MLP, before their last matrices.
  bitnet: (config) => {
    const dimensions = readDimensions(config)
    const intermediate = config.count('intermediate_size')
    config.only('attention_bias', false)
    return decoder(config, {
      dimensions,
      intermediate,
      activation: readActivation(config, 'relu2'),
      extraOf: () => [
        vector('self_attn.attn_sub_norm', 'norm', dimensions.hidden, dimensions.heads),
        vector('mlp.ffn_sub_norm', 'norm', intermediate, intermediate),
      ],
    })
  },
}
