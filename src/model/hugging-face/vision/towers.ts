/**
 * Vision towers and what joins them to the language model, by the `model_type` of the whole. Tensors carry the class
 * `vision`; names are short and ours, since no adapter or quantiser of the language model targets them.
 */
import { ayaVision, cohere2Vision } from './cohere.ts'
import { gemma3, gemma3n, gemma4, gemma4Unified, paligemma } from './gemma.ts'
import { glm4v, glmOcr } from './glm.ts'
import { hunyuan4 } from './hunyuan.ts'
import { idefics3 } from './idefics.ts'
import { internvl } from './internvl.ts'
import { kimiK25 } from './kimi.ts'
import { lfm2Vl } from './lfm.ts'
import { llama4, mllama } from './llama.ts'
import { llava, llavaOnevision } from './llava.ts'
import { minimaxM3 } from './minimax.ts'
import type { Tower } from './parts.ts'
import { phi4Multimodal } from './phi.ts'
import { mistral3 } from './pixtral.ts'
import { exaone45, qwen2, qwen3, qwen25 } from './qwen.ts'
import { step3p7 } from './step.ts'

export const TOWERS: Record<string, Tower> = {
  gemma3,
  paligemma,
  idefics3,
  smolvlm: idefics3,
  llava,
  llava_next: llava,
  mistral3,
  llama4,
  qwen2_vl: qwen2,
  qwen2_5_vl: qwen25,
  qwen3_vl: qwen3,
  qwen3_vl_moe: qwen3,
  qwen3_5: qwen3,
  qwen3_5_moe: qwen3,
  gemma4,
  gemma4_unified: gemma4Unified,
  internvl,
  llava_onevision: llavaOnevision,
  cohere2_vision: cohere2Vision,
  lfm2_vl: lfm2Vl,
  glm4v,
  glm46v: glm4v,
  glm4v_moe: glm4v,
  internvl_chat: internvl,
  kimi_k25: kimiK25,
  kimi_vl: kimiK25,
  mllama,
  step3p7,
  minimax_m3_vl: minimaxM3,
  aya_vision: ayaVision,
  qwen3_omni_moe_thinker: qwen3,
  qwen2_5_omni_thinker: qwen25,
  shieldgemma2: gemma3,
  qwen4_exp: qwen3,
  mistral_large4: mistral3,
  gemma3n,
  lighton_ocr: mistral3,
  llava_next_video: llava,
  glmga: glm4v,
  glm_ocr: glmOcr,
  glm5_next: glmOcr,
  exaone4_5: exaone45,
  hy_v4_vl: hunyuan4,
  phi4_multimodal: phi4Multimodal,
}
