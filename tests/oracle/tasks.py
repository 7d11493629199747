"""The training set-ups the oracle knows: which parameters train, in which dtypes, with which casts around them.

mode   bf16       all weights bf16, no autocast
       fp32       all weights fp32
       amp        fp32 weights under torch.autocast(bfloat16): the Trainer's bf16=True
       bf16+amp   bf16 base under autocast (LoRA: peft keeps adapters fp32): the Trainer's bf16=True on a bf16 model
       nf4+amp    bitsandbytes NF4 with double quantisation, prepare_model_for_kbit_training (all else fp32), autocast: QLoRA
       nf4-bare+amp  the same without prepare_model_for_kbit_training: embeddings, norms and head stay bf16
task   full       every parameter trains
       lora-qv    peft LoRA r=16 on the attention's query and value (peft's own default for the family)
       lora-all   peft LoRA r=16 on 'all-linear'
"""
import contextlib

import torch
from architectures import build, config_of
from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
from peft.utils.constants import TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING as DEFAULTS
from quantised import quantise

QUERY_VALUE = {'phi3': ['qkv_proj'], 'qwen3_moe': ['q_proj', 'v_proj'], 'qwen3_next': ['q_proj', 'v_proj'], 'olmo2': ['q_proj', 'v_proj'],
               'deepseek_v2': ['q_proj', 'kv_b_proj'], 'deepseek_v3': ['q_b_proj', 'kv_b_proj']}


def targets_of(kind, task):
  if task == 'lora-all':
    return 'all-linear'
  return QUERY_VALUE.get(kind) or DEFAULTS.get(kind) or ['q_proj', 'v_proj']


def set_dropout(model, probability):
  for module in model.modules():
    if isinstance(module, torch.nn.Dropout):
      module.p = probability
    for name in ('attention_dropout', 'attn_dropout', 'dropout'):
      if isinstance(getattr(module, name, None), float):
        setattr(module, name, probability)


def prepare(name, layers, attention, mode, task, checkpointing=False, dropout=0.0, lora_dropout=0.0, rank=16):
  """The model in train mode on the current fake device."""
  dtype = torch.bfloat16 if mode.startswith(('bf16', 'nf4')) else torch.float32
  model = build(config_of(name, layers), attention, dtype, 'cuda', text_only=True).train()
  set_dropout(model, dropout)
  if mode.startswith('nf4'):
    quantise(model)
    if 'bare' not in mode:
      prepare_model_for_kbit_training(model, checkpointing, {'use_reentrant': False})
  if task != 'full':
    config = LoraConfig(r=rank, lora_alpha=rank, lora_dropout=lora_dropout, bias='none', task_type='CAUSAL_LM',
                        target_modules=targets_of(model.config.model_type, task))
    with torch.device('cuda'):
      model = get_peft_model(model, config)
  if checkpointing:
    model.config.use_cache = False
    model.gradient_checkpointing_enable({'use_reentrant': False})
    if task != 'full':
      model.enable_input_require_grads()
  return model


def autocast(mode):
  return torch.autocast('cuda', torch.bfloat16) if mode.endswith('amp') else contextlib.nullcontext()
