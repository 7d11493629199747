"""What transformers keeps after a prompt of 70 tokens, layer by layer, for the small models of switches.json -> caches.json

Real forward passes with random weights on the CPU. Numbers of a layer: elements of its keys, values, states and whatever else it holds.

    pip install torch transformers==5.24.0 && python caches.py
"""
import json
import sys
from collections import Counter
from math import prod
from pathlib import Path

import torch
import transformers
from transformers import CONFIG_MAPPING, AutoModelForCausalLM

transformers.logging.set_verbosity_error()
torch.manual_seed(0)
HERE = Path(__file__).parent
TOKENS = 70
#: Kept other than servers keep it: keys and values repeated for all heads; layers with and without a state out of step; positions among the keys;
#: nothing at all; and DeepSeek-V4, of which compressed-cache.test.ts has the truth.
LEFT_OUT = {'falcon', 'minimax', 'qwen4_exp_text', 'openai-gpt', 'deepseek_v4'}


def held(layer):
  values = list(vars(layer).values())
  values += [v for value in values if isinstance(value, dict) for v in value.values()]
  return sum(prod(v.shape) for v in values if isinstance(v, torch.Tensor) and v.dim() > 1)


def main():
  rows, seen = {}, Counter()
  for row in json.loads((HERE / 'switches.json').read_text()):
    config = dict(row['config'])
    kind = config.pop('model_type')
    name = f'{row["transformers"]} {kind} {seen[row["transformers"], kind]}'
    seen[row['transformers'], kind] += 1
    if kind in LEFT_OUT or 'vision_config' in config or 'text_config' in config:
      continue
    for key in ('bos_token_id', 'eos_token_id', 'time_step_limit'):
      config.pop(key, None)
    try:
      model = AutoModelForCausalLM.from_config(CONFIG_MAPPING[kind](**{**config, 'pad_token_id': 0})).eval()
      with torch.no_grad():
        output = model(torch.randint(3, 200, (1, TOKENS)), use_cache=True)
      cache = getattr(output, 'past_key_values', None) or output.cache_params
      rows[name] = [held(layer) for layer in cache.layers]
    except Exception as problem:  # what this version no longer builds, or cannot run on a CPU
      print(name, type(problem).__name__, str(problem)[:80], file=sys.stderr)
  lines = ',\n'.join(f'  {json.dumps(name)}: {json.dumps(row, separators=(",", ":"))}' for name, row in rows.items())
  (HERE / 'caches.json').write_text('{\n' + lines + '\n}\n')


main()
