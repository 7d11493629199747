/** SGLang's server: docs.sglang.io/advanced_features/server_arguments.html; sglang/srt/arg_groups of 0.5.23. */
import { servingDefaults } from '../../memory/inference/runtimes.ts'
import {
  beyondOne,
  commandLine,
  expertsIn,
  type LaunchCommand,
  machinesOf,
  type Setup,
  served,
  spreads,
  strange,
} from './command.ts'

const server = {
  name: 'SGLang',
  onTheFly: { fp8: 'fp8', mxfp8: 'mxfp8', nf4: 'bitsandbytes', 'nf4-dq': 'bitsandbytes' },
  unknown: strange,
  cacheTypes: { fp8: 'fp8_e4m3', fp8_ds_mla: 'fp8_e4m3', bf16: 'bf16', nvfp4: 'nvfp4' },
  context: 'SGLang takes it from the tensor-parallel GPUs, for some models.',
  longer: 'SGLANG_ALLOW_OVERWRITE_LONGER_CONTEXT_LEN=1',
  across: (machines: number) =>
    `run it on each with --nnodes ${machines}, its own --node-rank and --dist-init-addr <first machine>:<port>.`,
}

export function sglangServer(setup: Setup): LaunchCommand {
  const { scenario, gpu } = setup.resolved
  const { serving, batch, sequence } = scenario
  const { layout } = setup
  // Experts are spread over ranks of one tensor-parallel group, of which attention may be data-parallel.
  const mixed = spreads(setup)
  // “multi-node data-parallel replicas are not supported” (arg_groups/validation_hook.py).
  const replicas = !mixed && machinesOf(scenario.hardware.count) > 1 ? layout.data : 1
  const { model, dtype, quantization, cacheType, notes } = served(setup, server, replicas)
  const group = layout.tensor * (mixed ? layout.data : 1)
  const expert = expertsIn(group, layout.expert, server.name, notes)
  const chunk = serving.maxBatchedTokens ?? servingDefaults(setup.resolved).maxBatchedTokens(gpu)
  if (serving.blockSize !== null && chunk % serving.blockSize !== 0)
    notes.push(`SGLang’s chunks of ${chunk} tokens have to be whole pages of ${serving.blockSize}.`)
  const command = commandLine(['python', '-m', 'sglang.launch_server'], {
    '--model-path': model,
    '--dtype': dtype,
    '--quantization': quantization,
    '--load-format': quantization === 'bitsandbytes' ? 'bitsandbytes' : null,
    '--kv-cache-dtype': cacheType,
    '--context-length': sequence,
    // Shared out among the ranks of data-parallel attention; of replicas each has its own.
    '--max-running-requests': (serving.maxSequences ?? batch) * (mixed ? layout.data : 1),
    '--chunked-prefill-size': serving.maxBatchedTokens,
    '--page-size': serving.blockSize,
    '--mem-fraction-static': setup.utilization,
    '--tp-size': beyondOne(group),
    '--pp-size': beyondOne(layout.pipeline),
    '--dp-size': beyondOne(layout.data / replicas),
    '--enable-dp-attention': mixed,
    '--ep-size': expert,
    '--disable-cuda-graph': serving.cudaGraphs === false,
  })
  return { tool: 'SGLang', command, files: [], notes }
}
