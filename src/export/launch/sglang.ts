/** SGLang's server: docs.sglang.io/advanced_features/server_arguments.html. */
import { beyondOne, commandLine, type LaunchCommand, modelName, type Setup, torchType } from './command.ts'

/** Schemes it quantises to while loading. */
const onTheFly: Record<string, string> = { fp8: 'fp8', nf4: 'bitsandbytes', 'nf4-dq': 'bitsandbytes' }

const cacheTypes: Record<string, string> = { fp8: 'fp8_e4m3', bf16: 'bf16' }

export function sglangServer(setup: Setup): LaunchCommand {
  const { scenario, architecture } = setup.resolved
  const { serving, precision, batch, sequence } = scenario
  const { layout, weights, cache } = setup
  const { name, notes } = modelName(setup)
  const carried = architecture.quantisation !== null
  const quantised = torchType(weights) === null
  const quantization = quantised && !carried ? onTheFly[weights] : undefined
  if (quantised && !carried && !quantization)
    notes.push(`SGLang loads ${weights} from a checkpoint that holds it: name that one.`)
  if (cache !== null && !cacheTypes[cache]) notes.push(`SGLang has no KV cache of type ${cache}.`)
  if (layout.context > 1) notes.push('Context parallelism is left out: SGLang has it for some models only.')
  const command = commandLine(['python', '-m', 'sglang.launch_server'], {
    '--model-path': name,
    '--dtype': torchType(quantised ? precision.compute : weights),
    '--quantization': quantization,
    '--kv-cache-dtype': cache === null ? null : cacheTypes[cache],
    '--context-length': sequence,
    '--max-running-requests': serving.maxSequences ?? batch,
    '--chunked-prefill-size': serving.maxBatchedTokens,
    '--page-size': serving.blockSize,
    '--mem-fraction-static': setup.utilization,
    '--tp-size': beyondOne(layout.tensor),
    '--pp-size': beyondOne(layout.pipeline),
    '--dp-size': beyondOne(layout.data),
    '--ep-size': beyondOne(layout.expert),
    '--disable-cuda-graph': serving.cudaGraphs === false,
  })
  return { tool: 'SGLang', command, files: [], notes }
}
