/** `vllm serve`: docs.vllm.ai/en/latest/cli/serve.html, vllm/config/cache.py, vllm/engine/arg_utils.py. */
import { beyondOne, commandLine, type LaunchCommand, type Setup, served } from './command.ts'

const server = {
  name: 'vLLM',
  onTheFly: { fp8: 'fp8', nf4: 'bitsandbytes', 'nf4-dq': 'bitsandbytes', 'llm.int8': 'bitsandbytes' },
  /** `CacheDType` of vllm/config/cache.py. */
  cacheTypes: {
    fp8: 'fp8',
    bf16: 'bfloat16',
    fp16: 'float16',
    int8: 'int8_per_token_head',
    int4: 'int4_per_token_head',
  },
  context: 'vLLM takes it from the tensor-parallel GPUs.',
}

export function vllmServe(setup: Setup): LaunchCommand {
  const { serving, batch, sequence } = setup.resolved.scenario
  const { layout } = setup
  const { model, dtype, quantization, cacheType, notes } = served(setup, server)
  const command = commandLine(['vllm', 'serve', model], {
    '--dtype': dtype,
    '--quantization': quantization,
    '--kv-cache-dtype': cacheType,
    '--max-model-len': sequence,
    '--max-num-seqs': serving.maxSequences ?? batch,
    '--max-num-batched-tokens': serving.maxBatchedTokens,
    '--block-size': serving.blockSize,
    '--gpu-memory-utilization': setup.utilization,
    '--tensor-parallel-size': beyondOne(layout.tensor),
    '--pipeline-parallel-size': beyondOne(layout.pipeline),
    '--data-parallel-size': beyondOne(layout.data),
    '--enable-expert-parallel': layout.expert > 1,
    '--enforce-eager': serving.cudaGraphs === false,
  })
  return { tool: 'vLLM', command, files: [], notes }
}
