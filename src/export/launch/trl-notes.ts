/** What TRL's script or its launcher cannot be told, in sentences. */
import type { Recipe } from '../../memory/training/recipe.ts'
import { type Setup, torchType } from './command.ts'

export function trainingNotes(
  { resolved: { scenario }, layout, weights }: Setup,
  recipe: Recipe,
  optimizer: boolean,
): string[] {
  const { training, lora, task } = scenario
  const sharded = layout.zero > 0 && scenario.hardware.count > 1
  const deepspeed = recipe.wrapper === 'deepspeed'
  const notes: string[] = []
  const say = (when: boolean, note: string) => {
    if (when) notes.push(note)
  }
  say(!optimizer, `transformers has no optimizer called ${training.optimizer}; set it in a script of your own.`)
  say(
    training.loss === 'fused' || training.fusedLoss === true,
    'The fused loss comes with Liger kernels: pip install liger-kernel.',
  )
  say(
    recipe.loss.all > 0,
    'TRL computes the loss by chunks since 1.7, which takes less memory than whole logits: the fused loss estimates that.',
  )
  say(recipe.checkpointing === 'selective', 'transformers recomputes whole layers: selective checkpointing is its own.')
  say(recipe.checkpointing !== 'none' && training.checkpointEvery > 1, 'transformers keeps a checkpoint per layer.')
  say(training.reference, 'SFT has no reference model; trl’s DPOTrainer takes one.')
  say(training.optimizerInBackward, 'The optimizer steps after backward here, which needs more memory.')
  say(
    !sharded && !deepspeed && training.offload.some((part) => part !== 'activations'),
    'Without FSDP or DeepSpeed nothing but activations is offloaded.',
  )
  say(deepspeed && training.masterWeights === false, 'DeepSpeed keeps fp32 master weights.')
  // deepspeed.ai/docs/config-json, “Parameter offloading”, “Optimizer offloading”.
  const offloads = (part: (typeof training.offload)[number]) => training.offload.includes(part)
  say(deepspeed && offloads('parameters') && layout.zero < 3, 'DeepSpeed offloads parameters at stage 3 only.')
  say(deepspeed && offloads('optimizer') && layout.zero === 0, 'DeepSpeed offloads the optimizer from stage 1 on.')
  say(
    deepspeed && offloads('gradients') !== offloads('optimizer'),
    'DeepSpeed offloads gradients and optimizer together or not at all.',
  )
  say(
    layout.tensor * layout.pipeline > 1,
    'Tensor and pipeline parallelism are left out: this launcher shards data-parallel ranks only.',
  )
  say(
    layout.context > 1 && (deepspeed || !sharded || layout.tensor * layout.pipeline > 1),
    'Context parallelism is left out: it needs FSDP.',
  )
  say(layout.context > 1 && recipe.attention !== 'sdpa', 'Context parallelism needs sdpa attention.')
  const quantised = task === 'qlora' && torchType(weights) === null
  say(
    quantised && !/^(nf4|fp4|llm\.int8)/.test(weights),
    `bitsandbytes does not make ${weights}: name a checkpoint that holds it.`,
  )
  say(
    task !== 'full' && !Number.isInteger(lora.alpha),
    'TRL’s --lora_alpha takes whole numbers: it is left out, and costs no memory.',
  )
  notes.push('sft.py is TRL’s trl/scripts/sft.py; add --dataset_name and --output_dir.')
  return notes
}
