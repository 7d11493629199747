/** Phi-4-multimodal as transformers has it: SigLIP and a conformer, each with a projector; speech beside an image has one of its own. */
import type { Tensor } from '../../architecture.ts'
import { replicatedLinear, table, vector } from '../../tensors.ts'
import { norm } from '../assemble.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { projector, type Tower } from './parts.ts'
import { siglip } from './siglip.ts'

export const phi4Multimodal: Tower = (vision, hidden) => {
  vision.ignore('crop_size', 'feature_layer')
  const width = vision.count('hidden_size')
  return [
    ...siglip(vision, true),
    vector('projector.feature_extensor', 'vision', width, 1, 2),
    ...projector('projector.img_projection_up', hidden, width, true),
    ...projector('projector.img_projection_down', hidden, hidden, true),
  ]
}

/** A layer is two gated feed-forwards around attention and a convolution (arXiv:2005.08100). */
export function phi4Audio(audio: ConfigReader, hidden: number): Tensor[] {
  const width = audio.count('hidden_size')
  const count = audio.count('num_blocks', LIMITS.layers)
  const heads = audio.count('num_attention_heads', LIMITS.heads)
  const intermediate = audio.count('intermediate_size')
  const channels = audio.count('nemo_conv_channels')
  const inner = audio.count('ext_pw_out_channel')
  const separable = audio.count('depthwise_separable_out_channel')
  const kernel = audio.count('kernel_size', 1024)
  const depth = width * audio.count('depthwise_multiplier', 64)
  const distances = audio.count('bias_max_distance') * (audio.flag('bias_symmetric', false) ? 1 : 2)
  const halvings = Math.round(Math.log2(audio.count('time_reduction', 1024)))
  const linear = (name: string, out: number, inputs: number, times = 1) =>
    replicatedLinear(`audio.layers.${name}`, 'vision', { out, in: inputs, bias: true, count: times * count })
  audio.ignore('input_size', 'chunk_size', 'left_chunk', 'downsample_rate', 'feature_layer')
  return [
    // A convolution, then for each further halving a depthwise and a pointwise one.
    table('audio.embed.conv', 'vision', channels, 9, 1, halvings),
    table('audio.embed.pointwise', 'vision', channels, channels, 1, halvings - 1),
    vector('audio.embed.conv.bias', 'vision', channels, 1, 2 * halvings - 1),
    ...projector('audio.embed.out', width, channels * audio.count('nemo_final_size'), true),
    table('audio.relative_attention_bias', 'vision', distances, heads),
    ...linear('feed_forward.gate_up_proj', 2 * intermediate, width, 2),
    ...linear('feed_forward.down_proj', width, intermediate, 2),
    ...linear('self_attn.qkvo_proj', width, width, 4),
    ...norm('audio.layers.norm', 'layer', width, 'vision', 5 * count),
    vector('audio.layers.conv.glu.bias', 'vision', inner, 1, 2 * count),
    ...linear('conv.glu.ext_pw_conv_1d', 2 * inner, width),
    table('audio.layers.conv.dw_conv', 'vision', depth, kernel, 1, count),
    vector('audio.layers.conv.dw_conv.bias', 'vision', depth, 1, count),
    ...linear('conv.pw_conv', separable, depth),
    ...linear('conv.ext_pw_conv_1d', inner, separable),
    ...projector('audio.up_proj', hidden, width, true, 2),
    ...projector('audio.down_proj', hidden, hidden, true, 2),
  ]
}
