/** What the Qwen-Omni thinkers hear through: Whisper's encoder behind two or three convolutions. Counted as `vision`. */
import type { Tensor } from '../../architecture.ts'
import { columnLinear, rowLinear, table, vector } from '../../tensors.ts'
import { norm } from '../assemble.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { projector } from './parts.ts'

/** Qwen2.5-Omni. */
export function qwen25OmniAudio(audio: ConfigReader, hidden: number): Tensor[] {
  const width = audio.count('d_model')
  const out = audio.optionalCount('output_dim') ?? hidden
  const mels = audio.optionalCount('num_mel_bins') ?? 128
  return [
    ...whisper(audio, width, false),
    table('audio.conv1', 'vision', width, 3 * mels),
    table('audio.conv2', 'vision', width, 3 * width),
    vector('audio.conv.bias', 'vision', width, 1, 2),
    table('audio.audio_bos_eos_token', 'vision', 2, out),
    ...projector('audio.proj', out, width, true),
  ]
}

/** Qwen2-Audio: Whisper with its positions. */
export const qwen2Audio = (audio: ConfigReader, hidden: number): Tensor[] => [
  ...wholeWhisper(audio),
  ...projector('projector.linear', hidden, audio.count(WIDTH), true),
]

/** Voxtral: … and four steps of time at once. */
export const voxtralAudio = (audio: ConfigReader, hidden: number): Tensor[] => [
  ...wholeWhisper(audio),
  ...projector('projector.linear_1', hidden, audio.count(['encoder_ffn_dim', 'intermediate_size']), false),
  ...projector('projector.linear_2', hidden, hidden, false),
]

const WIDTH = ['d_model', 'hidden_size'] as const

function wholeWhisper(audio: ConfigReader): Tensor[] {
  const width = audio.count(WIDTH)
  return [
    ...whisper(audio, width, false),
    table('audio.conv1', 'vision', width, 3 * (audio.optionalCount('num_mel_bins') ?? 128)),
    table('audio.conv2', 'vision', width, 3 * width),
    vector('audio.conv.bias', 'vision', width, 1, 2),
    table('audio.embed_positions', 'vision', audio.optionalCount('max_source_positions') ?? 1500, width),
  ]
}

/** Qwen3-Omni: images of sound, halved three times. */
export function qwen3OmniAudio(audio: ConfigReader, hidden: number): Tensor[] {
  const width = audio.count('d_model')
  const between = audio.count('downsample_hidden_size')
  const mels = audio.optionalCount('num_mel_bins') ?? 128
  const halved = Math.ceil(Math.ceil(Math.ceil(mels / 2) / 2) / 2)
  return [
    ...whisper(audio, width, true),
    table('audio.conv2d1', 'vision', between, 9),
    table('audio.conv2d', 'vision', between, 9 * between, 1, 2),
    vector('audio.conv2d.bias', 'vision', between, 1, 3),
    ...projector('audio.conv_out', width, between * halved, false),
    ...projector('audio.proj1', width, width, true),
    ...projector('audio.proj2', audio.optionalCount('output_dim') ?? hidden, width, true),
  ]
}

/** Whisper's keys have no bias. */
function whisper(audio: ConfigReader, width: number, keyBias: boolean): Tensor[] {
  const count = audio.count(['encoder_layers', 'num_hidden_layers'], LIMITS.layers)
  const heads = audio.count(['encoder_attention_heads', 'num_attention_heads'], LIMITS.heads)
  const intermediate = audio.count(['encoder_ffn_dim', 'intermediate_size'])
  const square = { out: width, in: width, count }
  return [
    ...columnLinear('audio.layers.k_proj', 'vision', heads, { ...square, bias: keyBias }),
    ...['q', 'v'].flatMap((name) =>
      columnLinear(`audio.layers.${name}_proj`, 'vision', heads, { ...square, bias: true }),
    ),
    ...rowLinear('audio.layers.out_proj', 'vision', heads, { ...square, bias: true }),
    ...norm('audio.layers.norm', 'layer', width, 'vision', 2 * count),
    ...columnLinear('audio.layers.fc1', 'vision', intermediate, { out: intermediate, in: width, bias: true, count }),
    ...rowLinear('audio.layers.fc2', 'vision', intermediate, { out: width, in: intermediate, bias: true, count }),
    ...norm('audio.ln_post', 'layer', width, 'vision'),
  ]
}
