/** What tensor parallelism leaves on each GPU, worked out by hand from the shapes in the models' config.json files. */
import { expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { importHuggingFaceConfig } from '../../../src/model/hugging-face/import.ts'
import { cuts, elements } from '../../../src/model/tensors.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'

/** Phi-3-medium-4k-instruct with two layers: 40 query heads and 10 key/value heads of 128 in one projection. */
const phi = {
  model_type: 'phi3',
  hidden_size: 5120,
  intermediate_size: 17_920,
  num_hidden_layers: 2,
  num_attention_heads: 40,
  num_key_value_heads: 10,
  vocab_size: 32_064,
  max_position_embeddings: 4096,
  tie_word_embeddings: false,
  rms_norm_eps: 1e-5,
  hidden_act: 'silu',
}

const weightsOn = (count: number) =>
  estimate(
    resolve(
      parseScenario({
        model: phi,
        runtime: 'vllm',
        precision: { weights: 'bf16' },
        hardware: { gpu: 'A100-SXM-80GB', count },
      }),
      architectureOf,
    ),
  ).perGpu.weights

it('a fused projection keeps a whole key/value head on every GPU (vLLM QKVParallelLinear, 20 GPUs and 10 heads)', () => {
  const layer =
    (2 + 1 + 1) * 128 * 5120 + // 40 / 20 query heads, one key and one value head
    5120 * 2 * 128 + // their output
    (2 * 17_920 * 5120) / 20 + // gate and up
    (5120 * 17_920) / 20 +
    2 * 5120 // norms
  const outside = (2 * 32_064 * 5120) / 20 + 5120
  // vLLM pads the vocabulary to a multiple of 64; 32 064 is one, and the model divides by 20 with a remainder in neither table.
  expect(weightsOn(20)).toBe(2 * (2 * layer + Math.ceil(outside)))
})

it('the two cuts of a fused projection are all of it', () => {
  const { kinds } = importHuggingFaceConfig(phi)
  const fused = kinds[0]?.tensors.find((tensor) => tensor.name === 'self_attn.qkv_proj')
  if (!fused) throw new Error('no fused projection')
  expect(cuts(fused)).toEqual([
    { elements: 40 * 128 * 5120, parts: 40 },
    { elements: 2 * 10 * 128 * 5120, parts: 10 },
  ])
  expect(cuts(fused).reduce((sum, cut) => sum + cut.elements, 0)).toBe(elements(fused))
})

it('ExLlama keeps the embedding on the CPU and an MLP’s values of 2048 tokens on the GPU', () => {
  // exllama/model.py: ExLlamaDeviceMap.embed_tokens = "cpu"; temp_state = zeros(max_input_len, intermediate_size) in fp16.
  const on = (runtime: 'exllama' | 'transformers', runtimeVersion: string | null) =>
    estimate(
      resolve(
        parseScenario({
          model: 'huggyllama/llama-7b',
          runtime,
          runtimeVersion,
          sequence: 2048,
          precision: { weights: 'gptq-int4', compute: 'fp16' },
          hardware: { gpu: 'RTX-4090' },
        }),
        architectureOf,
      ),
    ).perGpu
  expect(on('transformers', null).weights - on('exllama', '1.0').weights).toBe(32_000 * 4096 * 2)
  expect(on('exllama', '2.0').weights).toBe(on('exllama', '1.0').weights)
  // The tables of scores, 4 bytes each, are flash attention's in the second version.
  const scores = 32 * 2048 * 2048 * 4
  const rest = on('exllama', '1.0').activations - 2048 * 11_008 * 2 - scores
  expect(rest).toBeGreaterThan(0)
  expect(rest).toBeLessThan(on('exllama', '2.0').activations)
})
