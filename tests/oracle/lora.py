"""How many parameters does a LoRA train? -> golden/lora.json

peft on real models on the meta device. Each run: targets, rank, options, trainable parameters and the shapes of the
trained tensors per module path, or peft's words where it refuses.
"""
import re
import sys
import time
from collections import Counter

import torch
import transformers
from architectures import build, config_of, supported
from golden import leave, read, versions, write
from peft import LoraConfig, get_peft_model
from tasks import targets_of

MODELS = {  # name: layers to build (None: all). Layers only bound the time where experts are many
  'meta-llama/Meta-Llama-3-8B': None, 'meta-llama/Llama-2-7b-hf': None, 'meta-llama/Llama-3.1-70B': None,
  'mistralai/Mistral-7B-v0.1': None, 'Qwen/Qwen2.5-7B': None, 'Qwen/Qwen3-8B': None, 'google/gemma-2-9b': None,
  'google/gemma-3-1b-it': None, 'microsoft/Phi-3-mini-4k-instruct': None, 'microsoft/phi-2': None, 'openai-community/gpt2-xl': None,
  'EleutherAI/pythia-6.9b': None, 'tiiuae/falcon-7b': None, 'tiiuae/falcon-40b': None, 'facebook/opt-6.7b': None,
  'bigscience/bloom-7b1': None, 'mosaicml/mpt-7b': None, 'mistralai/Mixtral-8x7B-v0.1': None, 'Qwen/Qwen3-30B-A3B': 4,
  'deepseek-ai/DeepSeek-V2-Lite': 4, 'deepseek-ai/DeepSeek-V3': 4, 'openai/gpt-oss-20b': None, 'allenai/OLMo-2-1124-7B': None,
  'ibm-granite/granite-3.3-8b-instruct': None, 'zai-org/GLM-4-9B-0414': None, 'state-spaces/mamba-2.8b-hf': None,
  'tiiuae/Falcon-H1-7B-Base': None, 'meta-llama/Llama-3.2-1B': None, 'LiquidAI/LFM2-1.2B': None,
}
MLP = {'gpt2': ['c_attn', 'c_proj', 'c_fc'], 'phi3': ['qkv_proj', 'o_proj', 'gate_up_proj', 'down_proj'],
       'falcon': ['query_key_value', 'dense', 'dense_h_to_4h', 'dense_4h_to_h'], 'mpt': ['Wqkv', 'out_proj', 'up_proj', 'down_proj'],
       'gpt_neox': ['query_key_value', 'dense', 'dense_h_to_4h', 'dense_4h_to_h'],
       'bloom': ['query_key_value', 'dense', 'dense_h_to_4h', 'dense_4h_to_h'], 'phi': ['q_proj', 'k_proj', 'v_proj', 'dense', 'fc1', 'fc2'],
       'opt': ['q_proj', 'k_proj', 'v_proj', 'out_proj', 'fc1', 'fc2']}
SEVEN = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']


def runs_of(model):
  kind = model.config.model_type
  default = targets_of(kind, 'lora-qv')
  yield dict(target_modules=default, r=8)
  yield dict(target_modules=default, r=16, use_rslora=True)
  yield dict(target_modules=default, r=8, use_dora=True)
  yield dict(target_modules='all-linear', r=8)
  yield dict(target_modules='all-linear', r=64)
  yield dict(target_modules='all-linear', r=16, use_dora=True)
  yield dict(target_modules=MLP.get(kind, SEVEN), r=16)
  embedding = next(p for p, m in model.named_modules() if m is model.get_input_embeddings()).split('.')[-1]
  head = next(p for p, m in model.named_modules() if m is model.get_output_embeddings()).split('.')[-1]
  yield dict(target_modules='all-linear', r=16, modules_to_save=[embedding, head])
  yield dict(target_modules=[*default, embedding] if isinstance(default, list) else [default, embedding], r=16)


def one(name, layers, options):
  model = build(config_of(name, layers), text_only=True)
  with torch.device('meta'):
    model = get_peft_model(model, LoraConfig(task_type='CAUSAL_LM', lora_alpha=16, **options))
  shapes = Counter()
  for path, p in model.named_parameters():
    if p.requires_grad:
      path = re.sub(r'^base_model\.model\.', '', path).replace('.default', '')
      shapes[re.sub(r'\.\d+(?=\.|$)', '.*', path), tuple(p.shape)] += 1
  trainable, total = model.get_nb_trainable_parameters()
  return {**options, 'trainable': trainable, 'all': total, 'tensors': [[p, list(s), n] for (p, s), n in shapes.items()]}


def describe(name):
  layers = MODELS[name]
  entry = {'transformers': transformers.__version__, 'layers': layers or 'all', 'runs': []}
  for options in runs_of(build(config_of(name, layers), text_only=True)):
    try:
      entry['runs'].append(one(name, layers, options))
    except Exception as e:
      entry['runs'].append({**options, 'refused': f'{type(e).__name__}: {str(e)[:140]}'})
  return entry


def main():
  done = read('lora')['models'] if '--add' in sys.argv else {}
  only = [a for a in sys.argv[1:] if not a.startswith('--')]
  for name in only or MODELS:
    if (name in done and not only) or not supported(name):
      continue
    start = time.time()
    done[name] = describe(name)
    refused = [r['refused'] for r in done[name]['runs'] if 'refused' in r]
    print(f"{name}: {len(done[name]['runs'])} runs, refused {refused} ({time.time() - start:.1f} s)", flush=True)
  write('lora', {'versions': versions('torch', 'peft')}, {n: done[n] for n in MODELS if n in done})


main()
leave()
