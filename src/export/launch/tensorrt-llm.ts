/** `trtllm-serve`: nvidia.github.io/TensorRT-LLM/commands/trtllm-serve, tensorrt_llm/commands/serve.py, llm_args.py (KvCacheConfig). */
import { beyondOne, commandLine, type LaunchCommand, modelName, type Setup, torchType } from './command.ts'

export function tensorrtServe(setup: Setup): LaunchCommand {
  const { scenario, architecture } = setup.resolved
  const { serving, batch, sequence } = scenario
  const { layout, weights, cache } = setup
  const { name, notes } = modelName(setup)
  if (torchType(weights) === null && architecture.quantisation === null) {
    notes.push(
      `TensorRT-LLM loads ${weights} from a checkpoint that holds it (NVIDIA Model Optimizer makes them): name that one.`,
    )
  }
  const settings = [
    ...(cache === 'fp8' ? ['  dtype: fp8'] : []),
    ...(serving.blockSize === null ? [] : [`  tokens_per_block: ${serving.blockSize}`]),
  ]
  if (cache !== null && cache !== 'fp8')
    notes.push(`The KV cache follows the checkpoint; ${cache} cannot be asked for.`)
  if (layout.data > 1) notes.push(`${layout.data} replicas: run the command once for each, on GPUs of its own.`)
  const files = settings.length > 0 ? [{ name: 'trtllm.yaml', text: `kv_cache_config:\n${settings.join('\n')}\n` }] : []
  const command = commandLine(['trtllm-serve', name], {
    '--max_seq_len': sequence,
    '--max_batch_size': serving.maxSequences ?? batch,
    '--max_num_tokens': serving.maxBatchedTokens,
    '--kv_cache_free_gpu_memory_fraction': setup.utilization,
    '--tp_size': beyondOne(layout.tensor),
    '--pp_size': beyondOne(layout.pipeline),
    '--cp_size': beyondOne(layout.context),
    '--ep_size': beyondOne(layout.expert),
    '--extra_llm_api_options': files[0]?.name,
  })
  return { tool: 'TensorRT-LLM', command, files, notes }
}
