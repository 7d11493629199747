"""Watches one forward pass and tells what autograd keeps for backward, and whose it is.

Every tensor packed by saved_tensors_hooks is looked up by storage and counted once, at the size of the whole storage
(what stays allocated). Parameters and buffers are not counted. Copies autocast makes of a weight are counted apart.
Owner: the innermost module running; consumer: the torch function running; a storage made outside the decoder layers
and kept by more than one of them (rotary tables, masks) is 'shared'.
"""
import re

import torch
from torch.overrides import TorchFunctionMode
from tracker import Tracker


class Functions(TorchFunctionMode):
  """Knows the torch function that runs."""
  def __init__(self):
    super().__init__()
    self.stack = []

  def __torch_function__(self, func, types, args=(), kwargs=None):
    self.stack.append(getattr(func, '__name__', str(func)))
    try:
      return func(*args, **(kwargs or {}))
    finally:
      self.stack.pop()


class Watcher(Tracker):
  """A Tracker that also knows, per storage, in which module it was made and whether it is a cast weight."""
  def __init__(self, *routing):
    super().__init__(*routing)
    self.modules, self.made, self.weights, self.copies = [''], {}, set(), set()

  def drop(self, key):
    super().drop(key)
    self.made.pop(key, None)
    self.copies.discard(key)

  def __torch_dispatch__(self, func, types, args=(), kwargs=None):
    out = super().__torch_dispatch__(func, types, args, kwargs)
    if isinstance(out, torch.Tensor) and out.device.type == 'cuda':
      key = out.untyped_storage()._cdata
      self.made.setdefault(key, self.modules[-1])
      if func is torch.ops.aten._to_copy.default and args[0].untyped_storage()._cdata in self.weights:
        self.copies.add(key)
    return out


def layers_path(model):
  """Path of the list of decoder layers: the longest-named-first ModuleList of the language model."""
  count = getattr(model.config, 'num_hidden_layers', None) or model.config.n_layer
  for path, module in model.named_modules():
    if isinstance(module, torch.nn.ModuleList) and len(module) == count and 'vision' not in path:
      return path
  raise LookupError('no list of decoder layers')


def watch_modules(model, watcher):
  handles = []
  for path, module in model.named_modules():
    path = re.sub(r'^base_model\.model\.', '', path)
    handles.append(module.register_forward_pre_hook(lambda m, a, path=path: watcher.modules.append(path)))
    handles.append(module.register_forward_hook(lambda m, a, o: (watcher.modules.pop(), None)[1], always_call=True))
  return handles


def shape_text(tensor):
  kind = {torch.bfloat16: 'bf16', torch.float32: 'f32', torch.bool: 'bool', torch.int64: 'i64', torch.float16: 'f16'}
  return 'x'.join(map(str, tensor.shape)) + ':' + kind.get(tensor.dtype, str(tensor.dtype)[6:])


def record(model, watcher, forward):
  """Runs forward() -> loss and returns (loss, kept): kept is a list of dicts in order of saving."""
  watcher.weights = {t.untyped_storage()._cdata for t in (*model.parameters(), *model.buffers())}
  prefix = re.sub(r'^base_model\.model\.', '', layers_path(model)) + '.'
  kept, entries = {}, []

  def layer_of(path):
    return int(path[len(prefix):].split('.')[0]) if path.startswith(prefix) else None

  def pack(tensor):
    storage = tensor.untyped_storage()
    key = storage._cdata
    if tensor.device.type == 'cuda' and key not in watcher.weights:
      module = watcher.modules[-1]
      entry = kept.get(key)
      if entry is None:
        entry = kept[key] = {'module': module, 'layer': layer_of(module), 'made': watcher.made.get(key, ''),
                             'shape': shape_text(tensor), 'bytes': storage.nbytes(), 'by': [],
                             'weightCopy': key in watcher.copies}
        entries.append(entry)
      elif entry['layer'] is not None and layer_of(entry['made']) is None and layer_of(module) != entry['layer'] \
          and layer_of(module) is not None:
        entry['layer'], entry['shared'] = None, True
      consumer = functions.stack[-1] if functions.stack else 'custom'
      if consumer not in entry['by']:
        entry['by'].append(consumer)
    return tensor

  handles = watch_modules(model, watcher)
  functions = Functions()
  try:
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t), functions:
      loss = forward()
  finally:
    for handle in handles:
      handle.remove()
  return loss, entries
