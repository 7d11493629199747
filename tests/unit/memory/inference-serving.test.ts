/** What serving runtimes hold beside weights and cache, from their source code and logs. */
import { expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { loaded } from './loaded.ts'

const llama8: ScenarioInput = {
  model: 'meta-llama/Meta-Llama-3-8B',
  runtime: 'vllm',
  precision: { weights: 'bf16' },
  hardware: { gpu: 'A100-SXM-80GB' },
}
const run = (input: Partial<ScenarioInput>) => estimate(resolve(parseScenario({ ...llama8, ...input }), architectureOf))

/** cuBLAS’ workspace before Hopper. */
const workspace = 8_519_680
/**
 * Rows of logits while torch sorts them, 2 + 4 + (4 + 8) + 8 + (4 + 8) B each, and without, 2 + 4 + 4 + 4 B beside Triton’s 132 rows in fp32;
 * hidden states of 2048 tokens.
 */
const sorting = workspace + 256 * 128_256 * 38 + 2048 * 4096 * 2
const sampling = workspace + (256 * 14 + 132 * 4) * 128_256 + 2048 * 4096 * 2
const tables = 8192 * 128 * 2

it('samples 256 rows of gathered logits on every tensor-parallel rank (vllm#10517: 1.26 GiB of activations)', () => {
  const old = { runtimeVersion: '0.16.0' }
  expect(run(old).perGpu.activations).toBe(sorting)
  expect(run({ ...old, hardware: { gpu: 'A100-SXM-80GB', count: 2 } }).perGpu.activations).toBe(sorting)
})

it('sorts no more since 0.17 (vllm#33538: Triton masks logits in place)', () => {
  expect(run({ runtimeVersion: '0.17.0' }).perGpu.activations).toBe(sampling)
  expect(run({ runtimeVersion: '0.25.0' }).perGpu.activations).toBe(sampling)
})

/** Gate and up, their product, input, residual and normed state of 2048 tokens. */
const layerStep = workspace + 2048 * 2 * (3 * 4096 + 3 * 14_336)

// Dense models run on Model Runner V2 since 0.25.1 (vllm#49224), whose sampler copies logits to fp32 and works in place (gpu/sample/sampler.py).
it('samples on Model Runner V2 in 2 + 4 B a logit, so that a layer is wider', () => {
  expect(run({ runtimeVersion: '0.25.1' }).perGpu.activations).toBe(layerStep)
  expect(run({}).perGpu.activations).toBe(layerStep)
  const wide = run({ serving: { maxSequences: 1024 } }).perGpu.activations
  expect(wide).toBe(workspace + 1024 * 128_256 * 6 + 2048 * 4096 * 2)
  const moe = run({ model: 'Qwen/Qwen3-30B-A3B', runtimeVersion: '0.25.1' }).perGpu.activations
  expect(moe).toBe(run({ model: 'Qwen/Qwen3-30B-A3B', runtimeVersion: '0.25.0' }).perGpu.activations)
})

// vllm#49224: profile_cudagraph_memory() returned 0 there; vllm#50159: 6 908 880 tokens of 12 288 B without graphs, 6 900 336 with, on 0.26.0.
it('Model Runner V2 takes nothing off the budget for graphs before 0.26, then 1 MiB each', () => {
  const graphs = (runtimeVersion: string) => {
    const left = (cudaGraphs: boolean | null) => {
      const { perGpu, capacity } = run({
        model: 'Qwen/Qwen2.5-0.5B-Instruct',
        runtimeVersion,
        serving: { cudaGraphs, maxSequences: 256 },
        hardware: { gpu: 'RTX-PRO-6000' },
      })
      return capacity - (perGpu.total - perGpu.kvCache)
    }
    return left(false) - left(null)
  }
  expect(graphs('0.25.1')).toBe(0)
  near(graphs('0.26.0'), (6_908_880 - 6_900_336) * 12_288, 0.16)
})

// A log of vLLM 0.8.5 on a V100 of 31.74 GiB with Qwen2.5 7B in fp16, whose prompts of 32 768 tokens are profiled whole: 4.35 GiB of activations,
// 9.88 GiB for the cache. Compute capability 7.0 fell back to V0 (vllm/engine/arg_utils.py, _is_v1_supported_oracle).
it('runs V0 on GPUs before Ampere until 0.10.2', () => {
  const activations = (gpu: string, runtimeVersion: string) =>
    run({
      model: 'Qwen/Qwen2.5-7B-Instruct',
      runtimeVersion,
      precision: { weights: 'fp16', compute: 'fp16' },
      sequence: 32_768,
      hardware: { gpu },
    }).perGpu.activations
  near(activations('V100-SXM-32GB', '0.8.5'), 4.35 * GIB, 0.06)
  expect(activations('V100-SXM-32GB', '0.10.2')).toBeLessThan(2 * GIB)
  expect(activations('A100-SXM-40GB', '0.8.5')).toBeLessThan(2 * GIB)
})

// A log of vLLM 0.8.5 on four RTX 2080 Ti of 22 GB: "non_torch_memory takes 0.20GiB"; vllm#14447: the same on sixteen RTX 3090.
it.each([
  ['RTX-2080-Ti', 4],
  ['RTX-3090', 16],
])('more GPUs than a bridge joins meet over PCIe: %s ×%d', (gpu, count) => {
  const { perGpu } = run({
    model: 'Qwen/Qwen3-8B',
    runtimeVersion: '0.8.5',
    precision: { weights: 'fp16', compute: 'fp16' },
    hardware: { gpu, count },
    parallelism: { tensor: 4, pipeline: count / 4 },
    serving: { cudaGraphs: false },
  })
  expect(perGpu.communication).toBe(128 * 2 ** 20)
})

// NVIDIA/TensorRT-LLM, docs/source/reference/memory.md: an engine of 6695 MiB, 2^18 B of cache a token, 63.44 GiB for 259 840 tokens of 70.48 GiB that
// are free of 79.10.
it('a TensorRT engine keeps 27 B for each logit of a full batch', () => {
  const pool = (runtimeVersion: string) => {
    const { perGpu, capacity } = run({
      model: 'meta-llama/Llama-2-7b-hf',
      runtime: 'tensorrt-llm',
      runtimeVersion,
      precision: { weights: 'fp8', kvCache: 'fp8' },
      hardware: { gpu: 'H100-SXM-80GB' },
      serving: { maxSequences: 256 },
    })
    return capacity - (perGpu.total - perGpu.kvCache)
  }
  near(pool('0.16'), 63.44 * GIB, 0.02)
  near(pool('1.0') - pool('0.16'), 0.9 * (43.29 + 180.3) * 1e6, 0.2)
})

it('leaves sampling to FlashInfer in 0.11.0, no more in 0.11.1 (vllm#26859)', () => {
  const masked = workspace + 256 * 128_256 * 14 + 2048 * 4096 * 2
  expect(run({ runtimeVersion: '0.11.0' }).perGpu.activations).toBe(masked)
  expect(run({ runtimeVersion: '0.11.1' }).perGpu.activations).toBe(sorting)
})

it('holds rotary tables, which "Model loading took" counts, beside the weights: 8192 positions of Llama 3, 10 485 760 of Llama 4', () => {
  expect(run({}).perGpu.weights).toBe(2 * 8_030_261_248)
  expect(loaded(llama8)).toBe(2 * 8_030_261_248 + tables)
  const scout = loaded({
    ...llama8,
    model: 'meta-llama/Llama-4-Scout-17B-16E-Instruct',
    precision: {},
    hardware: { gpu: 'H100-SXM-80GB', count: 4 },
  })
  // llm-d-planner, accuracy/accuracy_report.md (vLLM 0.19, four H100): 4.8 % more than the checkpoint’s quarter, of which the table is 2.5 GiB.
  near(scout, (217_283_587_072 / 4) * 1.05, 0.01)
})

it('samples on the last pipeline stage only', () => {
  const { stages } = run({
    runtimeVersion: '0.25.0',
    hardware: { gpu: 'A100-SXM-80GB', count: 2 },
    parallelism: { pipeline: 2 },
  })
  // The MLP is widest: input, residual and normed state beside gate, up and their product.
  expect(stages?.map(({ activations }) => activations)).toEqual([
    workspace + 2048 * 2 * (3 * 4096 + 3 * 14_336),
    sampling,
  ])
})

// TensorRT-LLM#2683 (0.16, DeepSeek V3 in int4 on 8 GPUs): engine weights of 46 523 MiB a GPU, within 2 %; at 128 · 512 · 128 elements a layer
// the transposed keys, at 163 840 · 64 · 4 B a layer the rotary tables, at 129 280 · 7168 · 2 B the whole embedding.
it('a TensorRT engine leaves MLA’s up-projections in 16 bits and repeats embedding and rotary tables', () => {
  const engine = (runtimeVersion: string) =>
    run({
      model: 'deepseek-ai/DeepSeek-V3',
      runtime: 'tensorrt-llm',
      runtimeVersion,
      precision: { weights: 'int4 weight-only' },
      hardware: { gpu: 'H20-96GB', count: 8 },
    }).perGpu
  const rotary = 61 * 163_840 * 64 * 4
  const upwards = 128 * (192 * 1536 + 256 * 512)
  const transposed = 128 * 128 * 512
  const embedding = 129_280 * 7168 * 2
  const old = engine('0.16')
  const scales = (61 * 2 * 128 * (192 + 256)) / 8
  expect(old.weights - engine('1.0').weights).toBe(
    (61 * (upwards * 1.5 + transposed * 2)) / 8 - scales + (embedding * 7) / 8 + rotary,
  )
  expect(Math.abs(old.weights / (46_523 * 2 ** 20) - 1)).toBeLessThan(0.025)
})

const GIB = 2 ** 30
const near = (found: number, wanted: number, share: number) =>
  expect(Math.abs(found / wanted - 1), `${found} for ${wanted}`).toBeLessThan(share)

// "Model loading took …", which counts the rotary table: myoceane.fr, vllm-a100-gemma-4 (A100, Marlin); llm-d-benchmark,
// config_explorer/empirical-vllm-memory-results.md (H100, Triton); vllm#23278 (Marlin).
it.each([
  ['openai/gpt-oss-20b', 'A100-SXM-80GB', 13.72],
  ['openai/gpt-oss-20b', 'H100-SXM-80GB', 13.47],
  ['openai/gpt-oss-120b', 'A100-SXM-80GB', 65.965],
  ['openai/gpt-oss-120b', 'H100-SXM-80GB', 64.38],
])('vLLM pads the experts of %s for the kernels of %s: %d GiB', (model, gpu, logged) => {
  const { weights } = run({ model, precision: {}, hardware: { gpu } }).perGpu
  near(weights, logged * GIB, 0.004)
})

it('pads each GPU’s share of an expert’s width, and with expert parallelism the whole width', () => {
  const held = (parallelism: ScenarioInput['parallelism']) =>
    run({
      model: 'openai/gpt-oss-20b',
      precision: {},
      hardware: { gpu: 'A100-SXM-80GB', count: 8 },
      parallelism,
    }).perGpu.weights
  // 2880 / 8 = 360 → 384 a GPU, 3072 in all; whole experts 2880 → 2944. 24 layers of 32 experts, 17/32 B each, biases in 2 B.
  const expertBytes = (width: number) =>
    (24 * 32 * ((2 * width * 3072 + 3072 * width) * (17 / 32) + (2 * width + 3072) * 2)) / 8
  expect(held({ tensor: 8 }) - held({ tensor: 8, expert: 8 })).toBe(expertBytes(3072) - expertBytes(2944))
})

// llm-d-planner, accuracy/accuracy_report.md, vLLM 0.19 on H100: memory outside torch, 2.07–2.09 GiB with two GPUs, 2.13–2.21 with four.
it.each([
  ['0.19', 2, 2.08],
  ['0.19', 4, 2.17],
  // Until its NCCL reduced in the switch for two GPUs as well (llm-d-benchmark: Llama 70B in FP8 on two leaves 32.0 GiB).
  ['0.11', 2, 0.66],
])('vLLM %s on %d H100 holds %d GiB outside torch', (runtimeVersion, count, logged) => {
  const { perGpu } = run({ runtimeVersion, hardware: { gpu: 'H100-SXM-80GB', count }, serving: { cudaGraphs: false } })
  const context = 520 * 2 ** 20
  near(perGpu.communication + perGpu.overhead - context, logged * GIB, 0.05)
})

// aisimulate#263: DeepSeek-R1 on 8 H200 at 0.82; vllm#21348: Qwen3-235B in FP8 on 4 H100 at 0.93.
it.each([
  ['deepseek-ai/DeepSeek-R1', 'H200', 8, 0.82, 509_000],
  ['Qwen/Qwen3-235B-A22B-FP8', 'H100-SXM-80GB', 4, 0.93, 367_404],
])(
  'SGLang’s share of %s on %s is of what is left once NCCL is up',
  (model, gpu, count, gpuMemoryUtilization, tokens) => {
    const { maxSequence } = run({
      model,
      runtime: 'sglang',
      precision: {},
      batch: 1,
      hardware: { gpu, count },
      serving: { gpuMemoryUtilization },
    })
    near(maxSequence, tokens, 0.02)
  },
)

// llm-d-planner, accuracy/accuracy_report.md (vLLM 0.19): weights with rotary tables are 6.7 % above the weights of gemma-3-4b, 2.6 % of 12b.
it.each([
  ['google/gemma-3-4b-it', 2560, 0.067],
  ['google/gemma-3-12b-it', 3840, 0.026],
])('the rotary tables of %s are nine times its positions long', (model, hidden, above) => {
  const { perGpu } = run({ model, hardware: { gpu: 'H100-SXM-80GB' } })
  const bytes = 9 * 131_072 * 256 * 2
  near(bytes / perGpu.weights, above, 0.1)
  // 1024 rows of sampled logits and the hidden states of 8192 tokens, with cuBLAS’ workspace of Hopper.
  expect(perGpu.activations).toBe((1024 * 14 + 132 * 4) * 262_208 + 8192 * hidden * 2 + 32 * 2 ** 20)
})

// llm-d-planner, accuracy/accuracy_report.md (vLLM 0.19 on H100): "torch peak memory increase", of which the experts’ workspace is kept while
// logits are sampled: 8 of 2 × 2048 elements a token are 0.5 GiB of Qwen3’s 2.68.
it.each([
  ['Qwen/Qwen3-30B-A3B', 1, 2.68],
  ['Qwen/Qwen1.5-MoE-A2.7B', 1, 2.47],
  ['deepseek-ai/DeepSeek-V2-Lite-Chat', 1, 1.93],
  ['mistralai/Mixtral-8x7B-Instruct-v0.1', 2, 1.21],
  ['openai/gpt-oss-20b', 2, 2.87],
])('vLLM keeps the workspace of the experts of %s on %d H100: %d GiB', (model, count, logged) => {
  const { perGpu } = run({
    model,
    runtimeVersion: '0.19.0',
    precision: {},
    hardware: { gpu: 'H100-SXM-80GB', count },
  })
  near(perGpu.activations, logged * GIB, 0.02)
})

// vllm#14447: DeepSeek-R1 in AWQ on sixteen RTX 3090, "model weights take 21.21GiB", of which W_UK and W_UV are 61 · 128 · 256 · 512 / 16 · 2 B.
it('vLLM and SGLang keep MLA’s up-projection a second time, to multiply with the latent vector', () => {
  const weights = (runtime: 'vllm' | 'sglang', runtimeVersion: string | null) =>
    run({
      model: 'deepseek-ai/DeepSeek-R1',
      runtime,
      runtimeVersion,
      precision: { weights: 'awq' },
      hardware: { gpu: 'RTX-3090', count: 16 },
    }).perGpu.weights
  near(weights('vllm', '0.8.3'), 21.21 * GIB, 0.002)
  expect(weights('vllm', '0.8.3') - weights('vllm', '0.6.6')).toBe((61 * 128 * 256 * 512 * 2) / 16)
})

// A log of vllm/vllm-openai:v0.31.0 with Llama 3.1 8B on an A100 of 79.25 GiB: "Desired GPU memory utilization is (0.92, 72.91 GiB)", 15.26 GiB of
// weights and what is not torch’s, 1.44 GiB of activations with the CUDA graphs that are to be captured, 56.21 GiB left for the cache.
it('vLLM takes CUDA graphs off the budget since 0.21, and 0.92 of the GPU (vllm#38284)', () => {
  const left = (runtimeVersion: string, serving: ScenarioInput['serving'] = {}) => {
    const { perGpu, capacity } = run({ model: 'meta-llama/Llama-3.1-8B', runtimeVersion, serving })
    return capacity - (perGpu.total - perGpu.kvCache)
  }
  near(left('0.31.0'), 56.21 * GIB, 0.01)
  const graphs = left('0.31.0', { cudaGraphs: false }) - left('0.31.0')
  expect(graphs).toBeGreaterThan(0)
  expect(left('0.20.0', { cudaGraphs: false })).toBe(left('0.20.0'))
  // Half as many sequences, a smaller number of sizes to capture.
  const few = left('0.31.0', { maxSequences: 8, cudaGraphs: false }) - left('0.31.0', { maxSequences: 8 })
  expect(few).toBeLessThan(graphs / 4)
})

// 656 B a token: 512 in FP8 with four fp32 scales, 64 in bf16 (mlx-vlm#1284; vllm, mla/flashmla_sparse.py); the indexer's 128 in FP8 with an fp32
// scale beside it, whatever the cache's type (DeepseekV32IndexerCache).
it.each([
  [null, 2 * 576],
  ['fp8', 656],
  ['fp8_ds_mla', 656],
])('DeepSeek’s sparse attention caches in %s %d B and an index of 132 B a token', (kvCache, bytes) => {
  const { perGpu } = run({
    model: 'deepseek-ai/DeepSeek-V3.2',
    precision: { kvCache },
    batch: 1,
    sequence: 64,
    hardware: { gpu: 'H200', count: 8 },
  })
  expect(perGpu.kvCache).toBe(61 * 64 * (bytes + 132))
})

it('refuses that entry for other models, and says what to use', () => {
  expect(() => run({ precision: { kvCache: 'fp8_ds_mla' } })).toThrow(/is for DeepSeek’s sparse attention; use fp8/)
})

// Logs of vLLM 0.20.0 with Qwen3.5 9B at 0.85 of an RTX 5090 and of two: "Available KV cache memory: 6.56 GiB" and 15.06 GiB. The encoder of 1152
// channels sees 65 536 patches of 1536 values, fifteen tensors as wide as its channels at the peak (vllm, qwen2_5_vl.py); queries, keys and values are
// gathered where it is cut.
it.each([
  [1, 6.56],
  [2, 15.06],
])('vLLM profiles Qwen’s vision encoder with its largest image: %d GPUs leave %d GiB', (count, logged) => {
  const { perGpu, capacity } = run({
    model: 'Qwen/Qwen3.5-9B',
    runtimeVersion: '0.20.0',
    sequence: 4096,
    hardware: { gpu: 'RTX-5090', count },
    serving: { gpuMemoryUtilization: 0.85, maxBatchedTokens: 8192 },
  })
  expect(perGpu.activations).toBe(32 * 2 ** 20 + 65_536 * 2 * (15 * 1152 + 1536))
  near(capacity - (perGpu.total - perGpu.kvCache), logged * GIB, 0.025)
})
