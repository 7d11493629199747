/**
 * Training commands written out by hand from huggingface.co/docs/accelerate, huggingface.co/docs/trl, deepspeed.ai/docs/config-json and Megatron-LM's
 * arguments.py, and checked against the argument classes of TRL 1.16, Transformers 5.23, Accelerate 1.15 and DeepSpeed 0.19.8.
 */
import { describe, expect, it } from 'vitest'
import { launch, line, llama } from './launching.ts'

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
      'accelerate launch --num_processes 1 sft.py --model_name_or_path meta-llama/Meta-Llama-3-8B --dtype bfloat16 --bf16 true ' +
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

  it('adapters train under autocast, as their estimate has it; fp32 weights that FSDP gathers in 16 bits too', () => {
    const tuned = { ...llama, runtime: 'transformers' } as const
    expect(line({ ...tuned, task: 'lora' })).toContain('--dtype bfloat16 --bf16 true --fp16 false')
    expect(line({ ...tuned, task: 'full' })).toContain('--dtype bfloat16 --bf16 false --fp16 false')
    const fp32 = { parallelism: { zero: 3 }, precision: { weights: 'fp32', compute: 'bf16' } } as const
    expect(line({ ...tuned, task: 'full', ...fp32 })).toContain('--dtype float32 --bf16 true')
  })

  it('what TRL can be told it is told', () => {
    const tuned = { ...llama, runtime: 'transformers', task: 'lora' } as const
    expect(line({ ...tuned, lora: { modulesToSave: ['embed_tokens', 'lm_head'] } })).toContain(
      '--lora_modules_to_save embed_tokens lm_head',
    )
    expect(line({ ...tuned, training: { compile: true } })).toContain('--torch_compile true')
    expect(line({ ...tuned, training: { offload: ['activations'] } })).toContain('--activation_offloading true')
    // transformers/trainer_optimizer.py: “You need to define `optim_target_modules`”.
    expect(line({ ...tuned, task: 'full', training: { optimizer: 'galore' } })).toContain(
      '--optim galore_adamw --optim_target_modules all-linear',
    )
    expect(line({ ...tuned, task: 'qlora', parallelism: { zero: 3 } })).toContain('--bnb_4bit_quant_storage bfloat16')
    // ModelConfig of TRL 1.16: lora_alpha is an int.
    const half = launch({ ...tuned, lora: { alpha: 0.5 } })
    expect(half?.command).not.toContain('--lora_alpha')
    expect(half?.notes.join()).toContain('whole numbers')
  })

  it('says what DeepSpeed and FSDP offload together or not at this stage (deepspeed.ai/docs/config-json)', () => {
    const notes = (
      runtime: 'deepspeed' | 'transformers',
      zero: number,
      offload: ('parameters' | 'gradients' | 'optimizer')[],
    ) =>
      launch({
        ...llama,
        task: 'full',
        runtime,
        hardware: { gpu: 'H100-SXM-80GB', count: 8 },
        parallelism: { zero },
        training: { offload },
      })?.notes.join()
    expect(notes('deepspeed', 2, ['parameters'])).toContain('parameters at stage 3 only')
    expect(notes('deepspeed', 3, ['parameters'])).not.toContain('stage')
    expect(notes('deepspeed', 0, ['optimizer', 'gradients'])).toContain('from stage 1 on')
    expect(notes('deepspeed', 2, ['gradients'])).toContain('gradients and optimizer together')
    expect(notes('deepspeed', 2, ['gradients', 'optimizer'])).not.toContain('together')
    expect(notes('transformers', 3, ['gradients'])).toContain('together or not at all')
    expect(notes('transformers', 3, ['parameters', 'gradients', 'optimizer'])).not.toContain('together')
  })

  it('several machines, hybrid shards', () => {
    const node = { gpu: 'H100-SXM-80GB', count: 16 }
    const spread = { ...llama, runtime: 'transformers', task: 'full', hardware: node } as const
    expect(line(spread)).toContain('--num_processes 16 --num_machines 2 --multi_gpu')
    expect(launch(spread)?.notes.join()).toContain('--machine_rank')
    const hybrid = launch({ ...spread, parallelism: { zero: 3, shard: 8 } })?.files[0].text
    expect(hybrid).toContain(
      'parallelism_config:\n  parallelism_config_dp_replicate_size: 2\n  parallelism_config_dp_shard_size: 8\n' +
        '  parallelism_config_cp_size: 1\nmachine_rank: 0\nnum_machines: 2\nnum_processes: 16\n',
    )
  })

  it('has none for what another script would run: Unsloth, fsdp_qlora, adapters in Megatron-LM', () => {
    expect(launch({ ...llama, task: 'lora', runtime: 'unsloth' })).toBeNull()
    expect(launch({ ...llama, task: 'qlora', runtime: 'fsdp-qlora' })).toBeNull()
    expect(launch({ ...llama, task: 'lora', runtime: 'megatron' })).toBeNull()
  })

  it('Megatron-LM shards gradients and parameters by its FSDP', () => {
    const found = line({ ...llama, task: 'full', runtime: 'megatron', parallelism: { zero: 3 } })
    // validate_args of arguments.py: “Megatron FSDP only supports fsdp_dtensor checkpoint format”.
    expect(found).toContain(
      '--use-megatron-fsdp --data-parallel-sharding-strategy optim_grads_params --ckpt-format fsdp_dtensor',
    )
  })

  it('Megatron-LM says what validate_args asks for besides', () => {
    const parallel = (sequence: number) =>
      launch({ ...llama, task: 'full', runtime: 'megatron', sequence, parallelism: { context: 2 } })?.notes.join()
    expect(parallel(4096)).toContain('CUDA_DEVICE_MAX_CONNECTIONS=1')
    expect(parallel(4096)).not.toContain('divides')
    expect(parallel(4098)).toContain('that 4 divides')
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
        '--recompute-granularity full --recompute-method uniform --recompute-num-layers 1 --use-flash-attn --optimizer adam --bf16',
    )
  })
})
