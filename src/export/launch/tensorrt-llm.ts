/** `trtllm-serve`: nvidia.github.io/TensorRT-LLM/commands/trtllm-serve, tensorrt_llm/commands/serve.py, llm_args.py (KvCacheConfig) of 1.2. */
import { servingDefaults } from '../../memory/inference/runtimes.ts'
import {
  beyondOne,
  commandLine,
  expertsIn,
  foreign,
  type LaunchCommand,
  type Setup,
  served,
  spreads,
  torchType,
} from './command.ts'

const server = {
  name: 'TensorRT-LLM',
  onTheFly: {},
  unknown: foreign,
  /** `dtype` of its `kv_cache_config`. */
  cacheTypes: { fp8: 'fp8' },
  context: 'TensorRT-LLM has it for some models only.',
  longer: null,
  across: (machines: number) => `run it under mpirun or Slurm with trtllm-llmapi-launch, on ${machines} nodes.`,
}

export function tensorrtServe(setup: Setup): LaunchCommand {
  const { scenario, architecture, gpu } = setup.resolved
  const { serving, batch, sequence } = scenario
  const { layout } = setup
  const mixed = spreads(setup)
  const { model, dtype, cacheType, notes } = served(setup, server, mixed ? 1 : layout.data)
  const group = layout.tensor * (mixed ? layout.data : 1)
  const expert = expertsIn(group, layout.expert, server.name, notes)
  const stored = torchType(architecture.dtype)
  if (stored !== null && dtype !== stored)
    notes.push(`It computes in the checkpoint’s type, ${stored}: trtllm-serve has no flag for ${dtype}.`)
  if (mixed && layout.tensor > 1)
    notes.push('Its data-parallel attention is over all GPUs; tensor parallelism is left out.')
  const cache = [
    ...(cacheType ? [`  dtype: ${cacheType}`] : []),
    ...(serving.blockSize === null ? [] : [`  tokens_per_block: ${serving.blockSize}`]),
  ]
  const settings = [
    // The file's section replaces what flags said of the cache.
    ...(cache.length > 0 ? ['kv_cache_config:', `  free_gpu_memory_fraction: ${setup.utilization}`, ...cache] : []),
    ...(serving.cudaGraphs === false ? ['cuda_graph_config: null'] : []),
    ...(mixed ? ['enable_attention_dp: true'] : []),
  ]
  const files = settings.length > 0 ? [{ name: 'trtllm.yaml', text: `${settings.join('\n')}\n` }] : []
  const command = commandLine(['trtllm-serve', model], {
    '--max_seq_len': sequence,
    '--max_batch_size': serving.maxSequences ?? batch,
    '--max_num_tokens': serving.maxBatchedTokens,
    // Without it a prompt has to fit into one step.
    '--enable_chunked_prefill':
      sequence > (serving.maxBatchedTokens ?? servingDefaults(setup.resolved).maxBatchedTokens(gpu)),
    '--kv_cache_free_gpu_memory_fraction': setup.utilization,
    '--tp_size': beyondOne(group),
    '--pp_size': beyondOne(layout.pipeline),
    '--ep_size': expert,
    '--extra_llm_api_options': files[0]?.name,
  })
  return { tool: 'TensorRT-LLM', command, files, notes }
}
