/** Megatron-LM by `torchrun`: github.com/NVIDIA/Megatron-LM/blob/main/megatron/training/arguments.py. */
import { beyondOne, commandLine, type LaunchCommand, machinesOf, type Setup } from './command.ts'

/** `--optimizer`. */
const optimizers: Record<string, string> = { adamw: 'adam', 'sgd-momentum': 'sgd', muon: 'muon' }
/** Megatron-FSDP's strategies by ZeRO stage; stage 1 is the distributed optimizer. */
const strategies: Record<number, string> = { 2: 'optim_grads', 3: 'optim_grads_params' }

export function torchrunMegatron({ resolved: { scenario }, layout }: Setup): LaunchCommand {
  const { training, parallelism, precision, hardware, batch, sequence } = scenario
  const machines = machinesOf(hardware.count)
  const full = training.checkpointing === 'full'
  const optimizer = optimizers[training.optimizer]
  const launcher = commandLine(['torchrun'], {
    '--nproc-per-node': hardware.count / machines,
    '--nnodes': beyondOne(machines),
  })
  const script = commandLine(['pretrain_gpt.py'], {
    '--micro-batch-size': batch,
    '--global-batch-size': batch * layout.data * Math.max(training.gradientAccumulation, parallelism.microBatches ?? 1),
    '--seq-length': sequence,
    '--tensor-model-parallel-size': beyondOne(layout.tensor),
    '--pipeline-model-parallel-size': beyondOne(layout.pipeline),
    '--num-virtual-stages-per-pipeline-rank': layout.pipeline > 1 ? beyondOne(parallelism.interleave) : null,
    '--context-parallel-size': beyondOne(layout.context),
    '--expert-model-parallel-size': beyondOne(layout.expert),
    '--sequence-parallel': layout.tensor > 1 && parallelism.sequenceParallel !== false,
    '--use-distributed-optimizer': layout.zero > 0,
    '--use-megatron-fsdp': layout.zero > 1,
    '--data-parallel-sharding-strategy': strategies[layout.zero],
    // The only format it takes then.
    '--ckpt-format': layout.zero > 1 ? 'fsdp_dtensor' : null,
    '--recompute-granularity': full || training.checkpointing === 'selective' ? training.checkpointing : null,
    '--recompute-method': full ? 'uniform' : null,
    '--recompute-num-layers': full ? training.checkpointEvery : null,
    '--use-flash-attn': training.attention === 'flash' || training.attention === null,
    '--optimizer': optimizer,
    '--optimizer-cpu-offload': training.offload.includes('optimizer'),
    '--bf16': precision.compute === 'bf16',
    '--fp16': precision.compute === 'fp16',
  })
  const notes = ['Add the model’s sizes, tokenizer and data: Megatron-LM takes them as flags of its own.']
  if (!optimizer) notes.push(`Megatron-LM has no optimizer called ${training.optimizer}.`)
  if (training.checkpointing === 'offloaded') notes.push('Megatron-LM keeps checkpoints on the GPU.')
  if (layout.tensor * layout.context > 1 && layout.zero < 2)
    notes.push('Before Blackwell, set CUDA_DEVICE_MAX_CONNECTIONS=1: tensor and context parallelism ask for it.')
  if (layout.context > 1 && sequence % (2 * layout.context) !== 0)
    notes.push(`Megatron-LM wants a sequence length that ${2 * layout.context} divides, for context parallelism.`)
  if (machines > 1)
    notes.push(`Run it on ${machines} machines with --rdzv-backend c10d --rdzv-endpoint <first machine>.`)
  return { tool: 'Megatron-LM', command: `${launcher} \\\n  ${script}`, files: [], notes }
}
