"""Mixture of experts under fake tensors: which tokens an expert gets is data, and there is none.

Routing is taken as perfectly balanced: every expert is hit and gets tokens x top-k / experts (rounded up).
"""
EXPERTS = ('num_local_experts', 'num_experts', 'n_routed_experts', 'moe_num_experts')
CHOSEN = ('num_experts_per_tok', 'num_experts_per_token', 'top_k_experts', 'moe_k', 'moe_topk')


def first(values, names, otherwise):
  for name in names:
    value = values.get(name)
    if isinstance(value, list):
      value = value[0]
    if isinstance(value, int) and value > 0:
      return value
  return otherwise


def routing_of(text):
  """(experts, experts per token); (1, 1) for a dense model."""
  parts = {**text, **(text.get('ffn_config') or {})}
  experts = first(parts, EXPERTS, 1)
  return experts, first(parts, CHOSEN, 1)
