"""What does FSDP2 hold on one rank? -> golden/fsdp.json

torch's own fully_shard on every decoder layer and on the root, over a fake process group (rank 0 of `world`), four layers.
The tensors are fake CPU tensors: FSDP2 asks a real CUDA device for streams. Sizes do not depend on the device; that
copies do not overlap does: on a GPU, one more all-gather may be in flight (prefetch), which `unit` sizes tell.
"""
import time

import torch
import torch.distributed as dist
import transformers
from architectures import build, config_of
from fake_gpu import fake_gpu
from golden import leave, versions, write
from tasks import set_dropout
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from torch.testing._internal.distributed.fake_pg import FakeStore
from tracker import Tracker

MODELS = ['meta-llama/Meta-Llama-3-8B', 'meta-llama/Llama-3.2-1B', 'Qwen/Qwen2.5-7B', 'EleutherAI/pythia-6.9b']
LAYERS = 4
SHAPE = (2, 512)
WORLDS = (2, 4, 8)
MODES = {  # weights, what is gathered and reduced
  'fp32+bf16': (torch.float32, MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32)),
  'bf16': (torch.bfloat16, MixedPrecisionPolicy()),
}


def layers_of(model):
  return next(m for _, m in model.named_modules() if isinstance(m, torch.nn.ModuleList) and len(m) == LAYERS)


def one(name, world, mode, reshard, checkpointing):
  dtype, policy = MODES[mode]
  mesh = init_device_mesh('cpu', (world,))
  with fake_gpu(), Tracker() as tracker:
    tracker.device = 'cpu'
    model = build(config_of(name, LAYERS), 'sdpa', dtype, 'cpu').train()
    set_dropout(model, 0.0)
    if checkpointing:
      model.gradient_checkpointing_enable({'use_reentrant': False})
    buffers = sum(b.nbytes for b in model.buffers())
    whole = tracker.live - buffers
    layer_bytes = sum(p.nbytes for p in layers_of(model)[0].parameters())
    for layer in layers_of(model):
      fully_shard(layer, mesh=mesh, mp_policy=policy, reshard_after_forward=reshard)
    fully_shard(model, mesh=mesh, mp_policy=policy, reshard_after_forward=reshard)
    row = {'world': world, 'mode': mode, 'reshard': reshard, 'ck': checkpointing, 'b': SHAPE[0], 's': SHAPE[1],
           'whole': whole, 'unit': layer_bytes, 'shard': tracker.live - buffers}
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, foreach=True)
    ids = torch.ones(*SHAPE, dtype=torch.long)
    mask = torch.ones_like(ids)
    for _ in range(2):
      optimizer.zero_grad(set_to_none=True)
      row['idle'] = tracker.live
      tracker.phase()
      loss = model(input_ids=ids, attention_mask=mask, labels=ids, use_cache=False).loss
      row['forward'], row['afterForward'] = tracker.phase()[0], tracker.live
      loss.backward()
      del loss
      row['backward'], row['afterBackward'] = tracker.phase()[0], tracker.live
      optimizer.step()
      row['step'] = tracker.phase()[0]
    row['gradients'] = sum(p.grad.to_local().nbytes for p in model.parameters())
    row['states'] = sum(t.to_local().nbytes for s in optimizer.state.values() for k, t in s.items() if k != 'step')
  return row


def main():
  done = {}
  for name in MODELS:
    start, rows = time.time(), []
    for world in WORLDS:
      dist.init_process_group('fake', rank=0, world_size=world, store=FakeStore())
      for mode in MODES:
        for reshard in (True, False):
          for checkpointing in (False, True):
            rows.append(one(name, world, mode, reshard, checkpointing))
      dist.destroy_process_group()
    done[name] = {'transformers': transformers.__version__, 'layers': LAYERS, 'runs': rows}
    print(f'{name}: {len(rows)} runs ({time.time() - start:.1f} s)', flush=True)
  write('fsdp', {'versions': versions('torch')}, done)


main()
leave()
