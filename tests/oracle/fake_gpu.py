"""A CUDA device without a GPU: FakeTensorMode tensors with device 'cuda', and the kernels an A100 or H100 would choose.

FakeTensorMode runs shapes only, so a 70B layer costs nothing. Two things it lacks on a machine without a driver:
  - the autograd engine asks CUDA whether device 0 is initialised, which fails; `quiet_engine` answers no;
  - scaled_dot_product_attention asks the driver which kernel fits; `sdpa` answers as an A100 would.
"""
import ctypes
import logging
import os

import torch
import torch.nn.functional as F
import transformers.masking_utils as masking_utils
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode

aten = torch.ops.aten
_keep = []


def quiet_engine():
  """Replaces CUDAHooks::hasPrimaryContext by `false` in a copy of the object's virtual table."""
  if torch.cuda.is_available() or _keep:
    return
  library = ctypes.CDLL(os.path.join(os.path.dirname(torch.__file__), 'lib', 'libtorch_cpu.so'))
  hooks = library['_ZN2at6detail12getCUDAHooksEv']
  hooks.restype = ctypes.c_void_p
  vptr = ctypes.cast(hooks(), ctypes.POINTER(ctypes.c_void_p))
  old = ctypes.cast(vptr[0], ctypes.POINTER(ctypes.c_void_p))
  before, slot, size = 2, 4, 96  # offset-to-top and RTTI; two destructors, isBuilt, isAvailable; all of the table
  table = (ctypes.c_void_p * (size + before))(*[old[i - before] for i in range(size + before)])
  no = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_int8)(lambda self, device: False)
  table[before + slot] = ctypes.cast(no, ctypes.c_void_p).value
  vptr[0] = ctypes.addressof(table) + before * ctypes.sizeof(ctypes.c_void_p)
  for kept in (table, no):  # used until the process ends, after Python's own clean-up
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(kept))
  _keep.append(table)


def sdpa(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False):
  """flash for half precision without a mask and head_dim <= 256; memory-efficient otherwise (equal head counts
  and a last dimension it can align to); else the mathematical form. PyTorch's own order on sm80 and later."""
  if torch.is_autocast_enabled('cuda') and query.device.type == 'cuda':  # on autocast's list of half-precision functions
    kind = torch.get_autocast_dtype('cuda')
    query, key, value = (t.to(kind) for t in (query, key, value))
    if attn_mask is not None and attn_mask.dtype == torch.float32:
      attn_mask = attn_mask.to(kind)
  half = query.dtype in (torch.float16, torch.bfloat16)
  wide = query.size(-1)
  if query.dim() != 4 or not isinstance(query, FakeTensor):
    return real_sdpa(query, key, value, attn_mask, dropout_p, is_causal, scale=scale, enable_gqa=enable_gqa)
  if half and attn_mask is None and wide <= 256 and value.size(-1) == wide:
    pad = -wide % 8
    if pad:
      scale = scale or wide ** -0.5
      query, key, value = (F.pad(t, (0, pad)) for t in (query, key, value))
    out = aten._scaled_dot_product_flash_attention(query, key, value, dropout_p, is_causal, scale=scale)[0]
    return out[..., :wide] if pad else out
  if key.size(1) == query.size(1) and wide % 8 == 0 and value.size(-1) % 8 == 0:
    if attn_mask is not None and attn_mask.dtype == torch.bool:
      attn_mask = torch.zeros_like(attn_mask, dtype=query.dtype).masked_fill_(attn_mask.logical_not(), float('-inf'))
    if attn_mask is not None:
      length = attn_mask.size(-1)
      if length % 16:  # the kernel wants aligned rows: PyTorch pads the bias and slices it
        attn_mask = F.pad(attn_mask, (0, 16 - length % 16))[..., :length]
      attn_mask = attn_mask.expand(query.size(0), query.size(1), query.size(2), key.size(2))
    needs_grad = torch.is_grad_enabled() and any(t.requires_grad for t in (query, key, value))
    return aten._scaled_dot_product_efficient_attention(
      query, key, value, attn_mask, needs_grad, dropout_p, is_causal, scale=scale)[0]
  return aten._scaled_dot_product_attention_math(
    query, key, value, attn_mask, dropout_p, is_causal, scale=scale, enable_gqa=enable_gqa)[0]


def apply(self, fn, recurse=True):
  """Module._apply without swapping tensors in place, which fake tensors that anyone watches refuse."""
  if recurse:
    for child in self.children():
      child._apply(fn)
  with torch.no_grad():
    for key, parameter in self._parameters.items():
      if parameter is not None:
        moved = fn(parameter)
        if moved is not parameter:
          self._parameters[key] = torch.nn.Parameter(moved, parameter.requires_grad)
    for key, buffer in self._buffers.items():
      if buffer is not None:
        self._buffers[key] = fn(buffer)
  return self


real_sdpa = F.scaled_dot_product_attention


def fake_gpu():
  """The mode to work in: `with fake_gpu(): ...`, building with device='cuda'."""
  quiet_engine()
  logging.getLogger('torch._subclasses.fake_tensor').disabled = True
  F.scaled_dot_product_attention = sdpa
  torch.nn.Module._apply = apply
  torch.cuda.amp.common.amp_definitely_not_available = lambda: False
  torch.cuda.get_device_capability = lambda *_, **__: (9, 0)
  torch.cuda.is_bf16_supported = lambda *_, **__: True
  if hasattr(masking_utils, 'is_tracing'):  # fake tensors are not a compiler at work: masks are skipped as in eager
    masking_utils.is_tracing = lambda tensor=None: False
  return FakeTensorMode(allow_non_fake_inputs=True)
