"""Live bytes of every storage, op by op: what the caching allocator would count as allocated, without its rounding.

Every tensor an op returns is looked up by storage; the storage's bytes are live until Python and autograd let go of it.
What a kernel allocates and frees inside itself is invisible to the dispatcher; the two that matter are added by hand:
flash attention's backward (fp32 dq accumulator, row sums, dk and dv per query head under GQA).
"""
import weakref

import torch
from torch._subclasses.fake_tensor import FakeTensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_iter

aten = torch.ops.aten
NEVER = {aten.eq.Scalar, aten.lt.Scalar}  # `if expert == the padding expert`, `if chance < layerdrop`: no
FLASH_BACKWARD = aten._scaled_dot_product_flash_attention_backward.default


def flash_backward_workspace(query, key, value):
  b, heads, s, d = query.shape
  rounded, wide = -(-s // 128) * 128, -(-d // 32) * 32
  bytes_ = 4 * b * heads * rounded * (wide + 1)
  if key.size(1) != heads:
    bytes_ += 2 * b * key.size(2) * heads * d * query.element_size()
  return bytes_


class Tracker(TorchDispatchMode):
  """experts, chosen: the routing of the model, for balanced answers to data-dependent questions (see routing.py).
  tokens: how many are routed, set by whoever runs the model.
  truth: the answer to any yes-or-no question about data (`if padding_mask.all()`): yes means no padding."""
  def __init__(self, experts=1, chosen=1):
    super().__init__()
    self.experts, self.chosen, self.tokens, self.truth = experts, chosen, 0, True
    self.never = None
    self.live, self.peak, self.peak_op, self.workspace_peak = 0, 0, None, 0
    self.sizes, self.device = {}, 'cuda'

  def add(self, tensor):
    storage = tensor.untyped_storage()
    key = storage._cdata
    if key in self.sizes:
      return
    size = storage.nbytes()
    self.sizes[key] = size
    self.live += size
    weakref.finalize(storage, self.drop, key).atexit = False

  def drop(self, key):
    self.live -= self.sizes.pop(key)

  @property
  def resize(self):
    """FSDP frees and refills its unsharded parameters by resizing their storage."""
    def resize_(storage, size):
      result = self.kept[2](storage, size)
      if storage._cdata in self.sizes:
        self.live += size - self.sizes[storage._cdata]
        self.sizes[storage._cdata] = size
        self.note('resize_')
      return result
    return resize_

  def note(self, what, workspace=0):
    if self.live > self.peak:
      self.peak, self.peak_op = self.live, what
    self.workspace_peak = max(self.workspace_peak, self.live + workspace)

  def phase(self):
    """Forgets the peak; returns what the phase before reached."""
    seen = (self.peak, self.workspace_peak, self.peak_op)
    self.peak = self.workspace_peak = self.live
    self.peak_op = 'start'
    return seen

  def loads(self):
    """Tokens of each expert when `tokens` tokens are routed evenly."""
    each, more = divmod(self.tokens * self.chosen, self.experts)
    return [each + (i < more) for i in range(self.experts)]

  def is_load(self, tensor):
    """Whether this is a count per expert."""
    return self.experts > 1 and tensor.shape == (self.experts,) and tensor.dtype == torch.int64

  def routed(self, mask):
    """How many entries of a routing mask are set: all experts that are hit, or one expert's share of the tokens."""
    if mask.dim() == 1 or mask.shape == (self.experts, 1):
      return min(self.experts, self.tokens * self.chosen)
    return -(-mask.numel() // self.experts)

  def __enter__(self):
    self.kept = torch.Tensor.__iter__, FakeTensor.tolist, torch.UntypedStorage.resize_
    torch.UntypedStorage.resize_ = self.resize
    torch.Tensor.__iter__ = lambda t: iter(self.loads()) if self.is_load(t) else self.kept[0](t)
    FakeTensor.tolist = lambda t: self.loads() if self.is_load(t) else self.kept[1](t)
    return super().__enter__()

  def __exit__(self, *error):
    torch.Tensor.__iter__, FakeTensor.tolist, torch.UntypedStorage.resize_ = self.kept
    return super().__exit__(*error)

  def __torch_dispatch__(self, func, types, args=(), kwargs=None):
    if any(kind.__name__ == 'DTensor' for kind in types):
      return NotImplemented  # comes back as ops on the local shards
    if func is aten.nonzero.default:
      out = args[0].new_empty((self.routed(args[0]), args[0].dim()), dtype=torch.int64)
    elif func is aten._local_scalar_dense.default and isinstance(args[0], FakeTensor):
      if args[0].dtype == torch.bool:
        return self.truth and args[0].untyped_storage()._cdata != self.never
      return 1.0 if args[0].is_floating_point() else 1
    else:
      out = func(*args, **(kwargs or {}))
      if func in NEVER and out.dim() == 0:
        self.never = out.untyped_storage()._cdata
    for value in tree_iter(out):
      if isinstance(value, FakeTensor) and value.device.type == self.device:  # not a DTensor around one
        self.add(value)
    self.note(str(func), flash_backward_workspace(*args[1:4]) if func is FLASH_BACKWARD else 0)
    return out


def tensors_in(thing, found=None, seen=None):
  """Bytes of every distinct storage held by an object, its attributes, lists and dicts: {storage: bytes}."""
  found, seen = ({}, set()) if found is None else (found, seen)
  if thing is None or id(thing) in seen:
    return found
  seen.add(id(thing))
  if isinstance(thing, torch.Tensor):
    storage = thing.untyped_storage()
    found[storage._cdata] = storage.nbytes()
  elif isinstance(thing, dict):
    for value in thing.values():
      tensors_in(value, found, seen)
  elif isinstance(thing, (list, tuple)):
    for value in thing:
      tensors_in(value, found, seen)
  elif hasattr(thing, '__dict__') and type(thing).__module__.startswith('transformers') and 'config' not in type(thing).__name__.lower():
    tensors_in(vars(thing), found, seen)
  return found
