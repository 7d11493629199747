"""How high does a training step climb, phase by phase? -> golden/peak.json

Live bytes over the second step (optimizer states exist, gradients were dropped by zero_grad), real widths and
vocabulary, four layers. Phases, all absolute (weights and states included):
  layers    forward up to the head            head      head and HF's own loss
  lossBack  backward of loss and head         layersBack  the rest of backward
  clip      clip_grad_norm_                   step      optimizer.step()
"""
import re
import sys
import time
from collections import Counter
from types import MethodType

import torch
import transformers
from accelerate.utils.operations import convert_outputs_to_fp32
from architectures import CONFIGS, supported, text_of
from fake_gpu import fake_gpu
from golden import leave, read, versions, write
from routing import routing_of
from tasks import autocast, prepare
from tracker import Tracker

MODELS = {
  'meta-llama/Meta-Llama-3-8B': 4, 'meta-llama/Llama-2-7b-hf': 4, 'meta-llama/Llama-3.2-1B': 4, 'mistralai/Mistral-7B-v0.1': 4,
  'Qwen/Qwen2.5-7B': 4, 'Qwen/Qwen3-8B': 4, 'google/gemma-2b': 4, 'google/gemma-2-9b': 4, 'google/gemma-3-1b-it': 6,
  'microsoft/phi-2': 4, 'microsoft/Phi-3-mini-4k-instruct': 4, 'openai-community/gpt2-xl': 4, 'EleutherAI/pythia-6.9b': 4,
  'tiiuae/falcon-7b': 4, 'facebook/opt-6.7b': 4, 'bigscience/bloom-7b1': 4, 'mistralai/Mixtral-8x7B-v0.1': 4,
  'openai/gpt-oss-20b': 4, 'allenai/OLMo-2-1124-7B': 4,
  'ibm-granite/granite-3.3-8b-instruct': 4, 'zai-org/GLM-4-9B-0414': 4, 'bigcode/starcoder2-7b': 4, 'CohereForAI/aya-23-8B': 4,
  'meta-llama/Llama-3.1-70B': 4, 'google/gemma-4-31B': 6,
}
NF4 = {'meta-llama/Meta-Llama-3-8B', 'meta-llama/Llama-2-7b-hf', 'meta-llama/Llama-3.2-1B', 'mistralai/Mistral-7B-v0.1', 'Qwen/Qwen2.5-7B',
       'Qwen/Qwen3-8B', 'google/gemma-2-9b', 'microsoft/Phi-3-mini-4k-instruct', 'google/gemma-4-31B'}
SHAPES = [(1, 1024), (4, 512)]
OPTIMIZERS = {
  'adamw-foreach': lambda p: torch.optim.AdamW(p, lr=1e-4, foreach=True),
  'adamw-fused': lambda p: torch.optim.AdamW(p, lr=1e-4, fused=True),
  'sgd': lambda p: torch.optim.SGD(p, lr=1e-4, foreach=True),
}


def runs_of(name):
  for shape in SHAPES:
    for attention in ('sdpa', 'eager') if shape == SHAPES[1] else ('sdpa',):
      for checkpointing in (False, True):
        for mode in ('bf16', 'amp'):
          yield dict(attention=attention, checkpointing=checkpointing, mode=mode, task='full', optimizer='adamw-foreach', shape=shape)
    for task in ('lora-qv', 'lora-all') if shape == SHAPES[1] else ('lora-all',):
      for mode in ('bf16', 'bf16+amp', 'nf4+amp') if name in NF4 else ('bf16', 'bf16+amp'):
        for checkpointing in (False, True):
          yield dict(attention='sdpa', checkpointing=checkpointing, mode=mode, task=task, optimizer='adamw-foreach', shape=shape)
  for optimizer in ('adamw-fused', 'sgd'):
    for mode in ('bf16', 'amp'):
      yield dict(attention='sdpa', checkpointing=True, mode=mode, task='full', optimizer=optimizer, shape=SHAPES[1])


def size(tensors):
  return sum({t.untyped_storage()._cdata: t.untyped_storage().nbytes() for t in tensors}.values())


class Step:
  """One training step under a tracker; `peaks` and `ops` per phase, `workspace` where kernels allocate more inside."""
  def __init__(self, tracker, model, optimizer, mode, ids):
    self.tracker, self.model, self.optimizer, self.mode, self.ids = tracker, model, optimizer, mode, ids
    self.mask = torch.ones_like(ids)
    head = model.get_output_embeddings() or model.base_model.model.get_output_embeddings()
    head.register_forward_pre_hook(self.reach_head)
    if mode.endswith('amp'):  # what accelerate makes of model.forward under mixed precision
      inner = model.forward
      model.forward = MethodType(convert_outputs_to_fp32(lambda _, *a, **k: self.cast(inner, *a, **k)), model)

  def cast(self, inner, *args, **kwargs):
    with autocast(self.mode):
      return inner(*args, **kwargs)

  def end(self, phase):
    peak, workspace, op = self.tracker.phase()
    self.peaks[phase], self.ops[phase] = peak, op.removeprefix('aten.')
    if workspace > peak:
      self.workspace[phase] = workspace

  def reach_head(self, module, args):
    self.end('layers')
    if args[0].requires_grad:
      args[0].register_hook(lambda gradient: self.end('lossBack'))

  def run(self):
    self.peaks, self.ops, self.workspace = {}, {}, {}
    self.optimizer.zero_grad(set_to_none=True)
    self.tracker.phase()
    loss = self.model(input_ids=self.ids, attention_mask=self.mask, labels=self.ids, use_cache=False).loss
    self.end('head')
    self.kept = self.tracker.live
    with torch.autograd.set_multithreading_enabled(False):  # an engine thread of its own would look for the driver
      loss.backward()
    del loss
    self.end('layersBack')
    trained = [p for p in self.model.parameters() if p.requires_grad]
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    self.end('clip')
    self.gradients = size(p.grad for p in trained if p.grad is not None)
    self.optimizer.step()
    self.end('step')


def one(name, layers, attention, checkpointing, mode, task, optimizer, shape):
  with fake_gpu(), Tracker(*routing_of(text_of(CONFIGS[name]))) as tracker:
    model = prepare(name, layers, attention, mode, task, checkpointing)
    tracker.tokens = shape[0] * shape[1]
    weights, trained = tracker.live, [p for p in model.parameters() if p.requires_grad]
    ids = torch.ones(*shape, dtype=torch.long, device='cuda')
    chosen = OPTIMIZERS[optimizer](trained)
    step = Step(tracker, model, chosen, mode, ids)
    step.run()
    step.run()
    states = size(t for s in chosen.state.values() for t in s.values() if isinstance(t, torch.Tensor) and t.device.type == 'cuda')
    return {'attention': attention, 'ck': checkpointing, 'mode': mode, 'task': task, 'opt': optimizer,
            'b': shape[0], 's': shape[1], 'weights': weights, 'gradients': step.gradients, 'states': states,
            'trained': sum(p.numel() for p in trained), 'kept': step.kept, 'peaks': step.peaks,
            **({'workspace': step.workspace} if step.workspace else {}), 'top': max(step.peaks, key=step.peaks.get),
            'ops': {k: re.sub(r'\.(default|Tensor)$', '', v) for k, v in step.ops.items()}}


def same(row, attention, checkpointing, mode, task, optimizer, shape):
  return (row['attention'], row['ck'], row['mode'], row['task'], row['opt'], row['b'], row['s']) == (
    attention, checkpointing, mode, task, optimizer, *shape)


def describe(name, before):
  """before: what an interrupted run has done of this model."""
  entry = {'transformers': transformers.__version__, 'layers': MODELS[name], 'runs': []}
  refused = Counter()
  for options in runs_of(name):
    try:
      have = [row for row in before['runs'] if same(row, **options)]
      entry['runs'].append(have[0] if have else one(name, MODELS[name], **options))
    except Exception as e:
      if '--raise' in sys.argv:
        raise
      refused[f"{options['attention']} {options['mode']} {options['task']}: {type(e).__name__}: {str(e)[:100]}"] += 1
  if refused:
    entry['refused'] = list(refused)
  return entry


def main():
  done = read('peak')['models'] if '--add' in sys.argv else {}
  only = [a for a in sys.argv[1:] if not a.startswith('--')]
  for name in only or MODELS:
    if (name in done and not only) or not supported(name):
      continue
    start = time.time()
    done[name] = describe(name, done.get(name, {'runs': []}))
    print(f"{name}: {len(done[name]['runs'])} runs, refused {done[name].get('refused')} ({time.time() - start:.1f} s)", flush=True)
    write('peak', {'versions': versions('torch', 'peft', 'accelerate')}, {n: done[n] for n in MODELS if n in done})


main()
leave()
