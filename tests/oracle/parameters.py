"""How many parameters has each model, tensor class by tensor class? -> golden/parameters.json

Built on the meta device with the real layer count. Indices in module paths become `*`; equal shapes are counted.
A second run with a newer transformers on the path adds the models the first did not know.
"""
import re
import sys
import time
from collections import Counter

import transformers
from architectures import CONFIGS, build, config_of, supported
from fake_gpu import fake_gpu
from golden import leave, read, versions, write


def describe(name):
  try:
    model = build(config_of(name))
  except NotImplementedError:  # an activation that computes with its own parameters while it is built
    with fake_gpu():
      model = build(config_of(name), device='cuda')
  tensors, buffers = Counter(), Counter()
  for path, p in model.named_parameters():  # named_parameters gives a tied tensor once
    tensors[re.sub(r'\.\d+(?=\.|$)', '.*', path), tuple(p.shape)] += 1
  for path, b in model.named_buffers():
    buffers[re.sub(r'\.\d+(?=\.|$)', '.*', path), tuple(b.shape), str(b.dtype)[6:]] += 1
  once = {id(p) for p in model.parameters()}
  everywhere = sum(p.numel() for _, p in model.named_parameters(remove_duplicate=False))
  total = sum(p.numel() for p in model.parameters())
  assert len(once) == sum(tensors.values())
  return {
    'class': type(model).__name__,
    'transformers': transformers.__version__,
    'total': total,
    'tied': everywhere - total,
    'tensors': [[path, list(shape), count] for (path, shape), count in tensors.items()],
    'buffers': [[path, list(shape), kind, count] for (path, shape, kind), count in buffers.items()],
  }


def main():
  done = (read('parameters') or {}).get('models', {}) if '--add' in sys.argv else {}
  for name in CONFIGS:
    if name in done or not supported(name):
      continue
    start = time.time()
    try:
      done[name] = describe(name)
      print(f"{name}: {done[name]['total']:,} ({time.time() - start:.1f} s)", flush=True)
    except Exception as e:  # a config this transformers cannot read is a finding, not a crash
      print(f'{name}: REFUSED {type(e).__name__}: {str(e)[:300]}', flush=True)
  write('parameters', {'versions': versions('torch')}, {n: done[n] for n in CONFIGS if n in done})


main()
leave()
