"""bitsandbytes' own 4-bit layers on a fake GPU: its quantise and dequantise operators know their output shapes.

Params4bit itself refuses fake tensors, so a Linear4bit gets a plain packed parameter that carries the same attributes;
forward, autograd function, quantisation state and peft's treatment are bitsandbytes' and peft's.
"""
import bitsandbytes as bnb
import torch
from bitsandbytes.functional import quantize_4bit


class Linear4bit(bnb.nn.Linear4bit):
  def __init__(self, linear, double):
    torch.nn.Module.__init__(self)
    self.in_features, self.out_features = linear.in_features, linear.out_features
    self.compute_dtype, self.compute_type_is_set = torch.bfloat16, True
    self.quant_state, self.quant_storage = None, torch.uint8
    self.ipex_linear_is_set = self.support_avx512bf16_for_cpu = False
    packed, state = quantize_4bit(linear.weight.data, blocksize=64, compress_statistics=double, quant_type='nf4')
    self.weight = torch.nn.Parameter(packed, requires_grad=False)
    self.weight.quant_state, self.weight.quant_type = state, 'nf4'
    self.weight.compress_statistics, self.weight.bnb_quantized = double, True
    self.register_parameter('bias', linear.bias)


def quantise(model, double=True):
  """Every Linear but the head becomes 4-bit, as load_in_4bit does."""
  head = model.get_output_embeddings()
  for parent in list(model.modules()):
    for name, child in list(parent.named_children()):
      if type(child) is torch.nn.Linear and child is not head:
        setattr(parent, name, Linear4bit(child, double))
  model.is_loaded_in_4bit = model.is_quantized = True
  return model
