/**
 * Servers' commands written out by hand from each tool's documentation: docs.vllm.ai/en/latest/cli/serve.html,
 * docs.sglang.io/advanced_features/server_arguments.html, llama.cpp's tools/server/README.md, TensorRT-LLM's commands/serve.py. What is
 * refused was seen to be by the configuration classes of vLLM 0.33 and SGLang 0.5.23 and the parser of llama.cpp.
 */
import { describe, expect, it } from 'vitest'
import { quote } from '../../../src/export/launch/command.ts'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { formatBytes } from '../../../src/units.ts'
import { launch, line, llama } from './launching.ts'

describe('servers', () => {
  it('vLLM', () => {
    expect(
      line({ ...llama, precision: { kvCache: 'fp8' }, serving: { maxBatchedTokens: 4096, cudaGraphs: false } }),
    ).toBe(
      'vllm serve meta-llama/Meta-Llama-3-8B --dtype bfloat16 --kv-cache-dtype fp8 --max-model-len 16384 --max-num-seqs 8 ' +
        '--max-num-batched-tokens 4096 --gpu-memory-utilization 0.92 --tensor-parallel-size 2 --enforce-eager',
    )
  })

  it('says what the estimate has beyond the sequences that the command lets in', () => {
    const small = { ...llama, batch: 4, sequence: 8192, hardware: { gpu: 'RTX-4090' } }
    const total = (maxSequences: number | null) =>
      estimate(resolve(parseScenario({ ...small, serving: { maxSequences } }), architectureOf)).perGpu.total
    const less = formatBytes(total(null) - total(4))
    expect(launch(small)?.notes.join()).toContain(
      `256 sequences that are let in by default: with 4 as here it takes ${less} less`,
    )
    expect(launch({ ...small, serving: { maxSequences: 4 } })?.notes.join()).not.toContain('by default')
  })

  it('vLLM quantises while loading where it can, and asks for a checkpoint where it cannot', () => {
    // vLLM 0.33's fp8.py: “no longer supports online” quantisation; vllm/config/quantization.py has names of its own for that.
    const quantised = (weights: string) => line({ ...llama, precision: { weights } })
    expect(quantised('fp8')).toContain('--dtype bfloat16 --quantization fp8_per_tensor ')
    expect(quantised('fp8-channel')).toContain('--quantization fp8_per_channel ')
    expect(quantised('fp8-block')).toContain('--quantization fp8_per_block ')
    const awq = launch({ ...llama, precision: { weights: 'awq' } })
    expect(awq?.command).not.toContain('--quantization')
    expect(awq?.notes.join()).toContain('awq-int4')
  })

  it('says what vLLM cannot load: GGUF and bitsandbytes are not in 0.33’s QuantizationMethods', () => {
    for (const weights of ['nf4', 'llm.int8', 'Q4_K_M', 'exl2-4.0']) {
      const found = launch({ ...llama, precision: { weights } })
      expect(found?.command).not.toContain('--quantization')
      expect(found?.notes.join()).toContain('vLLM cannot load')
    }
    expect(launch({ ...llama, precision: { weights: 'Q4_K_M' } })?.notes.join()).toContain('vllm-gguf-plugin')
  })

  it('speaks to an older vLLM in its words (docs.vllm.ai/en/v0.5.5/quantization/fp8.html: --quantization="fp8")', () => {
    const quantised = (weights: string) => line({ ...llama, runtimeVersion: '0.11', precision: { weights } })
    expect(quantised('fp8')).toContain('--quantization fp8 ')
    expect(quantised('nf4')).toContain('--quantization bitsandbytes ')
  })

  it('leaves a cache of the compute type alone, and names another only where the server has it', () => {
    // VllmConfig of 0.33: kv_cache_dtype="float16" is incompatible with dtype="bfloat16".
    const cached = (kvCache: string, compute: 'fp16' | 'bf16', runtime: 'vllm' | 'sglang') =>
      launch({ ...llama, runtime, precision: { kvCache, compute } })
    expect(cached('fp16', 'fp16', 'vllm')?.notes.join()).not.toContain('KV cache')
    expect(cached('fp16', 'fp16', 'sglang')?.notes.join()).not.toContain('KV cache')
    expect(cached('fp16', 'bf16', 'vllm')?.command).not.toContain('--kv-cache-dtype')
    expect(cached('fp16', 'bf16', 'vllm')?.notes.join()).toContain('no KV cache of type fp16')
    expect(cached('bf16', 'fp16', 'sglang')?.command).toContain('--kv-cache-dtype bf16')
  })

  it('says what the server refuses after parsing: lengths, step sizes, machines', () => {
    // ModelConfig, SchedulerConfig and ParallelConfig of vLLM 0.33 refuse each of these.
    const notes = (part: Partial<ScenarioInput>) => launch({ ...llama, sequence: 8192, ...part })?.notes.join()
    expect(notes({ serving: { maxSequences: 8 } })).toBe('')
    expect(notes({ sequence: 16384 })).toContain('VLLM_ALLOW_LONG_MAX_MODEL_LEN=1')
    expect(notes({ serving: { maxBatchedTokens: 4 } })).toContain('fewer batched tokens (4) than sequences (8)')
    expect(notes({ batch: 20_000 })).toContain('fewer batched tokens (8192) than sequences (20000)')
    expect(notes({ hardware: { gpu: 'H100-SXM-80GB', count: 16 } })).toContain('--distributed-executor-backend ray')
    expect(notes({ runtime: 'sglang', hardware: { gpu: 'H100-SXM-80GB', count: 16 } })).toContain('--nnodes 2')
  })

  it('SGLang spreads experts over one group whose attention is data-parallel, and loads bitsandbytes by name', () => {
    const spread = line({
      model: 'deepseek-ai/DeepSeek-V3',
      runtime: 'sglang',
      batch: 8,
      hardware: { gpu: 'H200-SXM-141GB', count: 8 },
      parallelism: { tensor: 2, data: 4, expert: 8 },
    })
    expect(spread).toContain('--max-running-requests 32 ')
    expect(spread).toContain('--tp-size 8 --dp-size 4 --enable-dp-attention --ep-size 8')
    expect(line({ ...llama, runtime: 'sglang', precision: { weights: 'nf4' } })).toContain(
      '--quantization bitsandbytes --load-format bitsandbytes',
    )
  })

  it('serves the checkpoint that was named, though another of its architecture stands in the catalogue', () => {
    expect(line({ ...llama, model: 'mistralai/Mixtral-8x7B-Instruct-v0.1' })).toContain(
      'vllm serve mistralai/Mixtral-8x7B-Instruct-v0.1 ',
    )
    expect(line({ ...llama, model: 'llama 3 8b' })).toContain('vllm serve meta-llama/Meta-Llama-3-8B ')
  })

  it('SGLang wants whole pages in a chunk (validation of 0.5.23)', () => {
    const notes = (blockSize: number) => launch({ ...llama, runtime: 'sglang', serving: { blockSize } })?.notes.join()
    expect(notes(100)).toContain('whole pages of 100')
    expect(notes(64)).not.toContain('whole pages')
  })

  it('SGLang', () => {
    const found = line({
      ...llama,
      runtime: 'sglang',
      precision: { kvCache: 'fp8' },
      serving: { gpuMemoryUtilization: 0.85 },
    })
    expect(found).toMatch(
      /^python -m sglang\.launch_server --model-path meta-llama\/Meta-Llama-3-8B --dtype bfloat16 --kv-cache-dtype fp8_e4m3 --context-length 16384 --max-running-requests 8 --mem-fraction-static 0\.85 --tp-size 2$/,
    )
  })

  it('llama.cpp: one context for all slots, flash attention for a quantised value cache', () => {
    expect(line({ ...llama, runtime: 'llama.cpp', precision: { weights: 'q4_k_m', kvCache: 'K=q8_0,V=q4_0' } })).toBe(
      'llama-server --model Meta-Llama-3-8B-Q4_K_M.gguf --ctx-size 131072 --parallel 8 --n-gpu-layers 999 --cache-type-k q8_0 ' +
        '--cache-type-v q4_0 --flash-attn on --split-mode layer',
    )
    expect(line({ ...llama, runtime: 'llama.cpp', precision: { weights: 'q8_0', kvCache: 'fp16' } })).not.toContain(
      'cache-type',
    )
  })

  it('llama.cpp: tensors and cache split, an fp32 cache, whole windows, and what it refuses', () => {
    const server = (part: Partial<ScenarioInput>) => launch({ ...llama, runtime: 'llama.cpp', ...part })
    // --split-mode row leaves the cache on one GPU (common/arg.cpp).
    expect(server({ parallelism: { tensor: 2 } })?.command).toContain('--split-mode tensor')
    expect(server({ precision: { compute: 'fp32' } })?.command).toContain('--cache-type-k f32')
    expect(server({ serving: { slidingCache: false } })?.command).toContain('--swa-full')
    expect(server({ precision: { weights: 'awq' } })?.notes.join()).toContain('No GGUF file holds awq-int4')
    // GGML_TYPE_BF16, F16 and F32 are what convert_hf_to_gguf.py writes.
    for (const compute of ['bf16', 'fp16', 'fp32', 'tf32'] as const)
      expect(server({ precision: { compute } })?.notes.join()).not.toContain('No GGUF file')
    // LLAMA_MAX_SEQ of src/llama-cparams.h is 256.
    expect(server({ batch: 300 })?.notes.join()).toContain('at most 256 slots')
    expect(server({ batch: 256, sequence: 16_777_216 })?.notes.join()).toContain('2147483647 tokens')
    expect(server({ serving: { attention: 'eager' }, precision: { kvCache: 'q8_0' } })?.notes.join()).toContain(
      'refuses a quantised value cache',
    )
    expect(server({ parallelism: { data: 2 } })?.notes.join()).toContain('2 replicas')
  })

  it('TensorRT-LLM: cache type and block size in the file it reads', () => {
    const found = launch({
      ...llama,
      runtime: 'tensorrt-llm',
      precision: { kvCache: 'fp8' },
      serving: { blockSize: 32 },
    })
    expect(found?.files).toEqual([
      {
        name: 'trtllm.yaml',
        text: 'kv_cache_config:\n  free_gpu_memory_fraction: 0.9\n  dtype: fp8\n  tokens_per_block: 32\n',
      },
    ])
    expect(found?.command.replaceAll(' \\\n  ', ' ')).toMatch(
      /^trtllm-serve meta-llama\/Meta-Llama-3-8B --max_seq_len 16384 --max_batch_size 8 --enable_chunked_prefill --kv_cache_free_gpu_memory_fraction 0\.\d+ --tp_size 2 --extra_llm_api_options trtllm\.yaml$/,
    )
  })

  it('vLLM’s data-parallel ranks share the experts of a mixture: replicas are servers of their own', () => {
    // FusedMoEParallelConfig.make of 0.33: tp_size × dp_size GPUs hold the experts, with expert parallelism or without.
    const mixture = (parallelism: object, count = 8) =>
      launch({
        ...llama,
        model: 'mistralai/Mixtral-8x7B-Instruct-v0.1',
        hardware: { gpu: 'H100-SXM-80GB', count },
        parallelism,
      })
    const replicas = mixture({ tensor: 2, data: 4 })
    expect(replicas?.command).not.toContain('--data-parallel-size')
    expect(replicas?.notes.join()).toContain('4 replicas: run the command once for each')
    const spread = mixture({ tensor: 1, data: 8, expert: 2 })
    expect(spread?.command).toContain('--data-parallel-size 8')
    expect(spread?.notes.join()).toContain('spreads experts over all 8 GPUs')
    expect(mixture({ data: 8, expert: 8 })?.notes.join()).not.toContain('spreads')
    // Replicas that fit one machine each need no word on several.
    expect(mixture({ tensor: 8, data: 2 }, 16)?.notes.join()).not.toContain('several machines')
  })

  it('vLLM’s data-parallel ranks on several machines are told how many belong on each', () => {
    // EngineArgs.create_engine_config of 0.33: data_parallel_size_local is data_parallel_size when nothing is said.
    const found = launch({ ...llama, hardware: { gpu: 'H100-SXM-80GB', count: 16 }, parallelism: { data: 16 } })
    expect(found?.notes.join()).toContain('--data-parallel-backend ray --data-parallel-size-local 8')
  })

  it('says which types and blocks vLLM 0.33 refuses', () => {
    // _FLOAT16_NOT_SUPPORTED_MODELS; FlashAttentionBackend.get_supported_kernel_block_sizes.
    const gemma = { ...llama, model: 'google/gemma-3-27b-it' }
    expect(launch({ ...gemma, precision: { compute: 'fp16' } })?.notes.join()).toContain('refuses float16')
    expect(launch(gemma)?.notes.join()).not.toContain('float16')
    const notes = (blockSize: number) => launch({ ...llama, serving: { blockSize } })?.notes.join()
    expect(notes(100)).toContain('multiples of 16')
    expect(notes(32)).not.toContain('multiples')
  })

  it('SGLang takes no replicas across machines and no experts beside its group (ServerArgs.check_server_args of 0.5.23)', () => {
    const spread = (parallelism: object, count: number) =>
      launch({
        ...llama,
        model: 'deepseek-ai/DeepSeek-V3',
        runtime: 'sglang',
        hardware: { gpu: 'H200-SXM-141GB', count },
        parallelism,
      })
    const replicas = spread({ tensor: 8, data: 2 }, 16)
    expect(replicas?.command).not.toContain('--dp-size')
    expect(replicas?.notes.join()).toContain('2 replicas')
    expect(replicas?.notes.join()).not.toContain('--nnodes')
    expect(spread({ tensor: 4, data: 2 }, 8)?.command).toContain('--tp-size 4 \\\n  --dp-size 2')
    const beside = spread({ tensor: 1, context: 2, expert: 2 }, 2)
    expect(beside?.command).not.toContain('--ep-size')
    expect(beside?.notes.join()).toContain('Expert parallelism is left out')
  })

  it('a GGUF file of a model with no name to speak of is still a file', () => {
    const config = { model_type: 'gpt2', n_embd: 64, n_layer: 2, n_head: 4, vocab_size: 100, n_positions: 64 }
    const command = launch({ ...llama, runtime: 'llama.cpp', model: { ...config, _name_or_path: '--' } })?.command
    expect(command).toContain('--model model-BF16.gguf')
  })

  it('TensorRT-LLM has no flag for the type (commands/serve.py, whose LLM arguments take the checkpoint’s)', () => {
    const notes = (compute: 'fp32' | 'bf16') =>
      launch({ ...llama, runtime: 'tensorrt-llm', precision: { compute } })?.notes.join()
    expect(notes('fp32')).toContain('computes in the checkpoint’s type, bfloat16')
    expect(notes('bf16')).not.toContain('checkpoint’s type')
  })

  it('a model given as a config gets a placeholder, said in a note', () => {
    const config = {
      model_type: 'llama',
      hidden_size: 64,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      intermediate_size: 128,
      vocab_size: 100,
    }
    const found = launch({ model: config, sequence: 128 })
    expect(found?.command).toContain('vllm serve ./model')
    expect(found?.notes.join()).toContain('./model')
  })
})

it('has no command for the article’s rule or a library', () => {
  expect(launch({ ...llama, runtime: 'guide' })).toBeNull()
  expect(launch({ ...llama, runtime: 'transformers' })).toBeNull()
})

it('quotes what a shell would take apart', () => {
  expect(['plain/1.5-b', 'two words', "it's", '$(rm -rf /)', '', 'a;b'].map(quote)).toEqual([
    'plain/1.5-b',
    "'two words'",
    "'it'\\''s'",
    "'$(rm -rf /)'",
    "''",
    "'a;b'",
  ])
})
