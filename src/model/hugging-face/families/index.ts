/** Every `model_type` whose rules are known, by name. A type that is not here is refused. */
import type { Families } from '../family.ts'
import { FALCON_FAMILIES } from './falcon.ts'
import { GEMMA_FAMILIES } from './gemma.ts'
import { GPT_FAMILIES } from './gpt.ts'
import { LLAMA_FAMILIES } from './llama.ts'
import { PHI_FAMILIES } from './phi.ts'
import { QWEN_FAMILIES } from './qwen.ts'

export const FAMILIES: Families = {
  ...LLAMA_FAMILIES,
  ...QWEN_FAMILIES,
  ...GEMMA_FAMILIES,
  ...GPT_FAMILIES,
  ...FALCON_FAMILIES,
  ...PHI_FAMILIES,
}
