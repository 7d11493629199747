/** SGLang's server: docs.sglang.io/advanced_features/server_arguments.html. */
import { beyondOne, commandLine, type LaunchCommand, type Setup, served } from './command.ts'

const server = {
  name: 'SGLang',
  onTheFly: { fp8: 'fp8', nf4: 'bitsandbytes', 'nf4-dq': 'bitsandbytes' },
  cacheTypes: { fp8: 'fp8_e4m3', bf16: 'bf16' },
  context: 'SGLang has it for some models only.',
}

export function sglangServer(setup: Setup): LaunchCommand {
  const { serving, batch, sequence } = setup.resolved.scenario
  const { layout } = setup
  const { model, dtype, quantization, cacheType, notes } = served(setup, server)
  const command = commandLine(['python', '-m', 'sglang.launch_server'], {
    '--model-path': model,
    '--dtype': dtype,
    '--quantization': quantization,
    '--kv-cache-dtype': cacheType,
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
