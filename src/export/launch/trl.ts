/**
 * Training with Hugging Face's stack: `accelerate launch` (huggingface.co/docs/accelerate/package_reference/cli) over TRL's sft.py
 * (huggingface.co/docs/trl/sft_trainer; its arguments are those of SFTConfig, TrainingArguments and ModelConfig), with an FSDP configuration
 * (huggingface.co/docs/accelerate/usage_guides/fsdp) or a DeepSpeed one (deepspeed.ai/docs/config-json).
 */
import { type Recipe, recipeOf } from '../../memory/training/recipe.ts'
import { commandLine, type Flags, type LaunchCommand, modelName, type Setup, torchType } from './command.ts'

/** `OptimizerNames` of transformers/training_args.py. */
const optimizers: Record<string, string> = {
  adamw: 'adamw_torch',
  'adamw-8bit': 'adamw_8bit',
  'paged-adamw': 'paged_adamw_32bit',
  'paged-adamw-8bit': 'paged_adamw_8bit',
  'adamw-4bit': 'adamw_torch_4bit',
  adafactor: 'adafactor',
  lion: 'lion_32bit',
  'lion-8bit': 'lion_8bit',
  sgd: 'sgd',
  galore: 'galore_adamw',
}

interface Launcher {
  flags: Flags
  files: LaunchCommand['files']
  notes: string[]
  /** Recomputes activations itself; the script must not do so again. */
  checkpoints: boolean
}

export function trainWithTrl(setup: Setup): LaunchCommand {
  const { scenario } = setup.resolved
  const { training, hardware } = scenario
  const { name, notes } = modelName(setup)
  const recipe = recipeOf(setup.resolved)
  const sharded = setup.layout.zero > 0 && hardware.count > 1
  const launcher = recipe.wrapper === 'deepspeed' ? deepspeed(setup) : sharded ? fsdp(setup, recipe) : plain(setup)
  const optimizer = optimizers[training.optimizer]
  if (!optimizer)
    notes.push(`transformers has no optimizer called ${training.optimizer}; set it in a script of your own.`)
  if (training.loss === 'fused' || training.fusedLoss)
    notes.push('The fused loss comes with Liger kernels: pip install liger-kernel.')
  if (setup.layout.tensor * setup.layout.pipeline * setup.layout.context > 1) {
    notes.push('Tensor, pipeline and context parallelism are left out: this launcher shards data-parallel ranks only.')
  }
  notes.push('sft.py is TRL’s trl/scripts/sft.py; add --dataset_name and --output_dir.')
  const command = commandLine(['accelerate', 'launch'], launcher.flags)
  const script = commandLine(['sft.py'], {
    '--model_name_or_path': name,
    ...numberFormats(setup, recipe),
    '--attn_implementation': { eager: 'eager', sdpa: 'sdpa', flash: 'flash_attention_2' }[recipe.attention],
    '--max_length': scenario.sequence,
    '--per_device_train_batch_size': scenario.batch,
    '--gradient_accumulation_steps': training.gradientAccumulation,
    '--gradient_checkpointing': String(recipe.checkpointing !== 'none' && !launcher.checkpoints),
    '--optim': optimizer,
    '--use_liger_kernel': training.loss === 'fused' || training.fusedLoss ? 'true' : null,
    ...adapterFlags(setup),
  })
  return {
    tool: 'Accelerate and TRL',
    command: `${command} \\\n  ${script}`,
    files: launcher.files,
    notes: [...launcher.notes, ...notes],
  }
}

function numberFormats({ resolved: { scenario } }: Setup, { autocast }: Recipe): Flags {
  const { compute } = scenario.precision
  return {
    '--dtype': torchType(autocast ? 'fp32' : compute),
    '--bf16': String(autocast && compute === 'bf16'),
    '--fp16': String(autocast && compute === 'fp16'),
    '--tf32': compute === 'tf32' ? 'true' : null,
  }
}

function adapterFlags({ resolved: { scenario }, weights }: Setup): Flags {
  const { lora, task } = scenario
  if (task !== 'lora' && task !== 'qlora') return {}
  const base = task === 'qlora' ? weights : ''
  return {
    '--use_peft': 'true',
    '--lora_r': lora.rank,
    '--lora_alpha': lora.alpha,
    '--lora_dropout': lora.dropout,
    '--lora_target_modules': lora.targets,
    '--use_rslora': lora.rslora ? 'true' : null,
    '--use_dora': lora.dora ? 'true' : null,
    '--load_in_4bit': /^(nf4|fp4)/.test(base) ? 'true' : null,
    '--bnb_4bit_quant_type': /^(nf4|fp4)/.exec(base)?.[0],
    '--use_bnb_nested_quant': base.endsWith('-dq') ? 'true' : null,
    '--load_in_8bit': base === 'llm.int8' ? 'true' : null,
  }
}

const plain = ({ resolved: { scenario } }: Setup): Launcher => ({
  flags: { '--num_processes': scenario.hardware.count, '--multi_gpu': scenario.hardware.count > 1 },
  files: [],
  notes: [],
  checkpoints: false,
})

function fsdp({ resolved: { scenario }, layout }: Setup, { checkpointing }: Recipe): Launcher {
  const checkpoints = checkpointing === 'full'
  const { offload } = scenario.training
  const text = [
    'compute_environment: LOCAL_MACHINE',
    'distributed_type: FSDP',
    'fsdp_config:',
    '  fsdp_version: 2',
    `  fsdp_reshard_after_forward: ${layout.zero === 3}`,
    '  fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP',
    `  fsdp_offload_params: ${offload.includes('parameters')}`,
    `  fsdp_activation_checkpointing: ${checkpoints}`,
    '  fsdp_state_dict_type: SHARDED_STATE_DICT',
    'machine_rank: 0',
    'num_machines: 1',
    `num_processes: ${scenario.hardware.count}`,
    '',
  ].join('\n')
  const notes = layout.zero === 1 ? ['FSDP has no stage 1: it shards gradients too.'] : []
  return { flags: { '--config_file': 'fsdp.yaml' }, files: [{ name: 'fsdp.yaml', text }], notes, checkpoints }
}

function deepspeed({ resolved: { scenario }, layout }: Setup): Launcher {
  const { training, precision, hardware, batch } = scenario
  const cpu = { device: 'cpu', pin_memory: true }
  const config = {
    train_micro_batch_size_per_gpu: batch,
    gradient_accumulation_steps: training.gradientAccumulation,
    bf16: { enabled: precision.compute === 'bf16' },
    fp16: { enabled: precision.compute === 'fp16' },
    zero_optimization: {
      stage: layout.zero,
      ...(training.offload.includes('optimizer') ? { offload_optimizer: cpu } : {}),
      ...(training.offload.includes('parameters') ? { offload_param: cpu } : {}),
    },
  }
  return {
    flags: { '--num_processes': hardware.count, '--use_deepspeed': true, '--deepspeed_config_file': 'deepspeed.json' },
    files: [{ name: 'deepspeed.json', text: `${JSON.stringify(config, null, 2)}\n` }],
    notes: [],
    checkpoints: false,
  }
}
