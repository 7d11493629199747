"""What transformers takes for sizes that a part of a larger config leaves out -> src/model/hugging-face/defaults.json

By the part's `model_type`, or, since it may not say it, by its place in the whole (`gemma3.text_config`), for every type that the importer names.

    pip install torch transformers==5.24.0 && python scripts/config-defaults.py
"""
import json
import re
from pathlib import Path

from transformers import CONFIG_MAPPING

ROOT = Path(__file__).resolve().parents[1] / 'src/model/hugging-face'
TYPES = set(re.findall(r'[\w-]+', ''.join(path.read_text() for path in ROOT.rglob('*.ts')))) & set(CONFIG_MAPPING)
PARTS = ('text_config', 'vision_config', 'audio_config')
SIZES = set('''
  vocab_size hidden_size intermediate_size num_hidden_layers num_attention_heads num_key_value_heads head_dim
  q_lora_rank kv_lora_rank qk_nope_head_dim qk_rope_head_dim v_head_dim
  n_routed_experts num_experts num_local_experts num_experts_per_tok n_shared_experts moe_intermediate_size
  shared_expert_intermediate_size first_k_dense_replace
  linear_num_key_heads linear_num_value_heads linear_key_head_dim linear_value_head_dim linear_conv_kernel_dim
  depth num_heads embed_dim mlp_ratio patch_size image_size temporal_patch_size spatial_merge_size
  num_position_embeddings position_embedding_size projection_dim max_num_tiles num_global_layers vision_output_dim
  d_model encoder_layers encoder_attention_heads encoder_ffn_dim downsample_hidden_size
'''.split())


def sizes(config):
  """Without what the class works out from other keys: those have no default of their own."""
  declared = {name: field.default for name, field in type(config).__dataclass_fields__.items()}
  given = config.to_dict()
  return {key: given[key] for key in sorted(SIZES) if type(declared.get(key)) in (int, float) and given.get(key)}


def main():
  rows = {}
  for kind in sorted(TYPES):
    try:
      config = CONFIG_MAPPING[kind]()
      parts = {part: getattr(config, part, None) for part in PARTS}
      for part, own in parts.items():
        if hasattr(own, 'to_dict'):
          # What the whole puts into a part that is missing altogether does not stand in for single keys.
          rows[f'{kind}.{part}'] = sizes(type(own)())
      if not any(parts.values()):
        rows[kind] = sizes(config)
    except Exception as problem:
      print(kind, type(problem).__name__, str(problem)[:100])
  lines = ',\n'.join(f'  {json.dumps(kind)}: {json.dumps(row)}' for kind, row in sorted(rows.items()) if row)
  (ROOT / 'defaults.json').write_text('{\n' + lines + '\n}\n')


main()
