/** `vllm serve`: docs.vllm.ai/en/latest/cli/serve.html, vllm/config/cache.py, vllm/engine/arg_utils.py. */
import { beyondOne, commandLine, type LaunchCommand, modelName, type Setup, torchType } from './command.ts'

/** Schemes vLLM quantises to while loading; others have to be in the checkpoint, which it recognises by itself. */
const onTheFly: Record<string, string> = {
  fp8: 'fp8',
  nf4: 'bitsandbytes',
  'nf4-dq': 'bitsandbytes',
  'llm.int8': 'bitsandbytes',
}

/** `CacheDType` of vllm/config/cache.py. */
const cacheTypes: Record<string, string> = {
  fp8: 'fp8',
  bf16: 'bfloat16',
  fp16: 'float16',
  int8: 'int8_per_token_head',
  int4: 'int4_per_token_head',
}

export function vllmServe(setup: Setup): LaunchCommand {
  const { scenario, architecture } = setup.resolved
  const { serving, precision, batch, sequence } = scenario
  const { layout, weights, cache } = setup
  const { name, notes } = modelName(setup)
  const carried = architecture.quantisation !== null
  const quantised = torchType(weights) === null
  const quantization = quantised && !carried ? onTheFly[weights] : undefined
  if (quantised && !carried && !quantization)
    notes.push(`vLLM loads ${weights} from a checkpoint that holds it: name that one.`)
  if (cache !== null && !cacheTypes[cache]) notes.push(`vLLM has no KV cache of type ${cache}.`)
  if (layout.context > 1) notes.push('Context parallelism is left out: vLLM takes it from the tensor-parallel GPUs.')
  const command = commandLine(['vllm', 'serve', name], {
    '--dtype': torchType(quantised ? precision.compute : weights),
    '--quantization': quantization,
    '--kv-cache-dtype': cache === null ? null : cacheTypes[cache],
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
