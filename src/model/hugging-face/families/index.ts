/** Every `model_type` whose rules are known, by name. A type that is not here is refused. */
import type { Families } from '../family.ts'
import { BERT_FAMILIES } from './bert.ts'
import { BITNET_FAMILIES } from './bitnet.ts'
import { DEEPSEEK_FAMILIES } from './deepseek.ts'
import { DEEPSEEK_V4_FAMILIES } from './deepseek-v4.ts'
import { FALCON_FAMILIES } from './falcon.ts'
import { GEMMA_FAMILIES } from './gemma.ts'
import { GEMMA4_FAMILIES } from './gemma4.ts'
import { GPT_FAMILIES } from './gpt.ts'
import { HYBRID_FAMILIES } from './hybrid.ts'
import { KIMI_FAMILIES } from './kimi.ts'
import { LING_FAMILIES } from './ling.ts'
import { LLAMA_FAMILIES } from './llama.ts'
import { LLAMA4_FAMILIES } from './llama4.ts'
import { MAMBA_FAMILIES } from './mamba.ts'
import { MIMO_FAMILIES } from './mimo.ts'
import { MINIMAX_M3_FAMILIES } from './minimax-m3.ts'
import { MIXTURE_FAMILIES } from './mixtures.ts'
import { MLLAMA_FAMILIES } from './mllama.ts'
import { NEMOTRON_FAMILIES } from './nemotron.ts'
import { NEWEST_HYBRID_FAMILIES } from './newest-hybrid.ts'
import { PHI_FAMILIES } from './phi.ts'
import { PLAIN_FAMILIES } from './plain.ts'
import { QWEN_FAMILIES } from './qwen.ts'
import { QWEN_NEXT_FAMILIES } from './qwen-next.ts'
import { RECENT_FAMILIES } from './recent.ts'
import { RELATED_FAMILIES } from './relatives.ts'
import { STEP_FAMILIES } from './step.ts'
import { WINDOWED_FAMILIES } from './windowed.ts'

export const FAMILIES: Families = {
  ...LLAMA_FAMILIES,
  ...QWEN_FAMILIES,
  ...GEMMA_FAMILIES,
  ...GPT_FAMILIES,
  ...BERT_FAMILIES,
  ...FALCON_FAMILIES,
  ...PHI_FAMILIES,
  ...PLAIN_FAMILIES,
  ...RELATED_FAMILIES,
  ...RECENT_FAMILIES,
  ...MIXTURE_FAMILIES,
  ...DEEPSEEK_FAMILIES,
  ...DEEPSEEK_V4_FAMILIES,
  ...KIMI_FAMILIES,
  ...MAMBA_FAMILIES,
  ...HYBRID_FAMILIES,
  ...NEMOTRON_FAMILIES,
  ...QWEN_NEXT_FAMILIES,
  ...GEMMA4_FAMILIES,
  ...LLAMA4_FAMILIES,
  ...BITNET_FAMILIES,
  ...LING_FAMILIES,
  ...MIMO_FAMILIES,
  ...MINIMAX_M3_FAMILIES,
  ...STEP_FAMILIES,
  ...WINDOWED_FAMILIES,
  ...NEWEST_HYBRID_FAMILIES,
  ...MLLAMA_FAMILIES,
}
