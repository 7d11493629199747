"""Parameters of catalogue models as transformers builds them from the catalogue's configs, on the meta device -> built.json

Of the entries behind the first 230, which published.json and the oracle's golden files hold.

    pip install torch transformers==5.24.0 && python built.py
"""
import json
from pathlib import Path

import torch
import transformers
from transformers import CONFIG_MAPPING, AutoModelForCausalLM, AutoModelForImageTextToText
from transformers.models.qwen3_omni_moe.configuration_qwen3_omni_moe import Qwen3OmniMoeThinkerConfig
from transformers.models.qwen3_omni_moe.modeling_qwen3_omni_moe import Qwen3OmniMoeThinkerForConditionalGeneration

transformers.logging.set_verbosity_error()
HERE = Path(__file__).parent
CATALOGUE = json.loads((HERE / '../../../src/model/catalogue/models.json').read_text())[230:]
#: Held as buffers, so not in parameters(), though the checkpoint stores them.
BUFFERS = ('e_score_correction_bias', 'layer_scalar', 'expert_bias')
#: Types of repositories' own code that transformers has under another name.
NAMES = {'kimi_k2': 'deepseek_v3'}
#: What changes no size here, or is not read.
IGNORED = ('quantization_config', 'model_type', 'torch_dtype', 'dtype')


def count(config):
  if 'thinker_config' in config:
    with torch.device('meta'):
      model = Qwen3OmniMoeThinkerForConditionalGeneration(Qwen3OmniMoeThinkerConfig(**config['thinker_config']))
    return {'total': sum(p.numel() for p in model.parameters()), 'buffers': 0}
  keys = {key: value for key, value in config.items() if key not in IGNORED}
  if 'text_config' in keys:
    keys['text_config'] = {k: v for k, v in keys['text_config'].items() if k not in ('quantization_config', 'torch_dtype', 'dtype')}
  kind = config['model_type']
  built = CONFIG_MAPPING[NAMES.get(kind, kind)](**keys)
  auto = AutoModelForImageTextToText if 'vision_config' in keys else AutoModelForCausalLM
  with torch.device('meta'):
    model = auto.from_config(built)
  model.tie_weights()
  return {
    'total': sum(p.numel() for p in model.parameters()),
    'buffers': sum(b.numel() for name, b in model.named_buffers() if name.endswith(BUFFERS)),
  }


def main():
  rows = {}
  for entry in CATALOGUE:
    try:
      rows[entry['id']] = count(entry['config'])
    except Exception as e:
      print(entry['id'], type(e).__name__, str(e)[:200])
  lines = ',\n'.join(f'  {json.dumps(key)}: {json.dumps(row)}' for key, row in rows.items())
  (HERE / 'built.json').write_text('{\n  "transformers": "%s",\n%s\n}\n' % (transformers.__version__, lines))


main()
