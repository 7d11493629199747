"""Headers of small GGUF files as llama.cpp's own gguf-py writes and reads them -> gguf-golden.json

pip install gguf==0.19.0 && python gguf-golden.py
"""
import base64
import json
import re
import tempfile
from pathlib import Path

import numpy as np
from gguf import GGUFReader, GGUFWriter
from gguf.constants import GGML_QUANT_SIZES, MODEL_ARCH_NAMES, MODEL_TENSORS, TENSOR_NAMES
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


def keys(heads, kv, dim, **more):
  return {'attention.head_count': heads, 'attention.head_count_kv': kv, 'attention.key_length': dim,
          'attention.value_length': dim, 'context_length': 4096, **{k.replace('__', '.'): v for k, v in more.items()}}


def bias(**widths):
  return {f'{name}.bias': ((width,), Q.F32) for name, width in widths.items()}


def vectors(**widths):
  return {f'{name}.weight': ((width,), Q.F32) for name, width in widths.items()}


MOE = dict(expert_count=8, expert_used_count=2, expert_feed_forward_length=256)
HEAD = {'output.weight': ((VOCAB, HIDDEN), Q.Q8_0)}
PLAIN = {**attention(4, 2, 128, K)}
NORMED = {**attention(4, 2, 128, K, True)}
PRE = norms('attn_norm', 'ffn_norm')
SHARED = {**mlp(256, K, '_shexp')}
DELTA = dict(ssm__conv_kernel=4, ssm__state_size=64, ssm__group_count=2, ssm__time_step_rank=4, ssm__inner_size=4 * 64,
             full_attention_interval=3)


def delta(n, projections):
  # Two of three layers: 2 key heads and 4 value heads of 64, so 2 * 128 + 256 channels; the third attends through a gate.
  if n == 2:
    return {**NORMED, 'attn_q.weight': ((2 * 4 * 128, HIDDEN), Q.Q4_K)}
  return {**projections, 'ssm_conv1d.weight': ((512, 4), Q.F32), 'ssm_a': ((4,), Q.F32), 'ssm_dt.bias': ((4,), Q.F32),
          'ssm_norm.weight': ((64,), Q.F32), 'ssm_out.weight': ((HIDDEN, 256), Q.Q4_K)}


SPLIT = {'attn_qkv.weight': ((512, HIDDEN), Q.Q4_K), 'attn_gate.weight': ((256, HIDDEN), Q.Q4_K),
         'ssm_beta.weight': ((4, HIDDEN), Q.F32), 'ssm_alpha.weight': ((4, HIDDEN), Q.F32)}
JOINED = {'attn_qkv.weight': ((512, HIDDEN), Q.Q4_K), 'attn_gate.weight': ((256, HIDDEN), Q.Q4_K), 'ssm_ba.weight': ((8, HIDDEN), Q.F32)}
QWEN_MOE = {**experts(8, 256, K), 'ffn_gate_inp_shexp.weight': ((HIDDEN,), Q.F32), **mlp(512, K, '_shexp')}
POST = norms('attn_norm', 'post_attention_norm')


def dense_first(n, *more):
  return {**norms('attn_norm'), **(mlp(1024, K) if n == 0 else {**experts(8, 256, K), 'exp_probs_b.bias': ((8,), Q.F32), **SHARED}),
          **{k: v for part in more for k, v in part.items()}}


DENSE_FIRST = dict(feed_forward_length=1024, leading_dense_block_count=1, expert_shared_count=1, **MOE)
CASES |= {
  'qwen2vl': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside=HEAD,
    layer=lambda n: {**PRE, **PLAIN, **bias(attn_q=512, attn_k=256, attn_v=256), **mlp(768, K)}),
  'qwen2moe': dict(keys=keys(4, 2, 128, expert_shared_feed_forward_length=512, feed_forward_length=768, **MOE), outside=HEAD,
    layer=lambda n: {**PRE, **PLAIN, **bias(attn_q=512, attn_k=256, attn_v=256), **QWEN_MOE}),
  'qwen3vl': dict(keys=keys(4, 2, 128, feed_forward_length=768, n_deepstack_layers=3), outside={},
    layer=lambda n: {**PRE, **NORMED, **mlp(768, K)}),
  'qwen3vlmoe': dict(keys=keys(4, 2, 128, feed_forward_length=768, **MOE), outside=HEAD,
    layer=lambda n: {**PRE, **NORMED, **experts(8, 256, K)}),
  'qwen3next': dict(keys=keys(4, 2, 128, expert_shared_feed_forward_length=512, feed_forward_length=768, **MOE, **DELTA), outside=HEAD,
    layer=lambda n: {**POST, **delta(n, JOINED), **QWEN_MOE}),
  'qwen35': dict(keys=keys(4, 2, 128, feed_forward_length=768, **DELTA), outside={},
    layer=lambda n: {**POST, **delta(n, SPLIT), **mlp(768, K)}),
  'qwen35moe': dict(keys=keys(4, 2, 128, expert_shared_feed_forward_length=512, **MOE, **DELTA), outside=HEAD,
    layer=lambda n: {**POST, **delta(n, SPLIT), **QWEN_MOE}),
  'gpt-oss': dict(keys=keys(4, 2, 128, attention__sliding_window=128, **MOE), outside=HEAD,
    layer=lambda n: {**POST, **PLAIN, **bias(attn_q=512, attn_k=256, attn_v=256, attn_output=HIDDEN, ffn_gate_inp=8),
                     'attn_sinks.weight': ((4,), Q.F32), **experts(8, 256, (Q.MXFP4, Q.MXFP4)),
                     'ffn_gate_exps.bias': ((8, 256), Q.F32), 'ffn_up_exps.bias': ((8, 256), Q.F32),
                     'ffn_down_exps.bias': ((8, HIDDEN), Q.F32)}),
  'glm4': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside=HEAD,
    layer=lambda n: {**norms('attn_norm', 'ffn_norm', 'post_attention_norm', 'post_ffw_norm'), **PLAIN, **bias(attn_q=512, attn_k=256, attn_v=256),
                     'ffn_up.weight': ((1536, HIDDEN), Q.Q4_K), 'ffn_down.weight': ((HIDDEN, 768), Q.Q4_K)}),
  'glm4moe': dict(keys=keys(4, 2, 128, **DENSE_FIRST), outside=HEAD,
    layer=lambda n: dense_first(n, norms('post_attention_norm'), NORMED, bias(attn_q=512, attn_k=256, attn_v=256))),
  'dots1': dict(keys=keys(4, 2, 128, **DENSE_FIRST), outside=HEAD, layer=lambda n: dense_first(n, norms('ffn_norm'), NORMED)),
  'bailingmoe2': dict(keys=keys(4, 2, 128, **DENSE_FIRST), outside=HEAD,
    layer=lambda n: dense_first(n, norms('ffn_norm'), {'attn_qkv.weight': ((1024, HIDDEN), Q.Q4_K), 'attn_output.weight': ((HIDDEN, 512), Q.Q4_K)},
                                vectors(attn_q_norm=128, attn_k_norm=128))),
  'minimax-m2': dict(keys=keys(4, 2, 128, feed_forward_length=256, **MOE), outside=HEAD,
    layer=lambda n: {**PRE, **PLAIN, **vectors(attn_q_norm=512, attn_k_norm=256), **experts(8, 256, K), 'exp_probs_b.bias': ((8,), Q.F32)}),
  'llama4': dict(keys=keys(4, 2, 128, feed_forward_length=1024, interleave_moe_layer_step=2, **MOE), outside=HEAD,
    layer=lambda n: {**PRE, **PLAIN, **({**experts(8, 256, K), **SHARED} if n == 1 else mlp(1024, K))}),
  'granite': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside={}, layer=lambda n: {**PRE, **PLAIN, **mlp(768, K)}),
  'smollm3': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside={}, layer=lambda n: {**PRE, **PLAIN, **mlp(768, K)}),
  'ernie4_5': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside={}, layer=lambda n: {**PRE, **PLAIN, **mlp(768, K)}),
  'hunyuan-dense': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside={}, layer=lambda n: {**PRE, **NORMED, **mlp(768, K)}),
  'seed_oss': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside=HEAD,
    layer=lambda n: {**POST, **PLAIN, **bias(attn_q=512, attn_k=256, attn_v=256), **mlp(768, K)}),
  'olmo2': dict(keys=keys(4, 4, 128, feed_forward_length=768), outside=HEAD,
    layer=lambda n: {**norms('post_attention_norm', 'post_ffw_norm'), **attention(4, 4, 128, K), **vectors(attn_q_norm=512, attn_k_norm=512), **mlp(768, K)}),
  'exaone4': dict(keys=keys(4, 2, 128, feed_forward_length=768, attention__sliding_window=256), outside=HEAD,
    layer=lambda n: {**norms('post_attention_norm', 'post_ffw_norm'), **NORMED, **mlp(768, K)}),
  'command-r': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside={}, layer=lambda n: {**norms('attn_norm'), **PLAIN, **mlp(768, K)}),
  'cohere2': dict(keys=keys(4, 2, 128, feed_forward_length=768, attention__sliding_window=256), outside={},
    layer=lambda n: {**norms('attn_norm'), **PLAIN, **mlp(768, K)}),
  'lfm2': dict(keys=keys(8, [0, 2, 0], 64, feed_forward_length=768, shortconv__l_cache=3), outside={}, final='token_embd_norm',
    layer=lambda n: {**PRE, **mlp(768, K), **(attention(8, 2, 64, K, True) if n == 1 else {
      'shortconv.conv.weight': ((HIDDEN, 3), Q.F32), 'shortconv.in_proj.weight': ((3 * HIDDEN, HIDDEN), Q.Q4_K),
      'shortconv.out_proj.weight': ((HIDDEN, HIDDEN), Q.Q4_K)})}),
}


#: One LayerNorm each, weight and bias.
def layer_norms(*names):
  return {f'{name}.{part}': ((HIDDEN,), Q.F32) for name in names for part in ('weight', 'bias')}


# Mamba-2: 8 heads of 64, 2 groups, 16 states.
SSM = dict(ssm__conv_kernel=4, ssm__inner_size=512, ssm__state_size=16, ssm__group_count=2, ssm__time_step_rank=8)


def mamba2(norm=True):
  channels = 512 + 2 * 2 * 16
  return {'ssm_in.weight': ((512 + channels + 8, HIDDEN), Q.Q4_K), 'ssm_conv1d.weight': ((channels, 4), Q.F32),
          'ssm_conv1d.bias': ((channels,), Q.F32), 'ssm_dt.bias': ((8,), Q.F32), 'ssm_a': ((8, 1), Q.F32), 'ssm_d': ((8, 1), Q.F32),
          **({'ssm_norm.weight': ((2, 256), Q.F32)} if norm else {}), 'ssm_out.weight': ((HIDDEN, 512), Q.Q4_K)}


UP_DOWN = {'ffn_up.weight': ((768, HIDDEN), Q.Q4_K), 'ffn_down.weight': ((HIDDEN, 768), Q.Q6_K)}
QKV_BIAS = bias(attn_q=512, attn_k=256, attn_v=256)
LATENT = {'attention.head_count': 8, 'attention.head_count_kv': 1, 'attention.q_lora_rank': 256, 'attention.kv_lora_rank': 192,
          'attention.key_length': 256, 'attention.value_length': 192, 'attention.key_length_mla': 96, 'attention.value_length_mla': 32,
          'rope.dimension_count': 64, 'context_length': 4096, **{k.replace('__', '.'): v for k, v in DENSE_FIRST.items()}}


def latent(n, *more):
  return {**CASES['deepseek2']['layer'](n), **{k: v for part in more for k, v in part.items()}}


def without(tensors, *names):
  return {k: v for k, v in tensors.items() if k not in names}


CASES |= {
  'granitemoe': dict(keys=keys(4, 2, 128, feed_forward_length=256, expert_count=8, expert_used_count=2, expert_shared_feed_forward_length=256),
    outside={}, layer=lambda n: {**PRE, **PLAIN, **experts(8, 256, K), **SHARED}),
  'granitehybrid': dict(keys={**keys(4, 2, 128, feed_forward_length=256, expert_count=8, expert_used_count=2,
                                     expert_shared_feed_forward_length=256, **SSM), 'attention.head_count_kv': [0, 2, 0]},
    outside={}, layer=lambda n: {**PRE, **(PLAIN if n == 1 else mamba2()), **experts(8, 256, K), **SHARED}),
  'nemotron_h': dict(keys={**keys(4, 2, 128, **SSM), 'attention.head_count_kv': [0, 2, 0], 'feed_forward_length': [0, 0, 768]}, outside=HEAD,
    layer=lambda n: {**norms('attn_norm'), **(mamba2(), PLAIN, UP_DOWN)[n]}),
  'nemotron_h_moe': dict(keys={**keys(4, 2, 128, expert_shared_count=1, expert_shared_feed_forward_length=512, **MOE, **SSM),
                               'attention.head_count_kv': [0, 2, 0], 'feed_forward_length': [0, 0, 256]}, outside=HEAD,
    layer=lambda n: {**norms('attn_norm'), **(mamba2(), PLAIN, {
      **without(experts(8, 256, K), 'ffn_gate_exps.weight'), 'exp_probs_b.bias': ((8,), Q.F32),
      **without(mlp(512, K, '_shexp'), 'ffn_gate_shexp.weight')})[n]}),
  'nemotron': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside={**HEAD, 'output_norm.bias': ((HIDDEN,), Q.F32)},
    layer=lambda n: {**layer_norms('attn_norm', 'ffn_norm'), **PLAIN, **UP_DOWN}),
  'falcon-h1': dict(keys=keys(4, 2, 128, feed_forward_length=768, **SSM), outside=HEAD,
    layer=lambda n: {**PRE, **PLAIN, **mamba2(False), **mlp(768, K)}),
  'minicpm': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside={}, layer=lambda n: {**PRE, **PLAIN, **mlp(768, K)}),
  'llada': dict(keys=keys(4, 4, 128, feed_forward_length=768), outside=HEAD, layer=lambda n: {**PRE, **attention(4, 4, 128, K), **mlp(768, K)}),
  'dream': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside=HEAD, layer=lambda n: {**PRE, **PLAIN, **QKV_BIAS, **mlp(768, K)}),
  'arcee': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside=HEAD, layer=lambda n: {**PRE, **PLAIN, **UP_DOWN}),
  'exaone': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside=HEAD, layer=lambda n: {**PRE, **PLAIN, **mlp(768, K)}),
  'internlm2': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside=HEAD, layer=lambda n: {**PRE, **PLAIN, **mlp(768, K)}),
  'starcoder2': dict(keys=keys(4, 2, 128, feed_forward_length=768), outside={'output_norm.bias': ((HIDDEN,), Q.F32)},
    layer=lambda n: {**layer_norms('attn_norm', 'ffn_norm'), **PLAIN, **QKV_BIAS, **UP_DOWN, **bias(attn_output=HIDDEN, ffn_up=768, ffn_down=HIDDEN)}),
  'phi2': dict(keys=keys(4, 4, 128, feed_forward_length=768),
    outside={**HEAD, 'output.bias': ((VOCAB,), Q.F32), 'output_norm.bias': ((HIDDEN,), Q.F32)},
    layer=lambda n: {**layer_norms('attn_norm'), 'attn_qkv.weight': ((1536, HIDDEN), Q.Q4_K), 'attn_output.weight': ((HIDDEN, HIDDEN), Q.Q4_K),
                     **UP_DOWN, **bias(attn_qkv=1536, attn_output=HIDDEN, ffn_up=768, ffn_down=HIDDEN)}),
  'olmoe': dict(keys=keys(4, 4, 128, feed_forward_length=256, expert_count=8, expert_used_count=2), outside=HEAD,
    layer=lambda n: {**PRE, **attention(4, 4, 128, K), **vectors(attn_q_norm=512, attn_k_norm=512), **experts(8, 256, K)}),
  'stablelm': dict(keys=keys(4, 4, 128, feed_forward_length=768), outside={**HEAD, 'output_norm.bias': ((HIDDEN,), Q.F32)},
    layer=lambda n: {**layer_norms('attn_norm', 'ffn_norm'), **attention(4, 4, 128, K), **bias(attn_q=512, attn_k=512, attn_v=512), **mlp(768, K)}),
  'mistral4': dict(keys=LATENT, outside=HEAD, layer=lambda n: without(latent(n), 'exp_probs_b.bias')),
  'glm-dsa': dict(keys={**LATENT, 'attention.indexer.head_count': 4, 'attention.indexer.key_length': 64}, outside=HEAD,
    layer=lambda n: latent(n, vectors(**{'indexer.k_norm': 64}), bias(**{'indexer.k_norm': 64}), {
      'indexer.proj.weight': ((4, HIDDEN), Q.F32), 'indexer.attn_k.weight': ((64, HIDDEN), Q.Q8_0),
      'indexer.attn_q_b.weight': ((256, 256), Q.Q8_0)})),
  'ernie4_5-moe': dict(keys=keys(4, 2, 128, feed_forward_length=1024, leading_dense_block_count=1, interleave_moe_layer_step=1,
                                 expert_shared_count=1, **MOE), outside={},
    layer=lambda n: dense_first(n, norms('ffn_norm'), PLAIN)),
  'hunyuan-moe': dict(keys=keys(4, 2, 128, feed_forward_length=256, expert_shared_count=1, expert_shared_feed_forward_length=256, **MOE), outside={},
    layer=lambda n: {**PRE, **NORMED, **experts(8, 256, K), **SHARED}),
  'lfm2moe': dict(keys={**keys(8, 2, 64, feed_forward_length=768, leading_dense_block_count=1, shortconv__l_cache=3, **MOE),
                        'attention.head_count_kv': [0, 2, 0]}, outside={}, final='token_embd_norm',
    layer=lambda n: {**without(CASES['lfm2']['layer'](n), *(mlp(768, K) if n else {})),
                     **({**experts(8, 256, K), 'exp_probs_b.bias': ((8,), Q.F32)} if n else {})}),
}

# The last layer reads the keys and values of the first, and its MLP is twice as wide; the second attends fully, with wider heads.
CASES['gemma4'] = dict(
  keys={**keys(4, 2, 256, attention__key_length_swa=128, attention__value_length_swa=128, attention__sliding_window=512,
               attention__shared_kv_layers=1, embedding_length_per_layer_input=64),
        'attention.sliding_window_pattern': [True, False, True], 'feed_forward_length': [768, 768, 1536]},
  outside={'per_layer_token_embd.weight': ((VOCAB, 3 * 64), Q.F32), 'per_layer_model_proj.weight': ((3 * 64, HIDDEN), Q.Q8_0),
           'per_layer_proj_norm.weight': ((64,), Q.F32), 'rope_freqs.weight': ((32,), Q.F32)},
  layer=lambda n: {**norms('attn_norm', 'ffn_norm', 'post_attention_norm', 'post_ffw_norm', 'post_norm'),
                   **without(attention(4, 2, 256 if n == 1 else 128, K, True), *(('attn_k.weight', 'attn_v.weight', 'attn_k_norm.weight') if n == 2 else ())),
                   **mlp(1536 if n == 2 else 768, K), 'layer_output_scale.weight': ((1,), Q.F32),
                   'inp_gate.weight': ((64, HIDDEN), Q.Q8_0), 'proj.weight': ((HIDDEN, 64), Q.F32)})


def write(path, name, case):
  writer = GGUFWriter(path, name)
  for key, value in {'embedding_length': HIDDEN, 'block_count': LAYERS, **case['keys']}.items():
    (writer.add_array if isinstance(value, list) else writer.add_uint32)(f'{name}.{key}', value)
  writer.add_float32(f'{name}.attention.layer_norm_rms_epsilon', 1e-5)
  writer.add_name('Small <b>test</b>')
  writer.add_token_list([f'token {n}' for n in range(VOCAB)])
  writer.add_bool('tokenizer.ggml.add_bos_token', True)
  tensors = {'token_embd.weight': ((VOCAB, HIDDEN), Q.Q6_K), **norms(case.get('final', 'output_norm')), **case['outside']}
  for n in range(LAYERS):
    tensors |= {f'blk.{n}.{tensor}': rest for tensor, rest in case['layer'](n).items()}
  known = {TENSOR_NAMES[t].replace('{bid}', '0') for t in MODEL_TENSORS[next(a for a, n in MODEL_ARCH_NAMES.items() if n == name)]}
  for tensor, (shape, kind) in tensors.items():
    # Names are those that llama.cpp's own list has for the architecture.
    assert name == 'gemma3' or re.sub(r'\.(weight|bias)$', '', re.sub(r'^blk\.\d+', 'blk.0', tensor)) in known, (name, tensor)
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
