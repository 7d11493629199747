"""What does one forward pass without gradients need, and how large is the cache? -> golden/inference.json

Prefill of the whole prompt as `transformers` does it (use_cache, logits of the last token or of all), then one decode
step. Real widths and vocabulary, bf16; at most 40 layers, fewer with many experts.
"""
import sys
import time
from collections import Counter
from inspect import signature

import torch
import transformers
from architectures import CONFIGS, build, config_of, supported, text_of
from fake_gpu import fake_gpu
from golden import leave, read, versions, write
from routing import routing_of
from tracker import Tracker, tensors_in

MODELS = [
  'openai-community/gpt2-xl', 'EleutherAI/pythia-6.9b', 'facebook/opt-6.7b', 'bigscience/bloom-7b1', 'tiiuae/falcon-7b',
  'tiiuae/falcon-40b', 'mosaicml/mpt-7b', 'meta-llama/Llama-2-7b-hf', 'meta-llama/Meta-Llama-3-8B',
  'meta-llama/Llama-3.1-70B', 'meta-llama/Llama-3.2-1B', 'mistralai/Mistral-7B-v0.1', 'mistralai/Mixtral-8x7B-v0.1',
  'Qwen/Qwen1.5-MoE-A2.7B', 'Qwen/Qwen2.5-7B', 'Qwen/Qwen3-8B', 'Qwen/Qwen3-30B-A3B', 'Qwen/Qwen3-Next-80B-A3B-Instruct',
  'Qwen/Qwen3.5-27B', 'google/gemma-2b', 'google/gemma-2-9b', 'google/gemma-3-1b-it', 'google/gemma-3-12b-it',
  'google/gemma-4-31B', 'google/gemma-4-E4B', 'google/gemma-4-26B-A4B', 'microsoft/phi-2',
  'microsoft/Phi-3-mini-4k-instruct', 'microsoft/phi-4', 'microsoft/Phi-3.5-MoE-instruct', 'deepseek-ai/DeepSeek-V2-Lite',
  'deepseek-ai/DeepSeek-V3', 'zai-org/glm-4-9b-chat-hf', 'zai-org/GLM-4-9B-0414', 'zai-org/GLM-4.5-Air',
  'openai/gpt-oss-20b', 'bigcode/starcoder2-7b', 'stabilityai/stablelm-2-1_6b-chat', 'allenai/OLMo-7B-hf',
  'allenai/OLMo-2-1124-7B', 'allenai/OLMoE-1B-7B-0924', 'allenai/Olmo-3-7B', 'ibm-granite/granite-3.3-8b-instruct',
  'ibm-granite/granite-3.1-1b-a400m-instruct', 'ibm-granite/granite-4.0-micro', 'ibm-granite/granite-4.0-h-micro',
  'ibm-granite/granite-4.0-h-small', 'state-spaces/mamba-2.8b-hf', 'tiiuae/falcon-mamba-7b-instruct',
  'ai21labs/AI21-Jamba-Mini-1.5', 'tiiuae/Falcon-H1-7B-Base', 'nvidia/Nemotron-H-8B-Base-8K',
  'nvidia/Nemotron-Mini-4B-Instruct', 'LiquidAI/LFM2-1.2B', 'LiquidAI/LFM2-8B-A1B', 'CohereForAI/aya-23-8B',
  'databricks/dbrx-base', 'MiniMaxAI/MiniMax-Text-01-hf', 'MiniMaxAI/MiniMax-M2', 'tencent/Hunyuan-7B-Instruct',
  'tencent/Hunyuan-A13B-Instruct', 'HuggingFaceTB/SmolLM3-3B', 'baidu/ERNIE-4.5-0.3B-PT', 'baidu/ERNIE-4.5-21B-A3B-PT',
  'ByteDance-Seed/Seed-OSS-36B-Instruct', 'swiss-ai/Apertus-8B-2509', 'meta-llama/Llama-4-Scout-17B-16E-Instruct',
]
SHAPES = [(1, 128), (4, 512), (1, 2048), (1, 8192)]
SLOW = {'ibm-granite/granite-4.0-h-micro', 'ibm-granite/granite-4.0-h-small', 'tiiuae/Falcon-H1-7B-Base'}  # no mamba kernels: transformers' own scan
SERIAL = {'state-spaces/mamba-2.8b-hf', 'tiiuae/falcon-mamba-7b-instruct', 'ai21labs/AI21-Jamba-Mini-1.5'}  # loops over tokens
MANY = 150  # expert blocks beyond which layers are left out


def layers_of(name):
  """None for all of them; fewer when experts x layers is large."""
  text = text_of(CONFIGS[name])
  experts, _ = routing_of(text)
  count = next(text[k] for k in ('num_hidden_layers', 'n_layer', 'n_layers') if k in text)
  most = 8 if name in SERIAL else max(6 if 'granite' in name else 4, MANY // experts) if experts > 1 else 40
  return most if count > most else None


def hybrid_cache(model, batch):
  """generate() makes the cache of these families and passes it in; the model alone would go without."""
  module = sys.modules[type(model).__module__]
  for name in ('HybridMambaAttentionDynamicCache', 'FalconHybridMambaAttentionDynamicCache'):
    if hasattr(module, name):
      kwargs = {'devices': ['cuda'] * model.config.num_hidden_layers} if name.startswith('Falcon') else {'device': 'cuda'}
      return {'past_key_values': getattr(module, name)(model.config, batch, dtype=model.dtype, **kwargs)}
  return {}


def measure(model, tracker, batch, sequence, last):
  weights = tracker.live
  ids = torch.ones(batch, sequence, dtype=torch.long, device='cuda')
  tracker.tokens = batch * sequence
  tracker.phase()
  keep = {'logits_to_keep': 1} if last else {}
  out = model(input_ids=ids, use_cache=True, **hybrid_cache(model, batch), **keep)
  peak, _, op = tracker.phase()
  cache = getattr(out, 'past_key_values', None)
  if cache is None:
    cache = getattr(out, 'cache_params', None)
  logits = out.logits
  row = {'b': batch, 's': sequence, 'logits': 'last' if last else 'all', 'peak': peak - weights, 'peakOp': op[5:],
         'logitsBytes': logits.nbytes, 'logitsShape': list(logits.shape)}
  held = tensors_in(cache)
  row['cache'] = sum(held.values())
  row['afterPrefill'] = tracker.live - weights
  return row, cache


def decode(model, tracker, cache, row, weights):
  batch, sequence = row['b'], row['s']
  try:
    key = 'cache_params' if type(cache).__name__.endswith('MambaCache') else 'past_key_values'
    ids = torch.ones(batch, 1, dtype=torch.long, device='cuda')
    position = torch.full((1,), sequence, dtype=torch.long, device='cuda')
    tracker.tokens = batch
    tracker.phase()
    model(input_ids=ids, use_cache=True, cache_position=position, **{key: cache})
    row['decodePeak'] = tracker.phase()[0] - weights
    row['cacheAfterDecode'] = sum(tensors_in(cache).values())
  except Exception as e:
    row['decodeError'] = f'{type(e).__name__}: {str(e)[:120]}'


def by_layer(cache):
  """How many cache layers of each class and size: [[class, bytes, layers], ...]."""
  kinds = Counter((type(layer).__name__, sum(tensors_in(layer).values())) for layer in getattr(cache, 'layers', None) or [])
  return [[kind, size, count] for (kind, size), count in kinds.items()]


def describe(name):
  layers = layers_of(name)
  text = text_of(CONFIGS[name])
  experts, _ = routing_of(text)
  slow = {'slowScan': True} if name in SLOW or name in SERIAL or name.startswith(('nvidia/Nemotron-H', 'Qwen/Qwen3-Next', 'Qwen/Qwen3.5')) else {}
  entry = {'transformers': transformers.__version__, **slow, 'layers': layers or 'all', 'runs': []}
  for attention in ('sdpa', 'eager'):
    with fake_gpu(), torch.no_grad(), Tracker(*routing_of(text)) as tracker:
      try:
        model = build(config_of(name, layers), attention, torch.bfloat16, 'cuda', text_only=True).eval()
      except ValueError as e:
        if 'does not support' not in str(e):
          raise
        continue
      entry['class'] = type(model).__name__
      entry['weights'] = tracker.live
      can_keep = 'logits_to_keep' in signature(model.forward).parameters
      positions = next((text[k] for k in ('max_position_embeddings', 'max_seq_len', 'n_positions') if k in text), 1 << 30)
      shapes = SHAPES[:1] if name in SERIAL else [
        x for x in SHAPES if x[1] < positions and (x[1] < 8192 or attention == 'sdpa' and experts == 1)]
      for batch, sequence in shapes:
        for last in (True, False) if can_keep else (False,):
          before = tracker.live
          row, cache = measure(model, tracker, batch, sequence, last)
          if last or not can_keep:
            row['cacheLayers'] = by_layer(cache)
            row['cacheClass'] = type(cache).__name__
            decode(model, tracker, cache, row, before)
          entry['runs'].append({'attention': attention, **row})
          del cache
      del model
  return entry


def main():
  done = (read('inference') or {}).get('models', {}) if '--add' in sys.argv else {}
  only = [a for a in sys.argv[1:] if not a.startswith('--')]
  for name in only or MODELS:
    if (name in done and not only) or not supported(name):
      continue
    start = time.time()
    try:
      done[name] = describe(name)
      print(f"{name}: {len(done[name]['runs'])} runs ({time.time() - start:.1f} s)", flush=True)
    except Exception as e:
      if only:
        raise
      print(f'{name}: REFUSED {type(e).__name__}: {str(e)[:300]}', flush=True)
    write('inference', {'versions': versions('torch'), 'dtype': 'bfloat16'}, {n: done[n] for n in MODELS if n in done})


main()
leave()
