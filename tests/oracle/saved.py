"""What does autograd keep for backward, layer by layer? -> golden/saved.json and golden/saved-detail.json

Real widths and vocabulary, a few layers (the kinds a model has), train mode, HF's own loss, an all-ones attention mask.
saved.json has the bytes of every run; saved-detail.json the tensors behind them, at one shape.
"""
import re
import sys
import time
from collections import Counter

import torch
import transformers
from architectures import CONFIGS, supported, text_of
from fake_gpu import fake_gpu
from golden import leave, read, versions, write
from routing import routing_of
from saved_tensors import Watcher, layers_path, record
from tasks import autocast, prepare

MODELS = {  # name: how many of its first layers (all kinds of layer are among them)
  'meta-llama/Meta-Llama-3-8B': 3, 'meta-llama/Llama-2-7b-hf': 3, 'meta-llama/Llama-3.2-1B': 3, 'mistralai/Mistral-7B-v0.1': 3,
  'Qwen/Qwen2.5-7B': 3, 'Qwen/Qwen3-8B': 3, 'google/gemma-2b': 3, 'google/gemma-2-9b': 4, 'google/gemma-3-1b-it': 6,
  'microsoft/phi-2': 3, 'microsoft/Phi-3-mini-4k-instruct': 3, 'openai-community/gpt2-xl': 3, 'EleutherAI/pythia-6.9b': 3,
  'tiiuae/falcon-7b': 3, 'tiiuae/falcon-40b': 3, 'facebook/opt-6.7b': 3, 'bigscience/bloom-7b1': 3, 'mosaicml/mpt-7b': 3,
  'mistralai/Mixtral-8x7B-v0.1': 3, 'Qwen/Qwen3-30B-A3B': 3, 'Qwen/Qwen1.5-MoE-A2.7B': 3, 'allenai/OLMoE-1B-7B-0924': 3,
  'deepseek-ai/DeepSeek-V2-Lite': 3, 'deepseek-ai/DeepSeek-V3': 5, 'openai/gpt-oss-20b': 4, 'zai-org/GLM-4.5-Air': 3,
  'allenai/OLMo-7B-hf': 3, 'allenai/OLMo-2-1124-7B': 3, 'allenai/Olmo-3-7B': 4, 'ibm-granite/granite-3.3-8b-instruct': 3,
  'ibm-granite/granite-4.0-h-micro': 6, 'zai-org/glm-4-9b-chat-hf': 3, 'zai-org/GLM-4-9B-0414': 3, 'bigcode/starcoder2-7b': 3,
  'stabilityai/stablelm-2-1_6b-chat': 3, 'CohereForAI/aya-23-8B': 3, 'HuggingFaceTB/SmolLM3-3B': 4, 'nvidia/Nemotron-Mini-4B-Instruct': 3,
  'LiquidAI/LFM2-1.2B': 4, 'tiiuae/Falcon-H1-7B-Base': 3, 'state-spaces/mamba-2.8b-hf': 3,
  'meta-llama/Llama-4-Scout-17B-16E-Instruct': 4, 'databricks/dbrx-base': 3, 'swiss-ai/Apertus-8B-2509': 3,
  'google/gemma-4-31B': 6, 'google/gemma-4-E4B': 6, 'nvidia/Nemotron-H-8B-Base-8K': 8, 'MiniMaxAI/MiniMax-M2': 3,
}
NF4 = {'meta-llama/Meta-Llama-3-8B', 'meta-llama/Llama-2-7b-hf', 'meta-llama/Llama-3.2-1B', 'mistralai/Mistral-7B-v0.1', 'Qwen/Qwen2.5-7B',
       'Qwen/Qwen3-8B', 'google/gemma-2-9b', 'google/gemma-3-1b-it', 'microsoft/Phi-3-mini-4k-instruct', 'EleutherAI/pythia-6.9b',
       'google/gemma-4-31B'}
LOOPS = {'state-spaces/mamba-2.8b-hf'}  # a Python loop over the sequence: short ones only
SHAPES = [(1, 512), (2, 512), (1, 1024)]
DETAIL = (2, 512)
DETAILED = {('sdpa', 'bf16', 'full'), ('eager', 'bf16', 'full'), ('sdpa', 'amp', 'full'), ('sdpa', 'bf16+amp', 'lora-qv'),
            ('sdpa', 'bf16+amp', 'lora-all'), ('sdpa', 'nf4+amp', 'lora-all')}
DROPOUT = {'openai-community/gpt2-xl': 0.1, 'facebook/opt-6.7b': 0.1, 'meta-llama/Meta-Llama-3-8B': 0.1}


def runs_of(name):
  """Every run of a model: dicts of attention, mode, task, checkpointing, dropout, padded, shapes."""
  if name in LOOPS:
    for mode in ('bf16', 'amp'):
      yield dict(attention='sdpa', mode=mode, task='full', shapes=SHAPES[1:])
    return
  for attention in ('sdpa', 'eager'):
    for mode in ('bf16', 'amp', 'fp32'):
      yield dict(attention=attention, mode=mode, task='full', shapes=SHAPES)
  for mode in ('bf16', 'amp'):
    yield dict(attention='sdpa', mode=mode, task='full', checkpointing=True, shapes=SHAPES[1:])
  yield dict(attention='sdpa', mode='bf16', task='full', padded=True, shapes=SHAPES[1:])
  for task in ('lora-qv', 'lora-all'):
    for mode in ('bf16', 'bf16+amp', 'amp'):
      yield dict(attention='sdpa', mode=mode, task=task, shapes=SHAPES[1:])
    yield dict(attention='eager', mode='bf16+amp', task=task, shapes=[DETAIL])
    yield dict(attention='sdpa', mode='bf16+amp', task=task, checkpointing=True, shapes=SHAPES[1:])
    for mode in ('nf4+amp', 'nf4-bare+amp') if name in NF4 else ():
      yield dict(attention='sdpa', mode=mode, task=task, shapes=[DETAIL])
    if name in NF4:
      yield dict(attention='sdpa', mode='nf4+amp', task=task, checkpointing=True, shapes=SHAPES[1:])
  if name in DROPOUT:
    yield dict(attention='sdpa', mode='bf16', task='full', dropout=DROPOUT[name], shapes=SHAPES[1:])
    yield dict(attention='eager', mode='bf16', task='full', dropout=DROPOUT[name], shapes=SHAPES[1:])
    yield dict(attention='eager', mode='amp', task='full', dropout=DROPOUT[name], shapes=[DETAIL])
    for task in ('lora-qv', 'lora-all'):
      for mode in ('bf16', 'bf16+amp'):
        yield dict(attention='sdpa', mode=mode, task=task, loraDropout=0.05, shapes=SHAPES[1:])


def star(path):
  return re.sub(r'\.\d+(?=\.|$)', '.*', path)


def summed(entries, inside):
  """[[module, consumers, shape, bytes each, how many], ...]; inside: the layer's own path is cut off."""
  rows = Counter()
  for e in entries:
    module = star(re.sub(rf'^{inside}\.\d+\.?', '', e['module'])) if inside else star(e['module'])
    note = 'weight copy' if e['weightCopy'] else 'shared' if e.get('shared') else ''
    rows[module, '+'.join(e['by']) + (f' ({note})' if note else ''), e['shape'], e['bytes']] += 1
  return [[*row, count] for row, count in rows.items()]


def grouped(layers):
  """Layers that keep the same, together: [[indices, value], ...]."""
  groups = []
  for index, value in layers:
    for group in groups:
      if group[1] == value:
        group[0].append(index)
        break
    else:
      groups.append([[index], value])
  return groups


def total(entries):
  return sum(e['bytes'] for e in entries)


def one(name, layers, options, batch, sequence, with_detail):
  options = dict(options)
  padded, lora_dropout = options.pop('padded', False), options.pop('loraDropout', 0.0)
  options.pop('shapes')
  with fake_gpu(), Watcher(*routing_of(text_of(CONFIGS[name]))) as watcher:
    model = prepare(name, layers, lora_dropout=lora_dropout, **options)
    watcher.truth, watcher.tokens = not padded, batch * sequence
    ids = torch.ones(batch, sequence, dtype=torch.long, device='cuda')
    mask = torch.ones_like(ids)
    cache = {} if 'mamba' in type(model).__name__.lower() else {'use_cache': False}
    before = set(watcher.sizes)

    def forward():
      with autocast(options['mode']):
        return model(input_ids=ids, attention_mask=mask, labels=ids, **cache).loss

    loss, kept = record(model, watcher, forward)
    inside = re.sub(r'^base_model\.model\.', '', layers_path(model))
    made = Counter()
    for key, size in watcher.sizes.items():
      if key not in before:
        place = re.match(rf'^{re.escape(inside)}\.(\d+)', watcher.made.get(key, ''))
        made[int(place[1]) if place else None] += size
    count = len(model.get_submodule(layers_path(model)))
    mine = {i: [e for e in kept if e['layer'] == i and not e['weightCopy']] for i in range(count)}
    outside = [e for e in kept if e['layer'] is None and not e['weightCopy']]
    row = {**options, **({'padded': True} if padded else {}), **({'loraDropout': lora_dropout} if lora_dropout else {}),
           'b': batch, 's': sequence}
    if options.get('checkpointing'):
      row['layers'] = grouped([(i, made[i]) for i in range(count)])
      row['outside'] = made[None]
    else:
      row['layers'] = grouped([(i, total(mine[i])) for i in range(count)])
      row['outside'] = total(e for e in outside if not e.get('shared'))
      row['shared'] = total(e for e in outside if e.get('shared'))
      row['weightCopies'] = total(e for e in kept if e['weightCopy'])
    row['live'] = sum(made.values())
    detail = None
    if with_detail:
      detail = {'outside': summed(outside, None), 'layers': grouped([(i, summed(mine[i], inside)) for i in range(count)])}
    del loss
  return row, detail


def key_of(row):
  return tuple(sorted((k, v) for k, v in row.items() if k not in ('layers', 'outside', 'shared', 'weightCopies', 'live', 'shapes') and v))


def describe(name, before):
  """before: what an interrupted run has done of this model."""
  entry = {'transformers': transformers.__version__, 'layers': MODELS[name], 'runs': []}
  have = {key_of(row): row for row in before['runs']}
  details, refused, seen, only_eager = [], [], set(), False
  for options in runs_of(name):
    for batch, sequence in options['shapes']:
      if name in LOOPS:
        sequence //= 8
      for attention in ('eager',) if only_eager else (options['attention'], 'eager'):  # eager where a family has no sdpa
        options = {**options, 'attention': attention}
        key = str({**options, 'shapes': (batch, sequence)})
        kind = 'sdpa' if only_eager else attention, options['mode'], options['task']
        with_detail = (batch, sequence) == DETAIL and not options.get('checkpointing') and kind in DETAILED
        if key in seen or only_eager and options.get('padded'):
          break
        row = have.get(key_of({**options, 'b': batch, 's': sequence}))
        if row and not with_detail:
          seen.add(key)
          entry['runs'].append(row)
          break
        try:
          row, detail = one(name, MODELS[name], options, batch, sequence, with_detail)
        except ValueError as e:
          if 'does not support an attention' in str(e):
            only_eager = True
            continue
          reason = e
        except Exception as e:
          if '--raise' in sys.argv:
            raise
          reason = e
        else:
          seen.add(key)
          entry['runs'].append(row)
          if detail:
            what = {k: v for k, v in row.items() if k not in ('layers', 'outside', 'shared', 'weightCopies', 'live', 'b', 's')}
            details.append({**what, **detail})
          break
        why = f"{options['task']}: {type(reason).__name__}: {str(reason)[:90]}"
        if why not in refused:
          refused.append(why)
        break
  if refused:
    entry['refused'] = refused
  return entry, details


def main():
  add = '--add' in sys.argv
  done = read('saved')['models'] if add else {}
  details = read('saved-detail')['models'] if add else {}
  only = [a for a in sys.argv[1:] if not a.startswith('--')]
  for name in only or MODELS:
    if name in done and not only or not supported(name):
      continue
    start = time.time()
    done[name], details[name] = describe(name, done.get(name, {'runs': []}))
    print(f"{name}: {len(done[name]['runs'])} runs, refused {done[name].get('refused')} ({time.time() - start:.1f} s)", flush=True)
    head = {'versions': versions('torch', 'peft')}
    write('saved', head, {n: done[n] for n in MODELS if n in done})
    write('saved-detail', {**head, 'b': DETAIL[0], 's': DETAIL[1]}, {n: details[n] for n in MODELS if n in details})


main()
leave()
