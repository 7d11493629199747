/**
 * vLLM profiles a vision encoder with the largest image before it profiles the language model. Qwen's take 12.8 or 16.8 million pixels, 65 536 patches
 * that become 16 384 tokens ("Encoder cache will be initialized with a budget of 16384 tokens, and profiled with 1 image items").
 */
import type { Resolved } from '../../scenario/resolve.ts'
import { before } from './version.ts'

const PATCHES = 65_536
const PATCHES_PER_TOKEN = 4

/**
 * Widths alive in a block while queries and keys are rotated in fp32 (vllm/model_executor/models/qwen2_5_vl.py, Qwen2_5_VisionAttention): input, its
 * norm, queries with keys and values (3), queries and keys (2), those in fp32 (4) and rotated (4).
 */
const WIDTHS = 15

/** Bytes at the encoder's peak and of what it returns, which the language model is profiled beside; null where no such image is profiled. */
export function encoderBytes({ scenario, architecture }: Resolved): { peak: number; encoded: number } | null {
  if (scenario.runtime !== 'vllm' || before(scenario, 0, 8) || !architecture.modelType.startsWith('qwen')) return null
  const patches = architecture.outside.find(({ name }) => name === 'vision.patch_embedding')
  if (!patches) return null
  return {
    peak: PATCHES * (WIDTHS * patches.out + patches.in) * 2,
    encoded: (PATCHES / PATCHES_PER_TOKEN) * architecture.hiddenSize * 2,
  }
}
