/** Megatron-LM by `torchrun`: github.com/NVIDIA/Megatron-LM/blob/main/megatron/training/arguments.py. */
import { beyondOne, commandLine, type LaunchCommand, type Setup } from './command.ts'

/** GPUs of one machine, as the launcher counts them. */
const PER_NODE = 8

export function torchrunMegatron({ resolved: { scenario }, layout }: Setup): LaunchCommand {
  const { training, parallelism, precision, hardware, batch, sequence } = scenario
  const nodes = Math.ceil(hardware.count / PER_NODE)
  const full = training.checkpointing === 'full'
  const launcher = commandLine(['torchrun'], {
    '--nproc-per-node': Math.min(PER_NODE, hardware.count),
    '--nnodes': beyondOne(nodes),
  })
  const script = commandLine(['pretrain_gpt.py'], {
    '--micro-batch-size': batch,
    '--global-batch-size': batch * layout.data * Math.max(training.gradientAccumulation, parallelism.microBatches ?? 1),
    '--seq-length': sequence,
    '--tensor-model-parallel-size': beyondOne(layout.tensor),
    '--pipeline-model-parallel-size': beyondOne(layout.pipeline),
    '--context-parallel-size': beyondOne(layout.context),
    '--expert-model-parallel-size': beyondOne(layout.expert),
    '--sequence-parallel': parallelism.sequenceParallel ?? layout.tensor > 1,
    '--use-distributed-optimizer': layout.zero > 0,
    '--recompute-granularity': full || training.checkpointing === 'selective' ? training.checkpointing : null,
    '--recompute-method': full ? 'uniform' : null,
    '--recompute-num-layers': full ? training.checkpointEvery : null,
    '--use-flash-attn': training.attention === 'flash' || training.attention === null,
    '--bf16': precision.compute === 'bf16',
    '--fp16': precision.compute === 'fp16',
  })
  const notes = ['Add the model’s sizes, tokenizer and data: Megatron-LM takes them as flags of its own.']
  if (nodes > 1) notes.push(`Run it on ${nodes} machines with --rdzv-backend c10d --rdzv-endpoint <first machine>.`)
  return { tool: 'Megatron-LM', command: `${launcher} \\\n  ${script}`, files: [], notes }
}
