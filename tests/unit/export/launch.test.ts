/**
 * Commands written out by hand from each tool's documentation: docs.vllm.ai/en/latest/cli/serve.html,
 * docs.sglang.io/advanced_features/server_arguments.html, llama.cpp's tools/server/README.md, TensorRT-LLM's commands/serve.py,
 * huggingface.co/docs/accelerate, huggingface.co/docs/trl, deepspeed.ai/docs/config-json, Megatron-LM's arguments.py. Flag names were looked
 * up in vLLM's, SGLang 0.5.23's, TRL 1.16's, Transformers 5.23's and Accelerate 1.15's argument classes.
 */
import { describe, expect, it } from 'vitest'
import { quote } from '../../../src/export/launch/command.ts'
import { launchCommand } from '../../../src/export/launch/index.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

function launch(scenario: ScenarioInput) {
  const resolved = resolve(parseScenario(scenario), architectureOf)
  return launchCommand(resolved)
}
/** A command as its words, lines joined. */
const line = (scenario: ScenarioInput) => launch(scenario)?.command.replaceAll(' \\\n  ', ' ')

const llama: ScenarioInput = {
  model: 'meta-llama/Meta-Llama-3-8B',
  batch: 8,
  sequence: 16384,
  hardware: { gpu: 'H100-SXM-80GB', count: 2 },
}

describe('servers', () => {
  it('vLLM', () => {
    expect(
      line({ ...llama, precision: { kvCache: 'fp8' }, serving: { maxBatchedTokens: 4096, cudaGraphs: false } }),
    ).toBe(
      'vllm serve meta-llama/Meta-Llama-3-8B --dtype bfloat16 --kv-cache-dtype fp8 --max-model-len 16384 --max-num-seqs 8 ' +
        '--max-num-batched-tokens 4096 --gpu-memory-utilization 0.9 --tensor-parallel-size 2 --enforce-eager',
    )
  })

  it('vLLM quantises while loading where it can, and asks for a checkpoint where it cannot', () => {
    expect(line({ ...llama, precision: { weights: 'fp8' } })).toContain('--dtype bfloat16 --quantization fp8')
    const awq = launch({ ...llama, precision: { weights: 'awq' } })
    expect(awq?.command).not.toContain('--quantization')
    expect(awq?.notes.join()).toContain('awq-int4')
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

  it('TensorRT-LLM: cache type and block size in the file it reads', () => {
    const found = launch({
      ...llama,
      runtime: 'tensorrt-llm',
      precision: { kvCache: 'fp8' },
      serving: { blockSize: 32 },
    })
    expect(found?.files).toEqual([
      { name: 'trtllm.yaml', text: 'kv_cache_config:\n  dtype: fp8\n  tokens_per_block: 32\n' },
    ])
    expect(found?.command.replaceAll(' \\\n  ', ' ')).toMatch(
      /^trtllm-serve meta-llama\/Meta-Llama-3-8B --max_seq_len 16384 --max_batch_size 8 --kv_cache_free_gpu_memory_fraction 0\.\d+ --tp_size 2 --extra_llm_api_options trtllm\.yaml$/,
    )
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

describe('trainers', () => {
  it('QLoRA on one GPU', () => {
    expect(
      line({
        model: 'meta-llama/Meta-Llama-3-8B',
        task: 'qlora',
        runtime: 'peft',
        batch: 4,
        sequence: 2048,
        precision: { weights: 'nf4-dq' },
        training: { optimizer: 'paged-adamw-8bit', checkpointing: 'full', attention: 'flash', gradientAccumulation: 4 },
        lora: { rank: 16, alpha: 32, targets: ['q_proj', 'v_proj'] },
      }),
    ).toBe(
      'accelerate launch --num_processes 1 sft.py --model_name_or_path meta-llama/Meta-Llama-3-8B --dtype bfloat16 --bf16 false ' +
        '--fp16 false --attn_implementation flash_attention_2 --max_length 2048 --per_device_train_batch_size 4 ' +
        '--gradient_accumulation_steps 4 --gradient_checkpointing true --optim paged_adamw_8bit --use_peft true --lora_r 16 ' +
        '--lora_alpha 32 --lora_dropout 0 --lora_target_modules q_proj v_proj --load_in_4bit true --bnb_4bit_quant_type nf4 ' +
        '--use_bnb_nested_quant true',
    )
  })

  it('full fine-tuning with FSDP, which recomputes activations itself', () => {
    const found = launch({
      ...llama,
      task: 'full',
      runtime: 'transformers',
      hardware: { gpu: 'H100-SXM-80GB', count: 8 },
      parallelism: { zero: 3 },
      training: { checkpointing: 'full', offload: ['parameters'] },
    })
    expect(found?.command).toContain('accelerate launch \\\n  --config_file fsdp.yaml')
    expect(found?.command).toContain('--gradient_checkpointing false')
    expect(found?.files[0].text).toBe(
      [
        'compute_environment: LOCAL_MACHINE',
        'distributed_type: FSDP',
        'fsdp_config:',
        '  fsdp_version: 2',
        '  fsdp_reshard_after_forward: true',
        '  fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP',
        '  fsdp_offload_params: true',
        '  fsdp_activation_checkpointing: true',
        '  fsdp_state_dict_type: SHARDED_STATE_DICT',
        'machine_rank: 0',
        'num_machines: 1',
        'num_processes: 8',
        '',
      ].join('\n'),
    )
  })

  it('DeepSpeed with its stage, micro-batch and offloading', () => {
    const found = launch({
      ...llama,
      task: 'full',
      runtime: 'deepspeed',
      parallelism: { zero: 2 },
      training: { gradientAccumulation: 2, offload: ['optimizer'] },
    })
    expect(found?.command).toContain('--use_deepspeed \\\n  --deepspeed_config_file deepspeed.json')
    expect(JSON.parse(found?.files[0].text ?? '')).toEqual({
      train_micro_batch_size_per_gpu: 8,
      gradient_accumulation_steps: 2,
      bf16: { enabled: true },
      fp16: { enabled: false },
      zero_optimization: { stage: 2, offload_optimizer: { device: 'cpu', pin_memory: true } },
    })
  })

  it('Megatron-LM', () => {
    const degrees = { tensor: 8, pipeline: 2, sequenceParallel: true, zero: 1 }
    expect(
      line({
        ...llama,
        task: 'full',
        runtime: 'megatron',
        batch: 1,
        hardware: { gpu: 'H100-SXM-80GB', count: 32 },
        parallelism: degrees,
        training: { checkpointing: 'full', gradientAccumulation: 16 },
      }),
    ).toBe(
      'torchrun --nproc-per-node 8 --nnodes 4 pretrain_gpt.py --micro-batch-size 1 --global-batch-size 32 --seq-length 16384 ' +
        '--tensor-model-parallel-size 8 --pipeline-model-parallel-size 2 --sequence-parallel --use-distributed-optimizer ' +
        '--recompute-granularity full --recompute-method uniform --recompute-num-layers 1 --use-flash-attn --bf16',
    )
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
