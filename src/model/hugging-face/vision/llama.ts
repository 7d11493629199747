/** Llama 3.2 Vision and Llama 4. */
import { columnLinear, rowLinear, table, vector } from '../../tensors.ts'
import { norm } from '../assemble.ts'
import { LIMITS } from '../config-reader.ts'
import { withClassToken } from './clip.ts'
import { channels, projector, type Tower } from './parts.ts'

/** Llama 3.2 Vision: tiles and their aspect ratio have positions too; a second, gated transformer looks at all tiles; several layers' features go on. */
export const mllama: Tower = (vision, hidden) => {
  const width = vision.count('hidden_size')
  const heads = vision.count(['num_attention_heads', 'attention_heads'], LIMITS.heads)
  const layers = vision.count('num_hidden_layers', LIMITS.layers)
  const globals = vision.count('num_global_layers', LIMITS.layers)
  const intermediate = vision.count('intermediate_size')
  const patch = vision.count('patch_size')
  const patches = Math.floor(vision.count('image_size') / patch) ** 2 + 1
  const tiles = vision.count('max_num_tiles', 64)
  const ratios = (vision.list('supported_aspect_ratios', null)?.length ?? 8) + 1
  vision.ignore('intermediate_layers_indices')
  const both = layers + globals
  return [
    vector('vision.class_embedding', 'vision', width),
    table('vision.patch_embedding', 'vision', width, channels(vision) * patch ** 2),
    table('vision.position_embedding', 'vision', patches, width),
    table('vision.tile_embedding', 'vision', ratios, tiles * patches * width),
    table('vision.tile_positions', 'vision', ratios, tiles * width, 1, 2),
    vector('vision.position_gates', 'vision', 3),
    ...['layernorm_pre', 'layernorm_post'].flatMap((name) => norm(`vision.${name}`, 'layer', width, 'vision')),
    ...norm('vision.layers.norm', 'layer', width, 'vision', 2 * both),
    ...columnLinear('vision.layers.qkv_proj', 'vision', heads, { out: 3 * width, in: width, count: both }),
    ...rowLinear('vision.layers.o_proj', 'vision', heads, { out: width, in: width, count: both }),
    ...columnLinear('vision.layers.fc1', 'vision', intermediate, {
      out: intermediate,
      in: width,
      bias: true,
      count: both,
    }),
    ...rowLinear('vision.layers.fc2', 'vision', intermediate, {
      out: width,
      in: intermediate,
      bias: true,
      count: both,
    }),
    vector('vision.global_layers.gates', 'vision', 2, 1, globals),
    ...projector('projector', hidden, vision.count('vision_output_dim'), true),
  ]
}

export const llama4: Tower = (vision, hidden) => {
  const projected = vision.count('projector_output_dim')
  return [
    ...withClassToken(vision),
    ...projector('vision.adapter.fc1', vision.count('projector_input_dim'), vision.count('intermediate_size'), false),
    ...projector('vision.adapter.fc2', projected, projected, false),
    ...projector('projector.linear_1', hidden, vision.count('vision_output_dim'), false),
  ]
}
