"""Real transformers models from the dimensions in configs.json: no weights, no GPU, no network.

`build` gives the class the checkpoint names, with any number of its layers, on the meta device or on a fake GPU.
"""
import copy
import json
import os
import warnings
from pathlib import Path

os.environ.setdefault('HF_HUB_OFFLINE', '1')
warnings.filterwarnings('ignore')
import torch
import transformers
from transformers import AutoModelForCausalLM, CONFIG_MAPPING

transformers.logging.set_verbosity_error()

HERE = Path(__file__).parent
CONFIGS = json.loads((HERE / 'configs.json').read_text())
LAYER_COUNTS = ('num_hidden_layers', 'n_layer', 'n_layers', 'num_layers')
PER_LAYER = ('layer_types', 'layers_block_type', 'attn_type_list', 'hybrid_override_pattern', 'no_rope_layers',
             'mlp_layer_types', 'sparse_layers', 'moe_layers', 'activation_sparsity_pattern')


def supported(name):
  return CONFIGS[name].get('model_type') in CONFIG_MAPPING


def text_of(values):
  return values.get('text_config', values)


def pick(values, layers):
  """The same dimensions with only these layers (indices into the real ones), or the first `layers` of them."""
  values = copy.deepcopy(values)
  text = text_of(values)
  keep = list(range(layers)) if isinstance(layers, int) else list(layers)
  for key in LAYER_COUNTS:
    if key in text:
      text[key] = len(keep)
  for key in PER_LAYER:
    if isinstance(text.get(key), (list, str)):
      kept = [text[key][i] for i in keep if i < len(text[key])]
      text[key] = ''.join(kept) if isinstance(text[key], str) else kept
  if 'num_kv_shared_layers' in text:
    text['num_kv_shared_layers'] = 0
  return values


def config_of(name, layers=None, **changes):
  values = CONFIGS[name] if layers is None else pick(CONFIGS[name], layers)
  values = {**copy.deepcopy(values), **changes}
  kind = values.pop('model_type')
  if kind == 'jamba':
    values['use_mamba_kernels'] = False  # CUDA-only; transformers' own form instead
  config = CONFIG_MAPPING[kind](**values)
  for part in (config, getattr(config, 'text_config', None)):
    if part is not None:
      part.pad_token_id = None
  return config


def build(config, attention='eager', dtype=torch.float32, device='meta', text_only=False):
  """text_only: the language model alone (AutoModelForCausalLM), not the checkpoint's multimodal class."""
  config._attn_implementation = attention
  cls = getattr(transformers, (getattr(config, 'architectures', None) or ['-'])[0], None)
  before = torch.get_default_dtype()
  torch.set_default_dtype(dtype)
  try:
    with torch.device(device):
      if cls is None or text_only:
        if hasattr(config, 'text_config'):
          config = config.text_config
        return AutoModelForCausalLM.from_config(config, attn_implementation=attention)
      return cls(config)
  finally:
    torch.set_default_dtype(before)
