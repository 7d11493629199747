/** Sarvam 30B and 105B: GLM-4.5 and DeepSeek-V3 under their own names. */
import type { Families } from '../family.ts'
import { CORRECTION, latentDecoder } from './deepseek.ts'
import { GLM_FAMILIES } from './glm.ts'

export const SARVAM_FAMILIES: Families = {
  sarvam_moe: (config) => {
    if (config.has('use_qkv_bias')) config.only('use_qkv_bias', false)
    return GLM_FAMILIES.glm4_moe!(config.withDefaults('transformers for sarvam_moe', { use_qk_norm: true }))
  },
  sarvam_mla: (config) => latentDecoder(config.ignore('q_head_dim'), CORRECTION),
}
