/**
 * Training with Hugging Face's stack: `accelerate launch` (huggingface.co/docs/accelerate/package_reference/cli) over TRL's sft.py
 * (huggingface.co/docs/trl/sft_trainer; its arguments are those of SFTConfig, TrainingArguments and ModelConfig), with an FSDP configuration
 * (huggingface.co/docs/accelerate/usage_guides/fsdp) or a DeepSpeed one (deepspeed.ai/docs/config-json).
 */
import { type Recipe, recipeOf } from '../../memory/training/recipe.ts'
import {
  beyondOne,
  commandLine,
  type Flags,
  type LaunchCommand,
  machinesOf,
  modelName,
  type Setup,
  torchType,
} from './command.ts'
import { trainingNotes } from './trl-notes.ts'

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
  'galore-8bit': 'galore_adamw_8bit',
  apollo: 'apollo_adamw',
  ademamix: 'ademamix',
  'ademamix-8bit': 'ademamix_8bit',
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
  const command = commandLine(['accelerate', 'launch'], launcher.flags)
  const script = commandLine(['sft.py'], {
    '--model_name_or_path': name,
    ...numberFormats(setup, recipe),
    '--attn_implementation': { eager: 'eager', sdpa: 'sdpa', flash: 'flash_attention_2' }[recipe.attention],
    '--max_length': scenario.sequence,
    '--per_device_train_batch_size': scenario.batch,
    '--gradient_accumulation_steps': training.gradientAccumulation,
    '--gradient_checkpointing': String(recipe.checkpointing !== 'none' && !launcher.checkpoints),
    '--activation_offloading':
      recipe.checkpointing === 'offloaded' || training.offload.includes('activations') ? 'true' : null,
    '--optim': optimizer,
    '--optim_target_modules': /^(galore|apollo)/.test(training.optimizer) ? 'all-linear' : null,
    '--use_liger_kernel': training.loss === 'fused' || training.fusedLoss ? 'true' : null,
    '--torch_compile': training.compile ? 'true' : null,
    ...adapterFlags(setup),
  })
  return {
    tool: 'Accelerate and TRL',
    command: `${command} \\\n  ${script}`,
    files: launcher.files,
    notes: [...launcher.notes, ...notes, ...trainingNotes(setup, recipe, optimizer !== undefined)],
  }
}

/**
 * Types of the weights and of autocast. FSDP gathers fp32 weights in 16 bits when told bf16; DeepSpeed’s engine has to be told what its file says.
 */
function numberFormats({ resolved: { scenario } }: Setup, recipe: Recipe): Flags {
  const { compute } = scenario.precision
  const fp32 = recipe.autocast || (recipe.parameterBytes === 4 && scenario.task === 'full')
  const mixed = recipe.underAutocast || recipe.wrapper === 'deepspeed' || fp32
  return {
    '--dtype': torchType(fp32 ? 'fp32' : compute),
    '--bf16': String(mixed && compute === 'bf16'),
    '--fp16': String(mixed && compute === 'fp16'),
    '--tf32': compute === 'tf32' ? 'true' : null,
  }
}

function adapterFlags({ resolved: { scenario }, weights, layout }: Setup): Flags {
  const { lora, task, precision } = scenario
  if (task !== 'lora' && task !== 'qlora') return {}
  const base = task === 'qlora' ? weights : ''
  const fourBit = /^(nf4|fp4)/.exec(base)?.[0]
  return {
    '--use_peft': 'true',
    '--lora_r': lora.rank,
    '--lora_alpha': Number.isInteger(lora.alpha) ? lora.alpha : null,
    '--lora_dropout': lora.dropout,
    '--lora_target_modules': lora.targets,
    '--lora_modules_to_save': lora.modulesToSave.length > 0 ? lora.modulesToSave : null,
    '--use_rslora': lora.rslora ? 'true' : null,
    '--use_dora': lora.dora ? 'true' : null,
    '--load_in_4bit': fourBit ? 'true' : null,
    '--bnb_4bit_quant_type': fourBit,
    '--use_bnb_nested_quant': base.endsWith('-dq') ? 'true' : null,
    // Shards are cut from one flat type.
    '--bnb_4bit_quant_storage': fourBit && layout.zero === 3 ? torchType(precision.compute) : null,
    '--load_in_8bit': base === 'llm.int8' ? 'true' : null,
  }
}

/** All processes, and over how many machines they are. */
function processes(count: number): { flags: Flags; notes: string[] } {
  const machines = machinesOf(count)
  const notes =
    machines > 1
      ? [
          `Run it on ${machines} machines, each with its own --machine_rank and the first one’s --main_process_ip and --main_process_port.`,
        ]
      : []
  return { flags: { '--num_processes': count, '--num_machines': beyondOne(machines) }, notes }
}

function plain({ resolved: { scenario } }: Setup): Launcher {
  const { count } = scenario.hardware
  const { flags, notes } = processes(count)
  return { flags: { ...flags, '--multi_gpu': count > 1 }, files: [], notes, checkpoints: false }
}
function fsdp({ resolved: { scenario }, layout }: Setup, { checkpointing }: Recipe): Launcher {
  const checkpoints = checkpointing === 'full'
  const { offload } = scenario.training
  const { count } = scenario.hardware
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
    ...mesh(layout),
    'machine_rank: 0',
    `num_machines: ${machinesOf(count)}`,
    `num_processes: ${count}`,
    '',
  ].join('\n')
  const notes = [
    ...processes(count).notes,
    ...(layout.zero === 1 ? ['FSDP has no stage 1: it shards gradients too.'] : []),
    ...(['optimizer', 'gradients'].some(
      (part) => offload.includes(part as 'optimizer') !== offload.includes('parameters'),
    )
      ? ['FSDP offloads parameters, gradients and optimizer together or not at all.']
      : []),
  ]
  return { flags: { '--config_file': 'fsdp.yaml' }, files: [{ name: 'fsdp.yaml', text }], notes, checkpoints }
}

/** Hybrid sharding and context parallelism, of which the launcher has to know. */
function mesh({ tensor, pipeline, context, data, shards }: Setup['layout']): string[] {
  const group = data * context
  if (tensor * pipeline > 1 || (context === 1 && shards === group) || shards % context !== 0) return []
  return [
    'parallelism_config:',
    `  parallelism_config_dp_replicate_size: ${group / shards}`,
    `  parallelism_config_dp_shard_size: ${shards / context}`,
    `  parallelism_config_cp_size: ${context}`,
  ]
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
  const { flags, notes } = processes(hardware.count)
  return {
    flags: { ...flags, '--use_deepspeed': true, '--deepspeed_config_file': 'deepspeed.json' },
    files: [{ name: 'deepspeed.json', text: `${JSON.stringify(config, null, 2)}\n` }],
    notes,
    checkpoints: false,
  }
}
