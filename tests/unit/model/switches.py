"""Parameter counts of small models with the switches that published ones leave off -> switches.json

Built by transformers on the meta device; rows of other versions in the file stay. Made with 4.57.6, 5.23.0 and 5.24.0:

    pip install torch transformers==4.57.6 && python switches.py
    pip install transformers==5.23.0 && python switches.py
    pip install transformers==5.24.0 && python switches.py
"""
import json
import random
import sys
from pathlib import Path

import torch
import transformers
from transformers import CONFIG_MAPPING, AutoModelForCausalLM, AutoModelForImageTextToText

transformers.logging.set_verbosity_error()
NEW = int(transformers.__version__.split('.')[0]) >= 5

R = random.Random(7)
def base(**k):
    d = dict(vocab_size=R.choice([1003, 2048]), hidden_size=192, intermediate_size=R.choice([300, 512]), num_hidden_layers=6, num_attention_heads=12, num_key_value_heads=R.choice([2, 4]), head_dim=R.choice([16, 24]), max_position_embeddings=512, pad_token_id=None, bos_token_id=None, eos_token_id=None, tie_word_embeddings=R.choice([True, False]))
    d.update(k); return d
def nohd(**k):
    d = base(**k); d.pop('head_dim'); return d
moe = dict(num_experts=8, num_experts_per_tok=2, moe_intermediate_size=48)
mla = dict(kv_lora_rank=40, q_lora_rank=56, qk_rope_head_dim=16, qk_nope_head_dim=24, v_head_dim=32, n_routed_experts=8, num_experts_per_tok=2, moe_intermediate_size=48, n_shared_experts=2, first_k_dense_replace=2, num_key_value_heads=12, n_group=2, topk_group=1)
C = {
 'llama': [base(), base(attention_bias=True, mlp_bias=True)],
 'mistral': [base(), base(sliding_window=128)],
 'qwen2': [nohd(), nohd(use_sliding_window=True, sliding_window=64, max_window_layers=2)],
 'qwen3': [base(), base(attention_bias=True)],
 'qwen2_moe': [nohd(**moe, shared_expert_intermediate_size=80), nohd(**moe, shared_expert_intermediate_size=80, decoder_sparse_step=2, mlp_only_layers=[1])],
 'qwen3_moe': [base(**moe), base(**moe, decoder_sparse_step=2, mlp_only_layers=[3])],
 'qwen3_next': [base(**moe, shared_expert_intermediate_size=80, linear_num_key_heads=4, linear_num_value_heads=8, linear_key_head_dim=16, linear_value_head_dim=24)],
 'gemma': [base()], 'gemma2': [base(sliding_window=32)], 'gemma3_text': [base(sliding_window=32)],
 'gemma3n_text': [base(vocab_size_per_layer_input=900, hidden_size_per_layer_input=32, num_kv_shared_layers=1, intermediate_size=300, laurel_rank=16, tie_word_embeddings=True, layer_types=['sliding_attention','full_attention','sliding_attention','full_attention','sliding_attention','full_attention'])],
 'gpt2': [dict(vocab_size=1003, n_embd=192, n_layer=3, n_head=6, n_positions=256), dict(vocab_size=1003, n_embd=192, n_layer=3, n_head=6, n_positions=256, n_inner=500)],
 'gptj': [dict(vocab_size=1003, n_embd=192, n_layer=3, n_head=6, n_positions=256, rotary_dim=16)],
 'gpt_bigcode': [dict(vocab_size=1003, n_embd=192, n_layer=3, n_head=6, n_positions=256), dict(vocab_size=1003, n_embd=192, n_layer=3, n_head=6, n_positions=256, multi_query=False, n_inner=444)],
 'gpt_neox': [dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, num_attention_heads=6, intermediate_size=500, max_position_embeddings=300), dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, num_attention_heads=6, intermediate_size=500, attention_bias=False, tie_word_embeddings=True)],
 'opt': [dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, num_attention_heads=6, ffn_dim=500, max_position_embeddings=300, word_embed_proj_dim=192), dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, num_attention_heads=6, ffn_dim=500, max_position_embeddings=300, word_embed_proj_dim=96, do_layer_norm_before=False), dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, num_attention_heads=6, ffn_dim=500, max_position_embeddings=300, word_embed_proj_dim=192, enable_bias=False, layer_norm_elementwise_affine=False)],
 'bloom': [dict(vocab_size=1003, hidden_size=192, n_layer=3, n_head=6)],
 'mpt': [dict(vocab_size=1003, d_model=192, n_layers=3, n_heads=6, max_seq_len=200)],
 'falcon': [dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, num_attention_heads=12), dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, num_attention_heads=12, new_decoder_architecture=True, num_kv_heads=4), dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, num_attention_heads=12, multi_query=False, parallel_attn=False, alibi=True, bias=True), dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, num_attention_heads=12, new_decoder_architecture=True, num_kv_heads=4, num_ln_in_parallel_attn=1, ffn_hidden_size=333)],
 'phi': [nohd(intermediate_size=333), nohd(tie_word_embeddings=False)], 'phi3': [nohd(rope_scaling=None)],
 'phimoe': [nohd(num_local_experts=4, num_experts_per_tok=2, attention_bias=True, lm_head_bias=True, tie_word_embeddings=False), nohd(num_local_experts=4, num_experts_per_tok=2)],
 'olmo': [nohd()], 'olmo2': [nohd()], 'olmo3': [nohd(sliding_window=32)], 'olmoe': [nohd(num_experts=8, num_experts_per_tok=2)], 'flex_olmo': [nohd(num_experts=4, num_experts_per_tok=2)],
 'cohere': [nohd(), nohd(use_qk_norm=True)], 'cohere2': [nohd(sliding_window=32)],
 'starcoder2': [nohd(), nohd(use_bias=False)],
 'stablelm': [nohd(), nohd(use_qkv_bias=True, qk_layernorm=True, use_parallel_residual=True)],
 'nemotron': [base(), base(attention_bias=True, mlp_bias=True)],
 'glm': [base()], 'glm4': [base()],
 'glm4_moe': [base(**{k:v for k,v in mla.items() if k in('n_routed_experts','num_experts_per_tok','moe_intermediate_size','n_shared_experts','first_k_dense_replace','n_group','topk_group')}, use_qk_norm=True, attention_bias=True)],
 'deepseek_v2': [nohd(**mla, topk_method='greedy'), nohd(**{**mla,'q_lora_rank':None})],
 'deepseek_v3': [nohd(**mla), nohd(**{**mla,'q_lora_rank':None}, attention_bias=True)],
 'dots1': [base(**{k:v for k,v in mla.items() if k in('n_routed_experts','num_experts_per_tok','moe_intermediate_size','n_shared_experts','first_k_dense_replace','n_group','topk_group')})],
 'mixtral': [base(num_local_experts=4)], 'granite': [nohd(), nohd(attention_bias=True, mlp_bias=True)],
 'granitemoe': [nohd(num_local_experts=4, num_experts_per_tok=2)],
 'granitemoehybrid': [nohd(num_local_experts=4, num_experts_per_tok=2, shared_intermediate_size=111, layer_types=['mamba','attention','mamba','mamba','attention','mamba'], mamba_n_heads=12, mamba_d_state=16, mamba_n_groups=2), nohd(num_local_experts=0, shared_intermediate_size=111, layer_types=['mamba','attention','mamba','mamba','attention','mamba'], mamba_n_heads=12, mamba_d_state=16, mamba_n_groups=1, mamba_conv_bias=False, mamba_proj_bias=True)],
 'gpt_oss': [base(num_local_experts=4, num_experts_per_tok=2, sliding_window=32)],
 'minimax': [base(num_local_experts=4)], 'minimax_m2': [base(num_local_experts=4, num_experts_per_tok=2)],
 'dbrx': [dict(vocab_size=1003, d_model=192, n_layers=3, n_heads=12, attn_config=dict(kv_n_heads=4, clip_qkv=8, rope_theta=10000.0), ffn_config=dict(ffn_hidden_size=100, moe_num_experts=4, moe_top_k=2, ffn_act_fn={'name':'silu'}))],
 'hunyuan_v1_dense': [base()], 'hunyuan_v1_moe': [base(num_experts=4, moe_topk=2)],
 'ernie4_5': [base(), base(use_bias=True)], 'ernie4_5_moe': [nohd(moe_intermediate_size=48, moe_k=2, moe_num_experts=4, moe_num_shared_experts=2, moe_layer_start_index=1), nohd(moe_intermediate_size=48, moe_k=2, moe_num_experts=4, moe_num_shared_experts=0, moe_layer_start_index=1, moe_layer_end_index=4, moe_layer_interval=2, use_bias=True)],
 'smollm3': [nohd(), nohd(use_sliding_window=True, sliding_window=32)],
 'seed_oss': [base(), base(attention_out_bias=True, mlp_bias=True)], 'apertus': [nohd()],
 'mamba': [dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, state_size=8), dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, state_size=8, expand=3, use_bias=True, use_conv_bias=False, time_step_rank=9)],
 'falcon_mamba': [dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, state_size=8)],
 'mamba2': [dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, state_size=8, num_heads=12, head_dim=32, n_groups=2)],
 'jamba': [nohd(num_experts=4, num_hidden_layers=10, use_mamba_kernels=False), nohd(num_experts=1, attn_layer_period=3, attn_layer_offset=1, mamba_dt_rank=7, use_mamba_kernels=False)],
 'falcon_h1': [base(mamba_d_ssm=384, mamba_n_heads=12, mamba_d_head=32, mamba_d_state=16), base(mamba_d_ssm=384, mamba_n_heads=12, mamba_d_head=32, mamba_d_state=16, mamba_rms_norm=True, attention_bias=True, mlp_bias=True, mamba_proj_bias=True, projectors_bias=True, mamba_n_groups=2)],
 'nemotron_h': [base(hybrid_override_pattern='M-M*-E', num_hidden_layers=6, mamba_num_heads=12, mamba_head_dim=32, ssm_state_size=16, n_groups=2, n_routed_experts=4, num_experts_per_tok=2, moe_intermediate_size=50, moe_shared_expert_intermediate_size=70), base(hybrid_override_pattern='M*E', num_hidden_layers=3, mamba_num_heads=12, mamba_head_dim=32, ssm_state_size=16, n_groups=2, n_routed_experts=4, num_experts_per_tok=2, moe_intermediate_size=50, moe_shared_expert_intermediate_size=70, moe_latent_size=64)],
 'lfm2': [nohd(layer_types=['conv','full_attention','conv','conv','full_attention','conv']), nohd(conv_bias=True, block_auto_adjust_ff_dim=False, layer_types=['conv','full_attention','conv','conv','full_attention','conv'])],
 'lfm2_moe': [nohd(num_experts=4, moe_intermediate_size=48, num_experts_per_tok=2, layer_types=['conv','full_attention','conv','conv','full_attention','conv'])],
 'llama4_text': [base(num_local_experts=4, intermediate_size_mlp=400, interleave_moe_layer_step=2)],
 'qwen3_5_text': [base(linear_num_key_heads=4, linear_num_value_heads=8, linear_key_head_dim=16, linear_value_head_dim=24)],
 'qwen3_5_moe_text': [base(**moe, shared_expert_intermediate_size=80, linear_num_key_heads=4, linear_num_value_heads=8, linear_key_head_dim=16, linear_value_head_dim=24)],
 'gemma4_text': [base(hidden_size_per_layer_input=0, attention_k_eq_v=True, num_global_key_value_heads=3, global_head_dim=40, enable_moe_block=True, num_experts=4, top_k_experts=2, moe_intermediate_size=48), base(hidden_size_per_layer_input=32, vocab_size_per_layer_input=900, num_kv_shared_layers=2, use_double_wide_mlp=True, global_head_dim=40, layer_types=['sliding_attention','full_attention','sliding_attention','full_attention','sliding_attention','full_attention'])],
 'glm4_moe_lite': [nohd(**{k:v for k,v in mla.items() if k!='first_k_dense_replace'})],
 'glm_moe_dsa': [nohd(**mla, index_n_heads=4, index_head_dim=32)],
 'deepseek_v32': [nohd(**mla, index_n_heads=4, index_head_dim=32)],
}
C['kimi_linear'] = [nohd(num_experts=8, num_experts_per_tok=2, moe_intermediate_size=48, kv_lora_rank=40, qk_rope_head_dim=16, qk_nope_head_dim=24, v_head_dim=32, n_shared_experts=2, linear_head_dim=16, linear_num_heads=8, num_key_value_heads=12)]
C['minimax_m2'] = [base(num_local_experts=4, num_experts_per_tok=2)]
for k in ('nemotron_h', 'kimi_linear'):
    for c in C[k]: c['tie_word_embeddings'] = False
for c in C['ernie4_5_moe']: 
    if c.get('use_bias'): c['use_bias'] = (NEW)
glmmoe={k:v for k,v in mla.items() if k in('n_routed_experts','num_experts_per_tok','moe_intermediate_size','n_shared_experts','n_group','topk_group')}
C['ministral3']=[base()]; C['arcee']=[base(), base(attention_bias=True, mlp_bias=True)]
C['helium']=[nohd(hidden_size=1536), nohd(hidden_size=1536, attention_bias=True, mlp_bias=True)]
C['exaone4']=[nohd(sliding_window=32), nohd(sliding_window=None, layer_types=['full_attention']*6)]
C['solar_open']=[base(**glmmoe)]; C['hy_v3']=[base(num_experts=8, num_experts_per_tok=2, num_shared_experts=2, moe_intermediate_size=48)]
C['minicpm3']=[nohd(kv_lora_rank=40, q_lora_rank=56, qk_rope_head_dim=16, qk_nope_head_dim=24, v_head_dim=32, num_key_value_heads=12)]
C['granitemoeshared']=[nohd(num_local_experts=4, num_experts_per_tok=2, shared_intermediate_size=111)]
C['bamba']=[nohd(mamba_n_heads=12, mamba_d_state=16, attn_layer_indices=[1,4]), nohd(mamba_n_heads=12, mamba_d_state=16, attn_layer_indices=[0], mlp_bias=True, attention_bias=True, mamba_proj_bias=True, mamba_conv_bias=False, mamba_n_groups=2)]
C['gpt_neo']=[dict(vocab_size=1003, hidden_size=192, num_layers=4, num_heads=6, attention_types=[[['global','local'],2]], max_position_embeddings=300)]
C['codegen']=[dict(vocab_size=1003, n_embd=192, n_layer=3, n_head=8, n_positions=256, rotary_dim=16)]
if not NEW: del C['gemma3n_text']  # 4.57 still builds keys and values for layers that read another's

T = dict(vocab_size=1003, hidden_size=192, intermediate_size=300, num_hidden_layers=4, num_attention_heads=12, num_key_value_heads=4, max_position_embeddings=512, pad_token_id=None, bos_token_id=None, eos_token_id=None)
V = dict(hidden_size=96, intermediate_size=200, num_hidden_layers=3, num_attention_heads=6)
Q = dict(depth=3, hidden_size=96, intermediate_size=200, num_heads=6, out_hidden_size=192, patch_size=8, num_position_embeddings=64)
TOWERS = [
 ('gemma3', dict(text_config=dict(T, head_dim=24), vision_config=dict(V, image_size=56, patch_size=14))),
 ('gemma3', dict(text_config=dict(hidden_size=256, intermediate_size=300, num_hidden_layers=3), vision_config=dict(V, image_size=56, patch_size=14))),
 ('paligemma', dict(text_config=dict(T, head_dim=24, model_type='gemma'), vision_config=dict(V, image_size=56, patch_size=14, model_type='siglip_vision_model'))),
 ('mistral3', dict(tie_word_embeddings=False, text_config=dict(T, head_dim=24, model_type='mistral'), vision_config=dict(V, image_size=64, patch_size=8, model_type='pixtral'))),
 ('mistral3', dict(tie_word_embeddings=False, text_config=dict(T, head_dim=24, model_type='mistral'), vision_config=dict(V, image_size=64, patch_size=8, model_type='pixtral'), multimodal_projector_bias=True, spatial_merge_size=3)),
 ('qwen2_vl', dict(text_config=dict(T), vision_config=dict(depth=3, embed_dim=96, num_heads=6, hidden_size=192, mlp_ratio=4, patch_size=8))),
 ('qwen2_5_vl', dict(text_config=dict(T), vision_config=dict(depth=3, hidden_size=96, num_heads=6, out_hidden_size=192, intermediate_size=222, patch_size=8))),
 ('qwen3_vl', dict(text_config=dict(T, head_dim=24), vision_config=dict(Q, deepstack_visual_indexes=[0, 2]))),
 ('qwen3_vl_moe', dict(text_config=dict(T, head_dim=24, **moe), vision_config=dict(Q, deepstack_visual_indexes=[0, 2]))),
 ('llama4', dict(text_config=dict(T, head_dim=24, intermediate_size_mlp=300, num_local_experts=4), vision_config=dict(V, image_size=56, patch_size=14, vision_output_dim=80, projector_input_dim=80, projector_output_dim=80))),
 ('llava', dict(text_config=dict(T, model_type='llama'), vision_config=dict(V, image_size=56, patch_size=14, model_type='clip_vision_model', projection_dim=96))),
 ('qwen3_5', dict(text_config=dict(T, head_dim=24), vision_config=dict(Q))),
 ('qwen3_5_moe', dict(text_config=dict(T, head_dim=24, **moe), vision_config=dict(Q))),
 ('gemma4', dict(text_config=dict(T, head_dim=24, hidden_size_per_layer_input=16, vocab_size_per_layer_input=900), vision_config=dict(V, num_key_value_heads=6, head_dim=16, position_embedding_size=40, patch_size=8), audio_config=dict(hidden_size=64, num_hidden_layers=2, num_attention_heads=4, output_proj_dims=50))),
 ('idefics3', dict(text_config=dict(T, model_type='llama'), vision_config=dict(V, image_size=64, patch_size=8))),
 ('gemma3n', dict(text_config=dict(T, head_dim=24, intermediate_size=300, num_kv_shared_layers=1, layer_types=['sliding_attention','full_attention','sliding_attention','full_attention']))),
]

#: Families that only the newer transformers knows, last so that nobody else's dice change.
sparse6 = ['dense', 'sparse', 'sparse', 'dense', 'sparse', 'sparse']
mixed6 = ['sliding_attention', 'full_attention'] * 3
LATER = [
 ('iquestcoder', base(attention_bias=True)),
 ('vaultgemma', base(sliding_window=32)),
 ('hyperclovax', base(use_post_norm=True)), ('hyperclovax', base(use_post_norm=False, attention_bias=True, mlp_bias=True)),
 ('youtu', nohd(**{k: v for k, v in mla.items() if 'expert' not in k and k not in ('moe_intermediate_size', 'first_k_dense_replace', 'n_group', 'topk_group')})),
 ('jais2', nohd()), ('jais2', base(attention_bias=False, mlp_bias=False)),
 ('nanochat', nohd()), ('nanochat', nohd(attention_bias=True)),
 ('mellum', base(**moe, layer_types=mixed6, sliding_window=32)), ('mellum', base(**moe, mlp_layer_types=sparse6)),
 ('exaone_moe', nohd(**moe, num_shared_experts=2)), ('exaone_moe', base(**moe, num_shared_experts=1, mlp_layer_types=sparse6)),
 ('afmoe', base(**moe, num_dense_layers=2, num_shared_experts=1)),
 ('cohere2_moe', base(num_experts=8, num_experts_per_tok=2, first_k_dense_replace=2, prefix_dense_intermediate_size=333)),
 ('cohere2_moe', base(num_experts=8, num_experts_per_tok=2, num_shared_experts=2, attention_bias=True)),
 ('laguna', base(**moe, shared_expert_intermediate_size=80, num_attention_heads_per_layer=[12, 8, 8, 12, 8, 8], layer_types=mixed6)),
 ('laguna', base(**moe, shared_expert_intermediate_size=80, gating='per-element', mlp_layer_types=sparse6)),
 ('gemma4_unified_text', base(sliding_window=32, layer_types=mixed6)),
]
LATER_TOWERS = [
 ('gemma4_unified', dict(tie_word_embeddings=True, text_config=dict(T, tie_word_embeddings=True, head_dim=24), vision_config=dict(mm_embed_dim=200, mm_posemb_size=40), audio_config=dict(audio_embed_dim=64))),
 ('gemma4_unified', dict(tie_word_embeddings=True, text_config=dict(T, tie_word_embeddings=True, head_dim=24, attention_k_eq_v=True, num_global_key_value_heads=1))),
 ('internvl', dict(tie_word_embeddings=True, text_config=dict(T, tie_word_embeddings=True, model_type='qwen2'), vision_config=dict(V, image_size=[56, 56], patch_size=[14, 14]))),
 ('internvl', dict(tie_word_embeddings=True, text_config=dict(T, tie_word_embeddings=True, model_type='qwen2'), vision_config=dict(V, image_size=[56, 56], patch_size=[14, 14], attention_bias=True, use_qk_norm=True, norm_type='rms_norm', use_mean_pooling=False))),
 ('llava_onevision', dict(tie_word_embeddings=True, text_config=dict(T, tie_word_embeddings=True, model_type='qwen2'), vision_config=dict(V, image_size=64, patch_size=8, model_type='siglip_vision_model'))),
 ('cohere2_vision', dict(tie_word_embeddings=True, text_config=dict(T, tie_word_embeddings=True, head_dim=24, model_type='cohere2'), alignment_intermediate_size=400, vision_config=dict(V, image_size=64, patch_size=8, model_type='siglip_vision_model'))),
 ('lfm2_vl', dict(tie_word_embeddings=True, text_config=dict(T, tie_word_embeddings=True, model_type='lfm2'), projector_hidden_size=222, vision_config=dict(V, num_patches=64, patch_size=8, model_type='siglip2_vision_model'))),
 ('lfm2_vl', dict(tie_word_embeddings=True, text_config=dict(T, tie_word_embeddings=True, model_type='lfm2'), projector_use_layernorm=False, projector_bias=False, vision_config=dict(V, num_patches=64, patch_size=8, vision_use_head=False, model_type='siglip2_vision_model'))),
 ('glm4v', dict(tie_word_embeddings=False, text_config=dict(T, tie_word_embeddings=False), vision_config=dict(depth=3, hidden_size=96, num_heads=6, out_hidden_size=192, intermediate_size=222, patch_size=8, image_size=64))),
 ('glm4v_moe', dict(tie_word_embeddings=True, text_config=dict(T, tie_word_embeddings=True, head_dim=24, n_routed_experts=8, num_experts_per_tok=2, moe_intermediate_size=48, n_group=2), vision_config=dict(depth=3, hidden_size=96, num_heads=6, out_hidden_size=192, intermediate_size=222, patch_size=8, image_size=64, attention_bias=True))),
 ('kimi_k25', dict(tie_word_embeddings=True, text_config=dict(T, tie_word_embeddings=True, **mla), vision_config=dict(V, patch_size=8))),
 ('qwen2_vl', dict(tie_word_embeddings=True, text_config=dict(T, tie_word_embeddings=True), vision_config=dict(depth=3, embed_dim=96, num_heads=6, hidden_size=144, patch_size=8))),
]

def swap(d, **k):
    return {**d, **k}
W=dict(layer_types=['full_attention','sliding_attention','sliding_attention','full_attention','sliding_attention','full_attention'], sliding_window=32)
K=dict(linear_head_dim=16, linear_num_heads=8)
lora={k:v for k,v in mla.items() if k in ('kv_lora_rank','q_lora_rank','qk_rope_head_dim','qk_nope_head_dim','v_head_dim')}
V4=dict(vocab_size=1003, hidden_size=192, num_attention_heads=12, head_dim=32, q_lora_rank=40, o_groups=4, o_lora_rank=24, sliding_window=16, index_n_heads=3, index_head_dim=16, hc_mult=3, n_routed_experts=8, num_experts_per_tok=2, moe_intermediate_size=48, n_shared_experts=1, tie_word_embeddings=False)
#: What 5.24.0 is the first to know, or is asked about here.
NEWEST = [
 ('deepseek_v4', swap(V4, num_hidden_layers=5, compress_ratios=[0,0,4,128,4,0])),
 ('deepseek_v4', swap(V4, num_hidden_layers=4, mlp_layer_types=['hash_moe','moe','moe','moe'], compress_rates=dict(compressed_sparse_attention=8, heavily_compressed_attention=32), layer_types=['heavily_compressed_attention','compressed_sparse_attention','sliding_attention','heavily_compressed_attention'], hc_mult=4, tie_word_embeddings=True)),
 ('exaone', base()), ('exaone', nohd(tie_word_embeddings=True)),
 ('cwm', base()), ('cwm', base(layer_types=['full_attention']*6)),
 ('granite_swa', nohd()), ('granite_swa', nohd(attention_bias=True, mlp_bias=True, **W)),
 ('ministral', base(sliding_window=32)), ('ministral', base(**W)),
 ('bitnet', nohd()),
 ('mimo_v2_flash', base(v_head_dim=12, num_key_value_heads=3, n_routed_experts=8, num_experts_per_tok=2, moe_intermediate_size=48)),
 ('mimo_v2_flash', base(v_head_dim=20, num_key_value_heads=2, n_routed_experts=8, num_experts_per_tok=2, moe_intermediate_size=48, attention_bias=True, mlp_layer_types=['dense','dense','sparse','sparse','dense','sparse'], **W)),
 ('minimax_m3_vl_text', base(num_local_experts=8, num_experts_per_tok=2, dense_intermediate_size=300, shared_intermediate_size=80, index_n_heads=3, index_head_dim=20, layer_types=['full_attention','minimax_m3_sparse']*3, mlp_layer_types=['dense']+['sparse']*5)),
 ('bailing_hybrid', nohd(**{**lora, 'q_lora_rank': None}, num_local_experts=8, num_experts_per_tok=2, moe_intermediate_size=48, n_shared_experts=2, first_k_dense_replace=2, n_group=2, topk_group=1, head_dim=16, layer_group_size=3, num_key_value_heads=12)),
 ('bailing_hybrid', nohd(**lora, num_local_experts=8, num_experts_per_tok=2, moe_intermediate_size=48, n_shared_experts=1, first_k_dense_replace=1, n_group=2, topk_group=1, head_dim=24, layer_types=['linear_attention','full_attention']*3, num_key_value_heads=12)),
 ('lfm3', base(num_key_value_heads=4)), ('lfm3', base(num_key_value_heads=4, conv_bias=True, use_sandwich_norm=False, use_attention_gate=False, attention_bias=True)),
 ('olmo_hybrid', nohd(num_key_value_heads=12)), ('olmo_hybrid', nohd(num_key_value_heads=4, attention_bias=True, linear_num_key_heads=4, linear_num_value_heads=8, linear_key_head_dim=16, linear_value_head_dim=24, layer_types=['linear_attention','full_attention']*3)),
]

for kind, keys in NEWEST:
    if kind == 'bailing_hybrid': keys['tie_word_embeddings'] = False
    if kind == 'cwm':  # which types their token ids strictly
        for token in ('pad_token_id', 'bos_token_id', 'eos_token_id'): keys.pop(token)
STEP=dict(T, head_dim=24, n_routed_experts=8, num_experts_per_tok=2, moe_intermediate_size=48, share_expert_dim=40, num_key_value_heads=4, num_hidden_layers=6)
for token in ('pad_token_id', 'bos_token_id', 'eos_token_id'): STEP.pop(token)
AUDIO=dict(num_mel_bins=40, encoder_layers=2, encoder_attention_heads=4, encoder_ffn_dim=72, d_model=64, output_dim=192)
MLLAMA=dict({k: v for k, v in T.items() if not k.endswith('token_id')}, pad_token_id=7)
NEWEST_TOWERS = [
 ('mllama', dict(tie_word_embeddings=False, text_config=dict(MLLAMA, cross_attention_layers=[1, 3]), vision_config=dict(hidden_size=96, intermediate_size=200, num_hidden_layers=3, num_global_layers=2, attention_heads=6, image_size=56, patch_size=14, vision_output_dim=288, intermediate_layers_indices=[0, 2]))),
 ('llava_next', dict(tie_word_embeddings=False, text_config=dict(T, model_type='granite'), vision_config=dict(V, image_size=56, patch_size=14, model_type='siglip_vision_model'), vision_feature_layer=[-3, -1])),
 ('llava_next', dict(tie_word_embeddings=True, text_config=dict(T, model_type='llama', tie_word_embeddings=True), vision_config=dict(V, image_size=56, patch_size=14, model_type='clip_vision_model', projection_dim=96), vision_feature_layer=[-2, -1, -3])),
 ('llava', dict(tie_word_embeddings=False, text_config=dict(T, model_type='mistral'), vision_config=dict(V, image_size=56, patch_size=14, model_type='pixtral'))),
 ('aya_vision', dict(tie_word_embeddings=True, text_config=dict(T, model_type='cohere2', tie_word_embeddings=True, sliding_window=32), vision_config=dict(V, image_size=56, patch_size=14, model_type='siglip_vision_model'))),
 ('step3p7', dict(tie_word_embeddings=False, text_config=dict(STEP, num_sliding_attention_heads=20, **W), vision_config=dict(V, image_size=56, patch_size=14))),
 ('step3p7', dict(tie_word_embeddings=False, text_config=dict(STEP, mlp_layer_types=['dense', 'sparse'] * 3), vision_config=dict(V, image_size=56, patch_size=14))),
 ('minimax_m3_vl', dict(tie_word_embeddings=False, projector_hidden_size=80, text_config=dict(T, head_dim=24, num_local_experts=8, num_experts_per_tok=2, dense_intermediate_size=300, shared_intermediate_size=80, mlp_layer_types=['dense', 'sparse', 'sparse', 'sparse']), vision_config=dict(V, patch_size=14))),
 ('qwen3_omni_moe_thinker', dict(tie_word_embeddings=False, text_config=dict(T, head_dim=24, **moe), vision_config=dict(Q, deepstack_visual_indexes=[0, 2]), audio_config=dict(AUDIO, downsample_hidden_size=24))),
 ('qwen2_5_omni_thinker', dict(tie_word_embeddings=False, text_config=dict(T), vision_config=dict(depth=3, hidden_size=96, num_heads=6, out_hidden_size=192, intermediate_size=222, patch_size=8), audio_config=AUDIO)),
]

#: Repairs, and families of 5.24.0 that came later still. No dice: every size differs from every other.
S = dict(vocab_size=1003, hidden_size=192, intermediate_size=300, num_hidden_layers=6, num_attention_heads=12, num_key_value_heads=4, head_dim=24, max_position_embeddings=512, tie_word_embeddings=False)
def of(*left_out, **more):
    return {k: v for k, v in {**S, **more}.items() if k not in left_out}
latent = dict(mla, n_group=1, topk_group=1, num_attention_heads=12)
del latent['first_k_dense_replace']
sparse_latent = dict(latent, index_n_heads=4, index_head_dim=32)
N = dict(max_position_embeddings=512, vocab_size=1003, tie_word_embeddings=False)
NEWEST += [
 ('apertus', of('head_dim', hidden_act='gelu')),
 ('ernie4_5_moe', of('head_dim', moe_intermediate_size=48, moe_k=2, moe_num_experts=4, moe_num_shared_experts=2, moe_layer_start_index=1, moe_layer_end_index=5, use_bias=True)),
 ('exaone_moe', of('head_dim', **moe, num_shared_experts=1, attention_bias=True)),
 ('gpt2', dict(vocab_size=1003, n_embd=192, n_layer=3, n_head=6, n_positions=256, head_dim=48, num_key_value_heads=2)),
 ('gpt_neox', dict(vocab_size=1003, hidden_size=192, num_hidden_layers=3, num_attention_heads=6, intermediate_size=500, max_position_embeddings=300, num_key_value_heads=2)),
 ('axk1', of('head_dim', **latent, mlp_layer_types=sparse6)),
 ('axk2', of('head_dim', **sparse_latent, mlp_layer_types=sparse6, gated_norm_rank=10)),
 ('sarvam_moe', of(num_attention_heads=8, n_routed_experts=8, num_experts_per_tok=2, moe_intermediate_size=48, n_shared_experts=2, first_k_dense_replace=2)),
 ('sarvam_mla', of('head_dim', **{**latent, 'q_lora_rank': None}, first_k_dense_replace=2)),
 ('longcat_flash', dict(N, hidden_size=192, ffn_hidden_size=300, num_layers=3, num_attention_heads=12, kv_lora_rank=40, q_lora_rank=56, qk_rope_head_dim=16, qk_nope_head_dim=24, v_head_dim=32, n_routed_experts=8, moe_topk=2, expert_ffn_hidden_size=48, zero_expert_num=0)),
 ('hy_v4', of('head_dim', **sparse_latent, pad_token_id=0, hc_mult=3, mlp_layer_types=sparse6, indexer_types=['full', 'full', 'shared', 'shared', 'full', 'shared'])),
 ('granitemoe_swa', of('head_dim', num_local_experts=4, num_experts_per_tok=2)),
 ('granitemoe_swa', of('head_dim', num_local_experts=4, num_experts_per_tok=2, shared_intermediate_size=111, attention_bias=True, **W)),
 ('apertus1p5_text', of('head_dim')),
 ('kolibri1', of('intermediate_size', num_local_experts=8, num_experts_per_tok=2, moe_intermediate_size=48, shared_expert_intermediate_size=80, **W)),
 ('flint', of(**moe, shared_expert_intermediate_size=80, mlp_only_layers=[0, 2], attention_bias=True, **W)),
 ('aria_text', of(moe_num_experts=4, moe_topk=2, moe_num_shared_experts=3)),
 ('persimmon', of('head_dim', 'num_key_value_heads')), ('persimmon', of('head_dim', 'num_key_value_heads', qk_layernorm=False)),
 ('biogpt', of('head_dim', 'num_key_value_heads', tie_word_embeddings=True)),
 ('openai-gpt', dict(vocab_size=1003, n_embd=192, n_layer=3, n_head=6, n_positions=256)),
 ('qwen4_exp_text', of('intermediate_size', **moe, shared_expert_intermediate_size=80, linear_num_key_heads=4, linear_num_value_heads=8, linear_key_head_dim=16, linear_value_head_dim=24, hc_count=3, hc_lowrank=20, indexer_n_heads=4, indexer_kv_heads=1, indexer_head_dim=32, indexer_budget=64, indexer_compress_ratio=4)),
 ('qwen4_exp_text', of('intermediate_size', **moe, shared_expert_intermediate_size=80, linear_num_key_heads=4, linear_num_value_heads=8, linear_key_head_dim=16, linear_value_head_dim=24, hc_count=2, hc_lowrank=20, eos_token_id=2, ple_layer_ids=[1, 3], ple_embed_dim=96, ngram_size=4, heads_per_ngram=2, ngram_vocab_size_base=1000, make_ngram_vocab_size_divisible_by=64, split_ngram_parts=1, indexer_n_heads=4, indexer_kv_heads=1, indexer_head_dim=32, indexer_budget=64, indexer_compress_ratio=4)),
]
GLM_EYE = dict(depth=3, hidden_size=96, num_heads=6, out_hidden_size=192, intermediate_size=222, patch_size=8)
NEWEST_TOWERS += [
 ('mistral_large4', dict(tie_word_embeddings=False, text_config=of('head_dim', **{k: v for k, v in sparse_latent.items() if k != 'q_lora_rank'}, no_rope_layers=[1, 0, 1, 1, 0, 1]), vision_config=dict(V, image_size=64, patch_size=8, model_type='pixtral'))),
 ('glm5_next', dict(tie_word_embeddings=False, text_config=of('head_dim', **{**sparse_latent, 'qk_rope_head_dim': 0}, **K, linear_conv_kernel_dim=4, pad_token_id=0, hc_mult=3, index_kpool=8, mlp_layer_types=sparse6, layer_types=['linear_attention', 'linear_attention', 'indexed_attention'] * 2, indexer_types=['full'] * 6), vision_config=dict(GLM_EYE, projection_intermediate_size=150))),
 ('glm_ocr', dict(tie_word_embeddings=False, text_config=of('head_dim'), vision_config=GLM_EYE)),
 ('glmga', dict(tie_word_embeddings=False, text_config=of('head_dim'), vision_config=dict(GLM_EYE, image_size=64))),
 ('exaone4_5', dict(tie_word_embeddings=False, text_config=of('head_dim', model_type='exaone4', sliding_window=32), vision_config=dict(GLM_EYE, num_key_value_heads=2))),
 ('hy_v4_vl', dict(tie_word_embeddings=False, text_config=of('head_dim', **{**sparse_latent, 'qk_rope_head_dim': 64}, pad_token_id=0, hc_mult=2, mlp_layer_types=sparse6), vision_config=dict(V, max_image_size=64, patch_size=8, out_hidden_size=192))),
 ('lighton_ocr', dict(tie_word_embeddings=True, text_config=of(tie_word_embeddings=True, model_type='qwen3'), vision_config=dict(V, image_size=64, patch_size=8, model_type='pixtral'))),
 ('llava_next_video', dict(tie_word_embeddings=False, text_config=of('head_dim', model_type='llama'), vision_config=dict(V, image_size=56, patch_size=14, model_type='clip_vision_model', projection_dim=96))),
 ('qwen4_exp', dict(tie_word_embeddings=False, text_config=of('intermediate_size', **moe, shared_expert_intermediate_size=80, linear_num_key_heads=4, linear_num_value_heads=8, linear_key_head_dim=16, linear_value_head_dim=24, hc_count=2, hc_lowrank=20, indexer_n_heads=4, indexer_kv_heads=1, indexer_head_dim=32, indexer_budget=64, indexer_compress_ratio=4), vision_config=dict(Q))),
 ('ernie4_5_vl_moe', {}),
 ('muse_spark', dict(tie_word_embeddings=False, text_config=of(num_local_experts=8, num_experts_per_tok=2, moe_intermediate_size=48, moe_hidden_size=80, mlp_layer_types=['sparse'] * 6, **W), audio_config=dict(out_hidden_size=192))),
]
HEARD = dict(num_mel_bins=40, max_source_positions=30)
#: With ears; Gemma 3n's eye is timm's (pip install timm pillow torchvision).
HEARING = [
 ('qwen2_audio', dict(tie_word_embeddings=False, text_config=of('head_dim', model_type='qwen2'), audio_config=dict(HEARD, encoder_layers=2, encoder_attention_heads=4, encoder_ffn_dim=72, d_model=64))),
 ('voxtral', dict(tie_word_embeddings=False, text_config=of(model_type='llama'), audio_config=dict(HEARD, num_hidden_layers=2, num_attention_heads=4, intermediate_size=72, hidden_size=64))),
 ('phi4_multimodal', of('head_dim', pad_token_id=0, vision_config=dict(V, image_size=64, crop_size=64, patch_size=8), audio_config=dict(hidden_size=64, intermediate_size=72, num_blocks=2, num_attention_heads=4, ext_pw_out_channel=64, depthwise_separable_out_channel=64, nemo_conv_channels=48, input_size=40))),
 ('gemma3n', dict(tie_word_embeddings=True, text_config=dict(T, tie_word_embeddings=True, head_dim=24, intermediate_size=300, num_kv_shared_layers=1, layer_types=['sliding_attention', 'full_attention'] * 2), audio_config=dict(hidden_size=64, conf_num_hidden_layers=2, conf_num_attention_heads=4, conf_conv_kernel_size=3))),
]
#: Written down as given, not as transformers completes them: the sizes that a part leaves out are those of its class.
SHORT = [
 ('llava', dict(tie_word_embeddings=False, text_config=dict(model_type='llama', vocab_size=1003, num_hidden_layers=2), vision_config=dict(model_type='clip_vision_model', num_hidden_layers=2))),
 ('llava', dict(tie_word_embeddings=False, text_config=dict(model_type='mistral', num_hidden_layers=2), vision_config=dict(model_type='siglip_vision_model', num_hidden_layers=2))),
]
#: Of these the language model alone is counted, here as there.
TEXT_ALONE = ('ernie4_5_vl_moe', 'muse_spark')

#: Held as buffers, so not in parameters(), though the checkpoint stores them.
BUFFERS = ('e_score_correction_bias', 'layer_scalar', 'expert_bias')
#: Keys that say nothing about sizes.
NOISE = ('architectures', 'id2label', 'label2id', 'rope_', 'transformers_version', 'return_dict', 'is_', 'problem_type',
         'chunk_size_feed_forward', 'initializer', 'use_cache', '_name_or_path', 'output_hidden', 'output_att',
         'torchscript', 'use_bfloat16', 'pruned_heads', 'tie_encoder', 'cross_attention_hidden', 'finetuning', 'task_specific',
         'num_beam', 'do_sample', 'early_stop', 'temperature', 'top_k', 'top_p', 'typical_p', 'repetition', 'length_pen',
         'no_repeat', 'encoder_no', 'bad_words', 'num_return', 'forced', 'remove_inv', 'exponential', 'suppress',
         'begin_sup', 'min_length', 'max_length', 'diversity', 'tf_legacy', 'decoder_start', 'sep_token', 'prefix',
         'tokenizer_class', 'pad_token', 'bos_token', 'eos_token')


#: Classes that no automatic one stands for.
THINKERS = {}
if transformers.__version__ == '5.24.0':
  from transformers.models.qwen2_5_omni import configuration_qwen2_5_omni as c25, modeling_qwen2_5_omni as m25
  from transformers.models.qwen3_omni_moe import configuration_qwen3_omni_moe as c3, modeling_qwen3_omni_moe as m3
  THINKERS = {
    'qwen3_omni_moe_thinker': (c3.Qwen3OmniMoeThinkerConfig, m3.Qwen3OmniMoeThinkerForConditionalGeneration),
    'qwen2_5_omni_thinker': (c25.Qwen2_5OmniThinkerConfig, m25.Qwen2_5OmniThinkerForConditionalGeneration),
  }


def plain(value, depth=0):
  if isinstance(value, dict):
    keep = {k: plain(v, depth + 1) for k, v in value.items() if not (k.startswith(NOISE) and k != 'top_k_experts' and not k.startswith('prefix_dense'))}
    return {k: v for k, v in keep.items() if v is not None or k in ('sliding_window', 'q_lora_rank', 'head_dim')}
  if isinstance(value, (list, tuple)):
    return [plain(v, depth + 1) for v in value]
  return value if isinstance(value, (int, float, str, bool)) and value == value and value not in (float('inf'),) else None


def count(model_type, keys, auto, short=False):
  named = model_type in THINKERS
  config = (THINKERS[model_type][0] if named else CONFIG_MAPPING[model_type])(**keys)
  with torch.device('meta'):
    model = THINKERS[model_type][1](config) if named else auto.from_config(config)
  model.tie_weights()
  buffers = sum(b.numel() for name, b in model.named_buffers() if name.endswith(BUFFERS))
  parts = ('language_model', 'lm_head') if model_type in TEXT_ALONE else ('',)
  total = sum(p.numel() for name, p in model.named_parameters() if any(part in name for part in parts))
  described = {**(keys if short else plain(config.to_dict())), 'model_type': model_type}
  return {'transformers': transformers.__version__, 'total': total, 'buffers': buffers, 'config': described}


def main():
  path = Path(__file__).with_suffix('.json')
  rows = json.loads(path.read_text()) if path.exists() else []
  rows = [row for row in rows if row['transformers'] != transformers.__version__]
  if transformers.__version__ == '5.24.0':
    cases, towers = [(t, keys, AutoModelForCausalLM) for t, keys in NEWEST], NEWEST_TOWERS
  else:
    cases, towers = usual()
  newest = transformers.__version__ == '5.24.0'
  short = [(t, keys, AutoModelForImageTextToText, True) for t, keys in SHORT] if newest else []
  short += [(t, keys, transformers.AutoModelForMultimodalLM) for t, keys in HEARING] if newest else []
  for model_type, keys, auto, *given in cases + [(t, keys, AutoModelForImageTextToText) for t, keys in towers] + short:
    try:
      rows.append(count(model_type, keys, auto, *given))
    except Exception as e:  # a type this version lacks, or one it cannot build on the meta device
      print(f'{model_type}: {type(e).__name__} {str(e)[:100]}', file=sys.stderr)
  rows.sort(key=lambda row: row['transformers'])
  path.write_text('[\n' + ',\n'.join(json.dumps(row, separators=(',', ':')) for row in rows) + '\n]\n')
  print(len(rows))


def usual():
  cases = [(t, keys, AutoModelForCausalLM) for t, many in C.items() for keys in many]
  if NEW:
    cases += [(t, keys, AutoModelForCausalLM) for t, keys in LATER]
  return cases, TOWERS + LATER_TOWERS if NEW else TOWERS


main()
