/** The audio towers of Gemma 3n and 4: a conformer (two feed-forwards, attention, a light convolution a layer), counted as `vision`. */
import type { Tensor } from '../../architecture.ts'
import { replicatedLinear, table, vector } from '../../tensors.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { softTokens } from './gemma.ts'

export function gemma4Audio(audio: ConfigReader, languageWidth: number): Tensor[] {
  const hidden = audio.count('hidden_size')
  const output = audio.count('output_proj_dims')
  return [
    ...conformer(audio, {
      hidden,
      layers: audio.count('num_hidden_layers', LIMITS.layers),
      heads: audio.count('num_attention_heads', LIMITS.heads),
      kernel: audio.count('conv_kernel_size', 1024),
      channels: 'subsampling_conv_channels',
    }),
    ...replicatedLinear('audio.output_proj', 'vision', { out: output, in: hidden, bias: true }),
    ...replicatedLinear('audio.embed_audio.embedding_projection', 'vision', { out: languageWidth, in: output }),
  ]
}

export function gemma3nAudio(audio: ConfigReader, languageWidth: number): Tensor[] {
  const hidden = audio.optionalCount('hidden_size') ?? 1536
  audio.ignore('conf_attention_chunk_size', 'conf_attention_context_left', 'conf_attention_context_right')
  return [
    ...conformer(audio, {
      hidden,
      layers: audio.optionalCount('conf_num_hidden_layers', LIMITS.layers) ?? 12,
      heads: audio.optionalCount('conf_num_attention_heads', LIMITS.heads) ?? 8,
      kernel: audio.optionalCount('conf_conv_kernel_size', 1024) ?? 5,
      channels: 'sscp_conv_channel_size',
    }),
    ...softTokens('audio', audio, languageWidth),
  ]
}

interface Conformer {
  hidden: number
  layers: number
  heads: number
  kernel: number
  /** The key that gives the channels of the two convolutions before the layers. */
  channels: string
}

function conformer(audio: ConfigReader, { hidden, layers, heads, kernel, channels }: Conformer): Tensor[] {
  const [first, second] = audio.indices(channels, LIMITS.width, 2) ?? [128, 32]
  if (first === undefined || second === undefined) return audio.fail(channels, 'needs two entries.')
  const linear = (name: string, out: number, inputs: number, count = layers) =>
    replicatedLinear(`audio.${name}`, 'vision', { out, in: inputs, count })
  return [
    table('audio.subsample.layer0.conv', 'vision', first, 9),
    vector('audio.subsample.layer0.norm', 'vision', first),
    table('audio.subsample.layer1.conv', 'vision', second, 9 * first),
    vector('audio.subsample.layer1.norm', 'vision', second),
    ...linear('subsample.input_proj', hidden, Math.floor(first / 4) * second, 1),
    ...linear('layers.feed_forward.1', 4 * hidden, hidden, 2 * layers),
    ...linear('layers.feed_forward.2', hidden, 4 * hidden, 2 * layers),
    ...linear('layers.self_attn.qkv_post', hidden, hidden, 4 * layers),
    ...linear('layers.self_attn.relative_k_proj', hidden, hidden),
    vector('audio.layers.self_attn.per_dim_scale', 'vision', Math.floor(hidden / heads), 1, layers),
    ...linear('layers.lconv1d.linear_start', 2 * hidden, hidden),
    ...linear('layers.lconv1d.linear_end', hidden, hidden),
    table('audio.layers.lconv1d.depthwise_conv1d', 'vision', hidden, kernel, 1, layers),
    // Two in each feed-forward, two in the convolution, three around the attention.
    vector('audio.layers.norms', 'vision', hidden, 1, 9 * layers),
  ]
}
