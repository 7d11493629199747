"""Headers of small GGUF files as llama.cpp's own gguf-py writes and reads them -> gguf-golden.json

pip install gguf==0.19.0 && python gguf-golden.py
"""
import base64
import json
import tempfile
from pathlib import Path

import numpy as np
from gguf import GGUFReader, GGUFWriter
from gguf.constants import GGML_QUANT_SIZES
from gguf.constants import GGMLQuantizationType as Q

HIDDEN, VOCAB, LAYERS = 512, 320, 3


def attention(heads, kv, dim, types, norms=False):
  return {
    'attn_q.weight': ((heads * dim, HIDDEN), types[0]),
    'attn_k.weight': ((kv * dim, HIDDEN), types[0]),
    'attn_v.weight': ((kv * dim, HIDDEN), types[1]),
    'attn_output.weight': ((HIDDEN, heads * dim), types[0]),
    **({n: ((dim,), Q.F32) for n in ('attn_q_norm.weight', 'attn_k_norm.weight')} if norms else {}),
  }


def mlp(width, types, suffix=''):
  return {
    f'ffn_gate{suffix}.weight': ((width, HIDDEN), types[0]),
    f'ffn_up{suffix}.weight': ((width, HIDDEN), types[0]),
    f'ffn_down{suffix}.weight': ((HIDDEN, width), types[1]),
  }


def experts(count, width, types):
  return {
    'ffn_gate_inp.weight': ((count, HIDDEN), Q.F32),
    'ffn_gate_exps.weight': ((count, width, HIDDEN), types[0]),
    'ffn_up_exps.weight': ((count, width, HIDDEN), types[0]),
    'ffn_down_exps.weight': ((count, HIDDEN, width), types[1]),
  }


def norms(*names):
  return {f'{name}.weight': ((HIDDEN,), Q.F32) for name in names}


K = (Q.Q4_K, Q.Q6_K)
CASES = {
  'llama': dict(
    keys={'feed_forward_length': 768, 'attention.head_count': 8, 'attention.head_count_kv': 2, 'rope.dimension_count': 64,
          'context_length': 2048, 'vocab_size': VOCAB},
    layer=lambda n: {**norms('attn_norm', 'ffn_norm'), **attention(8, 2, 64, K), **mlp(768, K)},
    outside={'output.weight': ((VOCAB, HIDDEN), Q.Q6_K), 'rope_freqs.weight': ((32,), Q.F32)}),
  'qwen3moe': dict(
    keys={'feed_forward_length': 768, 'attention.head_count': 4, 'attention.head_count_kv': 2, 'attention.key_length': 128,
          'attention.value_length': 128, 'expert_count': 8, 'expert_used_count': 2, 'expert_feed_forward_length': 256,
          'context_length': 4096},
    layer=lambda n: {**norms('attn_norm', 'ffn_norm'), **attention(4, 2, 128, (Q.Q8_0, Q.BF16), True),
                     **experts(8, 256, (Q.IQ4_XS, Q.Q5_K))},
    outside={'output.weight': ((VOCAB, HIDDEN), Q.Q8_0)}),
  'gemma3': dict(
    keys={'feed_forward_length': 1024, 'attention.head_count': 4, 'attention.head_count_kv': [1, 1, 1],
          'attention.key_length': 256, 'attention.value_length': 256, 'attention.sliding_window': 512,
          'context_length': 8192},
    layer=lambda n: {**norms('attn_norm', 'ffn_norm', 'post_attention_norm', 'post_ffw_norm'),
                     **attention(4, 1, 256, (Q.Q4_0, Q.Q4_0), True), **mlp(1024, (Q.Q4_0, Q.Q4_1))},
    outside={}),
  'deepseek2': dict(
    keys={'feed_forward_length': 1024, 'attention.head_count': 8, 'attention.head_count_kv': 1,
          'attention.q_lora_rank': 256, 'attention.kv_lora_rank': 192, 'attention.key_length': 256,
          'attention.value_length': 192, 'attention.key_length_mla': 96, 'attention.value_length_mla': 32,
          'rope.dimension_count': 64, 'leading_dense_block_count': 1, 'expert_count': 8, 'expert_used_count': 2,
          'expert_shared_count': 1, 'expert_feed_forward_length': 256, 'context_length': 4096},
    layer=lambda n: {
      **norms('attn_norm', 'ffn_norm'),
      'attn_q_a.weight': ((256, HIDDEN), Q.Q8_0), 'attn_q_a_norm.weight': ((256,), Q.F32),
      'attn_q_b.weight': ((8 * 96, 256), Q.Q8_0), 'attn_kv_a_mqa.weight': ((192 + 64, HIDDEN), Q.Q8_0),
      'attn_kv_a_norm.weight': ((192,), Q.F32), 'attn_k_b.weight': ((8, 192, 32), Q.Q8_0),
      'attn_v_b.weight': ((8, 32, 192), Q.Q8_0), 'attn_output.weight': ((HIDDEN, 8 * 32), Q.Q4_K),
      **(mlp(1024, K) if n == 0 else {**experts(8, 256, K), 'exp_probs_b.bias': ((8,), Q.F32), **mlp(256, K, '_shexp')})},
    outside={'output.weight': ((VOCAB, HIDDEN), Q.Q6_K)}),
}


def write(path, name, case):
  writer = GGUFWriter(path, name)
  for key, value in {'embedding_length': HIDDEN, 'block_count': LAYERS, **case['keys']}.items():
    (writer.add_array if isinstance(value, list) else writer.add_uint32)(f'{name}.{key}', value)
  writer.add_float32(f'{name}.attention.layer_norm_rms_epsilon', 1e-5)
  writer.add_name('Small <b>test</b>')
  writer.add_token_list([f'token {n}' for n in range(VOCAB)])
  writer.add_bool('tokenizer.ggml.add_bos_token', True)
  tensors = {'token_embd.weight': ((VOCAB, HIDDEN), Q.Q6_K), **norms('output_norm'), **case['outside']}
  for n in range(LAYERS):
    tensors |= {f'blk.{n}.{tensor}': rest for tensor, rest in case['layer'](n).items()}
  for tensor, (shape, kind) in tensors.items():
    block, size = GGML_QUANT_SIZES[kind]
    rows = (*shape[:-1], shape[-1] // block * size)
    data = np.zeros(shape, np.float32) if kind == Q.F32 else np.zeros(rows, np.uint8)
    writer.add_tensor(tensor, data, raw_dtype=None if kind == Q.F32 else kind)
  writer.write_header_to_file()
  writer.write_kv_data_to_file()
  writer.write_tensors_to_file()
  writer.close()


def main():
  golden = {}
  with tempfile.TemporaryDirectory() as folder:
    for name, case in CASES.items():
      path = Path(folder) / f'{name}.gguf'
      write(path, name, case)
      reader = GGUFReader(path)
      golden[name] = {
        'elements': sum(int(t.n_elements) for t in reader.tensors),
        'tensors': [[t.name, [int(d) for d in t.shape], t.tensor_type.name, int(t.n_bytes)] for t in reader.tensors],
        'header': base64.b64encode(path.read_bytes()[:reader.data_offset]).decode(),
      }
  lines = [f'{json.dumps(name)}: {json.dumps(row, separators=(",", ":"))}' for name, row in golden.items()]
  Path(__file__).with_suffix('.json').write_text('{\n' + ',\n'.join(lines) + '\n}\n')


main()
