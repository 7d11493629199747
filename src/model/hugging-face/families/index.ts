/** Every `model_type` whose rules are known, by name. A type that is not here is refused. */
import type { Families } from '../family.ts'
import { ARCEE_FAMILIES } from './arcee.ts'
import { AXK_FAMILIES } from './axk.ts'
import { BERT_FAMILIES } from './bert.ts'
import { BITNET_FAMILIES } from './bitnet.ts'
import { COHERE_FAMILIES } from './cohere.ts'
import { DEEPSEEK_FAMILIES } from './deepseek.ts'
import { DEEPSEEK_V4_FAMILIES } from './deepseek-v4.ts'
import { ERNIE_FAMILIES } from './ernie.ts'
import { EXAONE_FAMILIES } from './exaone.ts'
import { FALCON_FAMILIES } from './falcon.ts'
import { GEMMA_FAMILIES } from './gemma.ts'
import { GEMMA4_FAMILIES } from './gemma4.ts'
import { GLM_FAMILIES } from './glm.ts'
import { GPT_FAMILIES } from './gpt.ts'
import { GRANITE_FAMILIES } from './granite.ts'
import { HUNYUAN_FAMILIES } from './hunyuan.ts'
import { JAMBA_FAMILIES } from './jamba.ts'
import { KIMI_FAMILIES } from './kimi.ts'
import { LAGUNA_FAMILIES } from './laguna.ts'
import { LFM_FAMILIES } from './lfm.ts'
import { LING_FAMILIES } from './ling.ts'
import { LLAMA_FAMILIES } from './llama.ts'
import { LLAMA4_FAMILIES } from './llama4.ts'
import { LONGCAT_FAMILIES } from './longcat.ts'
import { MAMBA_FAMILIES } from './mamba.ts'
import { MIMO_FAMILIES } from './mimo.ts'
import { MINIMAX_FAMILIES } from './minimax.ts'
import { MISTRAL_FAMILIES } from './mistral.ts'
import { MIXTURE_FAMILIES } from './mixtures.ts'
import { MLLAMA_FAMILIES } from './mllama.ts'
import { MUSE_FAMILIES } from './muse.ts'
import { NEMOTRON_FAMILIES } from './nemotron.ts'
import { OLMO_FAMILIES } from './olmo.ts'
import { PHI_FAMILIES } from './phi.ts'
import { PLAIN_FAMILIES } from './plain.ts'
import { QWEN_FAMILIES } from './qwen.ts'
import { QWEN_NEXT_FAMILIES } from './qwen-next.ts'
import { QWEN4_FAMILIES } from './qwen4.ts'
import { SARVAM_FAMILIES } from './sarvam.ts'
import { STEP_FAMILIES } from './step.ts'

export const FAMILIES: Families = {
  ...ARCEE_FAMILIES,
  ...AXK_FAMILIES,
  ...BERT_FAMILIES,
  ...BITNET_FAMILIES,
  ...COHERE_FAMILIES,
  ...DEEPSEEK_V4_FAMILIES,
  ...DEEPSEEK_FAMILIES,
  ...ERNIE_FAMILIES,
  ...EXAONE_FAMILIES,
  ...FALCON_FAMILIES,
  ...GEMMA_FAMILIES,
  ...GEMMA4_FAMILIES,
  ...GLM_FAMILIES,
  ...GPT_FAMILIES,
  ...GRANITE_FAMILIES,
  ...HUNYUAN_FAMILIES,
  ...JAMBA_FAMILIES,
  ...KIMI_FAMILIES,
  ...LAGUNA_FAMILIES,
  ...LFM_FAMILIES,
  ...LING_FAMILIES,
  ...LLAMA_FAMILIES,
  ...LLAMA4_FAMILIES,
  ...LONGCAT_FAMILIES,
  ...MAMBA_FAMILIES,
  ...MIMO_FAMILIES,
  ...MINIMAX_FAMILIES,
  ...MISTRAL_FAMILIES,
  ...MIXTURE_FAMILIES,
  ...MLLAMA_FAMILIES,
  ...MUSE_FAMILIES,
  ...NEMOTRON_FAMILIES,
  ...OLMO_FAMILIES,
  ...PHI_FAMILIES,
  ...PLAIN_FAMILIES,
  ...QWEN_NEXT_FAMILIES,
  ...QWEN_FAMILIES,
  ...QWEN4_FAMILIES,
  ...SARVAM_FAMILIES,
  ...STEP_FAMILIES,
}
